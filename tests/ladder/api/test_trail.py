"""The trail as a resource: each finds what `trail.read_entry` allows."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.trail.models import Entry, record, record_each


def actions(api, **asked):
    response = api.get(f"trail/?{urlencode(asked)}")
    assert response.status_code == 200, response.content
    return {row["action"] for row in response.json()["results"]}


def test_the_auditor_reads_all_hr_no_drafts_and_the_person_their_own(api, case, otto, hana, sam, mara, kit):
    record("person.described", sam, by=hana, about=sam)

    assert {"case.opened", "person.described"} <= actions(api(otto))
    assert "case.opened" not in actions(api(hana))
    assert "person.described" in actions(api(sam))
    assert "case.opened" not in actions(api(sam))
    assert "case.opened" in actions(api(mara))
    assert "person.described" not in actions(api(kit))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"action": "person.described"}, {"person.described"}),
        ({"action": "person.described", "model": "reviews.review"}, set()),
        ({"since": "2999-01-01T00:00:00Z"}, set()),
        ({"until": "2001-01-01T00:00:00Z"}, set()),
        ({"actor": 10**9}, set()),
    ],
)
def test_it_is_searched(api, otto, sam, hana, asked, found):
    record("person.described", sam, by=hana, about=sam)

    assert actions(api(otto), **asked) == found


def test_an_instant_before_the_first_is_refused(api, otto):
    refused = api(otto).get("trail/?since=0001-01-01T00:00:00%2B14:00")

    assert refused.status_code == 400
    assert "since" in refused.json()["errors"]


def test_one_entry_is_read_by_its_identifier(api, otto, sam, mara, kit):
    entry = record("person.described", sam, by=mara, about=sam, fields=["name"])

    said = api(otto).get(f"trail/{entry.public_id}/").json()

    assert (said["number"], said["actor"]["name"], said["about"]["name"]) == (entry.pk, "Mara", "Sam")
    assert (said["details"], said["digest"]) == ({"fields": ["name"]}, entry.digest)
    assert api(kit).get(f"trail/{entry.public_id}/").status_code == 404
    assert api(otto).get(f"trail/{entry.pk}/").status_code == 404


def test_it_is_leafed_through_without_being_counted(api, otto, sam, mara):
    written = [record("person.described", sam, by=mara, about=sam).pk for _number in range(120)]
    client = api(otto)
    path, seen = f"trail/?actor={mara.pk}", []
    with CaptureQueriesContext(connection) as queries:
        while path:
            page = client.get(path).json()
            seen += [row["number"] for row in page["results"]]
            path = page["next"] and page["next"].partition("/api/v1/")[2]

    assert seen == written[::-1]
    assert not any("COUNT(" in query["sql"] for query in queries)
    assert Entry.objects.filter(action="person.described").count() == 120


def test_who_hands_in_by_the_api_is_given_no_digest(api, of_manager, answer_all, points, mara):
    answer_all(of_manager, points.consistent)
    made = api(mara).post(f"assessments/{of_manager.pk}/submission/", {}).json()

    assert set(made) == {"assessment", "round", "at", "revealed"}


def test_all_of_one_instant_are_leafed_through(api, otto, sam, mara):
    """An import adds thousands of entries that came about at once."""
    record_each("person.described", [(sam, sam, {})] * 1_250, by=mara)
    seen, address, client = 0, "trail/?action=person.described&page_size=200", api(otto)
    for _page in range(9):
        body = client.get(address).json()
        seen += len(body["results"])
        address = body["next"] and body["next"].removeprefix("http://testserver")
        if not address:
            break

    assert (seen, address) == (1_250, None)
