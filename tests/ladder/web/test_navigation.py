from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from ladder.web.navigation import ways
from ladder.web.views import IN_THE_WHOLE, organisation_of


def ways_of(person, path="/"):
    request = RequestFactory().get(path)
    request.user = person
    return ways(organisation_of(request), path)


def current(person, path):
    found = ways_of(person, path)
    return [way["label"] for way in found["bar"] + found["admin"] if way["current"]]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "Home"),
        ("/ladder/", "Career framework"),
        ("/competencies/3/", "Career framework"),
        ("/assessments/3/", "Reviews"),
        ("/packets/3/", "Promotions"),
        ("/hearings/3/", None),
        ("/people/chart/3/", None),
        ("/people/3/evidence/", None),
        ("/search/", None),
    ],
)
def test_a_page_is_found_under_its_entry(mara, path, label):
    assert current(mara, path) == ([label] if label else [])


@pytest.mark.parametrize(
    ("path", "label"),
    [("/people/", "People"), ("/people/chart/3/", "Org chart"), ("/packet-exports/3/", "Exports")],
)
def test_the_menu_is_marked_that_holds_the_page(hana, path, label):
    assert current(hana, path) == [label]
    assert ways_of(hana, path)["in_admin"]
    assert not ways_of(hana, "/reviews/")["in_admin"]


def test_each_role_adds_its_own_entries(sam, mara, hana, aude, otto):
    common = ["Home", "Reviews", "Evidence", "Promotions", "Career framework"]
    found = {person.name: ways_of(person) for person in (sam, mara, hana, aude, otto)}
    added = {
        name: [way["label"] for way in of["bar"] if way["label"] not in common] for name, of in found.items()
    }
    admin = {name: [way["label"] for way in of["admin"]] for name, of in found.items()}

    assert added == {
        "Sam": [],
        "Mara": ["Team"],
        "Hana": ["Team"],
        "Aude": ["Frameworks"],
        "Otto": ["Audit log"],
    }
    assert admin == {
        "Sam": [],
        "Mara": [],
        "Hana": ["People", "Org chart", "Cycles", "Committees", "Exports", "Organisation", "Audit log"],
        "Aude": [],
        "Otto": [],
    }


def test_the_bar_has_at_most_seven_entries_for_whoever_may_do_all():
    found = ways(SimpleNamespace(**dict.fromkeys(IN_THE_WHOLE, True)), "/")

    assert len(found["bar"]) + bool(found["admin"]) == 7
    assert [way["label"] for way in found["admin"]] == [
        *("People", "Org chart", "Cycles", "Committees", "Exports", "Frameworks", "Organisation", "Audit log")
    ]
