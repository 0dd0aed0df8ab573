"""The organisation's time zone on its page: a preview, and what was shown is confirmed."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import standing_at
from competencies.people.models import Organisation

ADDRESS, NEW_YORK = "/organisation/time-zone/", "America/New_York"


def shown(client, zone=NEW_YORK):
    """Return the form by which the preview is confirmed, as the page holds it."""
    page = client.get(ADDRESS, {"zone": zone}).content.decode()
    return {"zone": zone, "seen": re.search(r'name="seen"\s+value="(\w+)"', page)[1]}


def test_it_says_that_the_setting_counts_until_one_is_chosen(signed_in, hana):
    client = signed_in(hana)
    assert "LADDER_TIME_ZONE" in client.get(ADDRESS).content.decode()

    Organisation.objects.update(time_zone=NEW_YORK)

    page = client.get(ADDRESS).content.decode()
    assert "LADDER_TIME_ZONE" not in page
    assert f"midnight in {NEW_YORK}" in page


def test_the_preview_says_how_deadlines_read(signed_in, hana, cycle):
    type(cycle).objects.update(
        self_due_at=datetime(2031, 6, 4, 17, tzinfo=UTC), manager_due_at=datetime(2031, 6, 11, 2, tzinfo=UTC)
    )

    page = signed_in(hana).get(ADDRESS, {"zone": NEW_YORK}).content.decode()

    for moment in (
        *("Wed 4 Jun 2031, 17:00", "Wed 4 Jun 2031, 13:00"),
        *("Wed 11 Jun 2031, 02:00", "Tue 10 Jun 2031, 22:00"),
    ):
        assert moment in page


def test_what_was_previewed_is_confirmed(signed_in, hana):
    client = signed_in(hana)

    answer = client.post(ADDRESS, shown(client))

    assert answer.url == "/organisation/"
    assert Organisation.here().time_zone == NEW_YORK
    assert f"{NEW_YORK}." in client.get("/organisation/").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seen": ""}, "check it again"),
        ({"seen": "0" * 64}, "check it again"),
        ({"zone": "Europe/Lisbon"}, "check it again"),
        ({"zone": "Mars/Olympus"}, "valid choice"),
        ({"zone": "UTC"}, "UTC is the time zone already"),
    ],
)
def test_what_was_not_shown_is_refused(signed_in, hana, change, said):
    client = signed_in(hana)

    answer = client.post(ADDRESS, shown(client) | change)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Organisation.here().time_zone == ""


def test_a_refused_one_is_confirmed_by_the_preview_beside_the_refusal(signed_in, hana):
    client = signed_in(hana)
    page = client.post(ADDRESS, shown(client) | {"seen": ""}).content.decode()

    seen = re.search(r'name="seen"\s+value="(\w+)"', page)[1]

    assert client.post(ADDRESS, {"zone": NEW_YORK, "seen": seen}).status_code == 302


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "UTC", "\0", "x" * 3000])
def test_what_is_no_other_zone_has_no_preview(signed_in, hana, zone):
    page = signed_in(hana).get(ADDRESS, {"zone": zone})

    assert page.status_code == 200
    assert page.context["changes"] is None


def test_to_the_west_it_says_until_when_the_day_goes_on(signed_in, hana):
    client = signed_in(hana)
    with standing_at(datetime(2031, 4, 1, 2, tzinfo=UTC)):
        page = " ".join(client.get(ADDRESS, {"zone": NEW_YORK}).content.decode().split())

    assert "It stays Tuesday 1 April." in page
    assert f"midnight in {NEW_YORK}, which is Wed 2 Apr, 04:00 in UTC." in page


def test_to_the_east_it_says_that_the_next_day_begins(signed_in, hana):
    client = signed_in(hana)
    with standing_at(datetime(2031, 3, 31, 13, tzinfo=UTC)):
        page = " ".join(client.get(ADDRESS, {"zone": "Pacific/Auckland"}).content.decode().split())

    assert "Tuesday 1 April begins at once." in page


@pytest.mark.parametrize("name", ["mara", "sam", "aude", "otto"])
def test_it_is_for_hr_alone(signed_in, request, name):
    client = signed_in(request.getfixturevalue(name))

    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"zone": NEW_YORK}).status_code == 404
    assert client.delete(ADDRESS).status_code in (403, 404, 405)


def test_other_methods_are_refused(signed_in, hana):
    assert signed_in(hana).delete(ADDRESS).status_code == 405


def test_it_asks_as_often_for_many_changes_as_for_one(signed_in, hana, sam, stella, leo, kit, cycle):
    client, counts = signed_in(hana), []
    with standing_at(datetime(2031, 3, 31, 13, tzinfo=UTC)):
        client = signed_in(hana)
        for people in ([sam], [stella, leo, kit]):
            for number, person in enumerate(people):
                person.leave(on=datetime(2031, 4, 2 + number, tzinfo=UTC).date(), by=hana)
            with CaptureQueriesContext(connection) as counted:
                client.get(ADDRESS, {"zone": NEW_YORK})
            counts.append(len(counted))

    assert counts[0] == counts[1] <= 16
