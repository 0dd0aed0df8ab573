"""In which zone pages, mails and programs tell times, and that it is read once a request."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.core.clock import now, standing_at, zone
from competencies.people.models import Organisation, Person, Token
from competencies.reviews.models import Cycle

BERLIN, LISBON, KATHMANDU, AUCKLAND = "Europe/Berlin", "Europe/Lisbon", "Asia/Kathmandu", "Pacific/Auckland"


@pytest.fixture
def in_berlin(db):
    Organisation.objects.update(time_zone=BERLIN)


def timezone_of(page):
    return next(
        name for name in (BERLIN, LISBON, KATHMANDU, "UTC") if f"times in {name}" in page.content.decode()
    )


def test_times_are_told_in_the_chosen_zone_else_the_browsers_else_the_organisations(
    in_berlin, signed_in, sam
):
    client = signed_in(sam)
    assert timezone_of(client.get("/account/")) == BERLIN

    client.cookies["zone"] = LISBON
    assert timezone_of(client.get("/account/")) == LISBON

    sam.choose_time_zone(KATHMANDU, by=sam)
    assert timezone_of(client.get("/account/")) == KATHMANDU


@pytest.mark.parametrize("cookie", ["", "Mars/Olympus", "../../etc/passwd", "%00", "x" * 5000])
def test_a_browser_that_names_no_zone_is_asked_no_further(in_berlin, signed_in, sam, cookie):
    client = signed_in(sam)
    client.cookies["zone"] = cookie

    assert timezone_of(client.get("/account/")) == BERLIN


def test_no_zone_of_one_request_is_left_to_the_next(in_berlin, signed_in, sam, mara):
    client = signed_in(sam)
    client.cookies["zone"] = LISBON
    client.get("/account/")

    assert timezone.get_current_timezone_name() == "UTC"
    assert timezone_of(signed_in(mara).get("/account/")) == BERLIN


def test_the_organisations_zone_is_read_with_whoever_asks(in_berlin, signed_in, sam):
    client = signed_in(sam)
    client.get("/evidence/")
    with CaptureQueriesContext(connection) as counted:
        client.get("/evidence/")

    reads = [one["sql"] for one in counted if "zone_since" in one["sql"]]
    assert sum('U0."zone_since"' in sql for sql in reads) == 1  # with the person of the session
    assert all('"people_organisation"."name"' in sql or 'U0."zone_since"' in sql for sql in reads)


def test_a_changed_zone_counts_from_the_next_request(signed_in, sam, hana, noor):
    """Sam reports to Noor from 1 April: in Berlin that has begun, in the settings' UTC it has not."""
    with standing_at(datetime(2031, 3, 31, 10, tzinfo=UTC)):
        sam.report_to(noor, starts_on=datetime(2031, 4, 1, tzinfo=UTC).date(), by=hana)
    client, address = signed_in(noor), f"/people/{sam.pk}/"
    with standing_at(datetime(2031, 3, 31, 22, 30, tzinfo=UTC)):
        assert client.get(address).status_code == 404

        Organisation.objects.update(time_zone=BERLIN)

        assert client.get(address).status_code == 200


def test_deadlines_are_typed_in_the_organisations_zone_whoever_types(in_berlin, signed_in, hana, edition):
    client = signed_in(hana)
    client.cookies["zone"] = KATHMANDU
    day = (now() + timedelta(days=30)).date()

    page = client.get("/cycles/new/").content.decode()
    client.post(
        "/cycles/new/",
        {
            "version": 0, "name": "Winter", "edition": edition.pk, "who": "everyone",
            "self_due_at": f"{day}T18:00", "manager_due_at": f"{day}T18:00",
        },
    )  # fmt: skip

    assert f"Time zone: {BERLIN}." in page
    with timezone.override(BERLIN):
        due = timezone.localtime(Cycle.objects.get(name="Winter").self_due_at)
    assert (due.date(), due.hour) == (day, 18)


def test_programs_are_told_instants_with_the_offset_of_the_organisation(in_berlin, client, sam, cycle):
    sam.choose_time_zone(KATHMANDU, by=sam)
    key = Token.issue(sam, by=None, label="x")[1]
    bearing = {"HTTP_AUTHORIZATION": f"Bearer {key}"}

    me = client.get("/api/v1/me/", **bearing).json()
    assessments = client.get("/api/v1/assessments/", **bearing).json()["results"]

    assert (me["time_zone"], me["organisation_time_zone"]) == (KATHMANDU, BERLIN)
    assert {one["due_at"][-6:] for one in assessments} <= {"+01:00", "+02:00"}
    assert assessments


def test_a_token_of_who_left_by_the_organisations_day_opens_nothing(client, sam):
    key = Token.issue(sam, by=None, label="x", days=366)[1]
    Person.objects.filter(pk=sam.pk).update(leaves_on=(now() + timedelta(days=1)).date())
    noon = now().replace(hour=13)
    with standing_at(noon):
        asked = [client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {key}").status_code]
        Organisation.objects.update(time_zone=AUCKLAND)  # where it is tomorrow
        asked.append(client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {key}").status_code)

    assert asked == [200, 401]


def test_the_zone_of_the_browser_is_kept_for_mails(in_berlin, client, sam):
    client.cookies["zone"] = LISBON
    client.post("/sign-in/", {"login": sam.email, "password": "sam of testing"})

    sam.refresh_from_db()
    assert (sam.browser_time_zone, str(sam.zone)) == (LISBON, LISBON)


def test_a_session_in_use_keeps_another_zone_in_which_it_is_seen(in_berlin, client, sam):
    client.post("/sign-in/", {"login": sam.email, "password": "sam of testing"})
    client.cookies["zone"] = KATHMANDU
    client.get("/account/")
    sam.refresh_from_db()
    assert sam.browser_time_zone == ""

    with standing_at(now() + timedelta(minutes=6)):
        client.get("/account/")

    sam.refresh_from_db()
    assert sam.browser_time_zone == KATHMANDU


def test_probes_ask_the_database_for_no_zone(client, db):
    with CaptureQueriesContext(connection) as counted:
        client.get("/healthz")

    assert not [one for one in counted if "time_zone" in one["sql"]]


def test_the_zone_of_the_settings_counts_where_none_is_chosen(client, db, settings):
    settings.TIME_ZONE = LISBON

    assert str(zone()) == LISBON
