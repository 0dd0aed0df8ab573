import pytest
from django.test import RequestFactory

from ladder.pages.shell.context import ways
from ladder.web.views import organisation_of


def ways_of(person, path):
    request = RequestFactory().get(path)
    request.user = person
    return ways(organisation_of(request), path)


def current(person, path):
    return [way["label"] for way in ways_of(person, path) if way["current"]]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "Home"),
        ("/ladder/", "Ladder"),
        ("/competencies/3/", "Ladder"),
        ("/assessments/3/", "Reviews"),
        ("/packets/3/", "Promotions"),
        ("/hearings/3/", None),
        ("/people/chart/3/", "Org chart"),
        ("/people/3/evidence/", None),
        ("/search/", None),
    ],
)
def test_a_page_is_found_under_its_entry(mara, path, label):
    assert current(mara, path) == ([label] if label else [])


def test_each_role_adds_its_own_entries(sam, mara, hana, aude, otto):
    common = ["Home", "Ladder", "Evidence", "Reviews", "Promotions", "Org chart"]
    added = {
        person.name: [way["label"] for way in ways_of(person, "/") if way["label"] not in common]
        for person in (sam, mara, hana, aude, otto)
    }

    assert added == {
        "Sam": [],
        "Mara": ["Team"],
        "Hana": ["Committees", "People", "Cycles", "Trail"],
        "Aude": ["Editions"],
        "Otto": ["Trail"],
    }
