"""Jobs as programs read them: one's own, with what each is for and why it failed, as far as one may know."""

from datetime import timedelta

import pytest

from competencies.core.clock import now, standing_at
from competencies.personal_data.models import Export
from tests.ladder.api.speaking import told
from tests.ladder.api.test_reading import cost


@pytest.fixture
def copy(sam, hana):
    return Export.order(sam, by=hana)


def test_whoever_ordered_it_is_told_what_it_is_for_and_how_far_it_is(api, hana, sam, copy):
    row = api(hana).get(f"jobs/{copy.job_id}/").json()

    assert row.pop("at") < row.pop("wanted_until")
    assert row == {
        "id": copy.job_id,
        "kind": "record_copy",
        "of": {"title": "Sam", "url": f"/people/{sam.pk}/record/"},
        "state": "waiting",
        "attempts": 0,
        "begun_at": None,
        "ended_at": None,
        "reason": "",
    }


def test_each_state_is_told(api, hana, copy):
    def state():
        return api(hana).get(f"jobs/{copy.job_id}/").json()["state"]

    before, token = state(), copy.job.take(worker="here:1")
    meanwhile = state()
    copy.job.finish(token)

    assert (before, meanwhile, state()) == ("waiting", "at-work", "done")


def test_what_nobody_waits_for_any_more_is_dropped(api, hana, copy):
    client = api(hana)
    with standing_at(now() + Export.WANTED + timedelta(minutes=1)):
        assert client.get(f"jobs/{copy.job_id}/").json()["state"] == "dropped"


def test_why_it_failed_is_told_while_they_may_open_what_it_was_for(api, hana, copy):
    copy.fail("The disk took nothing.")
    client = api(hana)
    row = client.get(f"jobs/{copy.job_id}/").json()
    assert (row["state"], row["reason"]) == ("failed", "The disk took nothing.")

    hana.grants.update(revoked_at=now())
    for row in (client.get(f"jobs/{copy.job_id}/").json(), *client.get("jobs/").json()["results"]):
        assert (row["state"], row["reason"], row["of"]) == ("failed", "", None)


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "otto", "aude", "noor"])
def test_nobody_else_is_told_of_it(api, request, copy, name):
    client = api(request.getfixturevalue(name))

    told(client.get(f"jobs/{copy.job_id}/"), 404, "not-found")
    assert client.get("jobs/").json()["results"] == []


def test_jobs_of_one_kind(api, hana, copy):
    assert [row["id"] for row in api(hana).get("jobs/?kind=record_copy").json()["results"]] == [copy.job_id]
    assert api(hana).get("jobs/?kind=people_import").json()["results"] == []
    told(api(hana).get("jobs/?kind=tea"), 400, "invalid")


def test_the_list_costs_the_same_at_any_length(holding, hana, mara, dora, copy):
    client = holding(hana)
    before, few = cost(client, "jobs/")

    for person in (mara, dora, hana):
        Export.order(person, by=hana)
    after, many = cost(client, "jobs/")

    assert many == few + 3
    assert after == before <= 6
