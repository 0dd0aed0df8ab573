"""The organisation's time zone: who changes it, and that no day comes twice or never."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from competencies.core.clock import calendar_read_once, now, standing_at, today, zone
from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Organisation, Person, ReportingLine
from competencies.people.models.organisation import read_calendar
from competencies.trail.models import Entry

TICK = timedelta(microseconds=1)
EVENING = datetime(2031, 3, 31, 22, 30, tzinfo=UTC)  # past midnight in Berlin, not in Lisbon or New York
BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"
ZONES = (BERLIN, NEW_YORK, AUCKLAND, "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC")


@pytest.fixture(autouse=True)
def as_in_a_request():
    with calendar_read_once():
        yield


@pytest.fixture
def in_berlin(hana):
    with standing_at(datetime(2031, 1, 1, 12, tzinfo=UTC)):
        return Organisation.here().change_time_zone(BERLIN, by=hana)


def test_the_setting_counts_until_one_is_chosen(settings, hana):
    settings.TIME_ZONE = "Asia/Tokyo"
    with calendar_read_once():
        assert str(zone()) == "Asia/Tokyo"

    Organisation.here().change_time_zone(BERLIN, by=hana)

    with calendar_read_once():
        assert str(zone()) == BERLIN


def test_it_counts_at_once_for_whoever_changed_it(in_berlin):
    assert str(zone()) == BERLIN


def test_it_is_on_the_trail_with_both_zones(in_berlin, hana):
    in_berlin.change_time_zone(NEW_YORK, by=hana)

    entry = Entry.objects.filter(action="organisation.time_zone_changed").latest("sequence")
    assert (entry.actor, entry.details) == (hana, {"former": BERLIN, "zone": NEW_YORK})


@pytest.mark.parametrize("name", ["", "Berlin", "Mars/Olympus", BERLIN])
def test_what_is_no_zone_and_what_counts_already_is_refused(in_berlin, hana, name):
    with pytest.raises(NotNow):
        in_berlin.change_time_zone(name, by=hana)

    assert Organisation.here().time_zone == BERLIN


@pytest.mark.parametrize("name", ["mara", "aude", "otto", "dora"])
def test_hr_alone_changes_it(in_berlin, request, name):
    with pytest.raises(Denied):
        in_berlin.change_time_zone(NEW_YORK, by=request.getfixturevalue(name))


def test_a_zone_that_this_machine_does_not_know_counts_as_none(in_berlin, settings):
    Organisation.objects.update(time_zone="Mars/Olympus")

    assert read_calendar().zone == ZoneInfo(settings.TIME_ZONE)


def test_to_the_west_who_left_at_midnight_does_not_come_back(in_berlin, hana, sam):
    with standing_at(EVENING - timedelta(days=1)):
        sam.leave(on=date(2031, 4, 1), by=hana)
    with standing_at(EVENING):
        assert not Person.objects.active().filter(pk=sam.pk).exists()

        in_berlin.change_time_zone(NEW_YORK, by=hana)

        assert today() == date(2031, 4, 1)
        assert not Person.objects.get(pk=sam.pk).is_active
        assert not Person.objects.active().filter(pk=sam.pk).exists()


def test_to_the_east_what_begins_that_day_begins_at_once(in_berlin, hana, sam, noor):
    afternoon = datetime(2031, 3, 31, 13, tzinfo=UTC)  # 1 April in Auckland
    with standing_at(afternoon):
        sam.report_to(noor, starts_on=date(2031, 4, 1), by=hana)
        assert sam.manager_on() != noor

        in_berlin.change_time_zone(AUCKLAND, by=hana)

        assert today() == date(2031, 4, 1)
        assert sam.manager_on() == noor
        assert ReportingLine.objects.current().filter(person=sam).count() == 1


def test_compiled_rules_and_statements_follow_it(in_berlin, hana, mara, noor, sam):
    midnight = datetime(2031, 3, 31, 22, 0, tzinfo=UTC)
    with standing_at(midnight - timedelta(days=1)):
        sam.report_to(noor, starts_on=date(2031, 4, 1), by=hana)

    def readers(at):
        with standing_at(at):
            return [who for who in (mara, noor) if who.has_perm("people.read_person", sam)]

    assert readers(midnight - TICK) == [mara]
    assert readers(midnight) == [noor]
    with standing_at(midnight - timedelta(hours=12)):
        in_berlin.change_time_zone(NEW_YORK, by=hana)
    assert readers(midnight) == [mara]
    assert readers(midnight + timedelta(hours=6) - TICK) == [mara]
    assert readers(midnight + timedelta(hours=6)) == [noor]


def test_no_stored_instant_moves(in_berlin, hana, cycle):
    before = cycle.self_due_at, cycle.manager_due_at, Entry.objects.order_by("sequence").first().at

    in_berlin.change_time_zone(NEW_YORK, by=hana)

    cycle.refresh_from_db()
    assert (cycle.self_due_at, cycle.manager_due_at) == before[:2]
    assert Entry.objects.order_by("sequence").first().at == before[2]


class AnyChangesTest(TestCase):
    """Whatever zones are chosen, and whenever: each day begins once, in order."""

    @settings(deadline=None, max_examples=30)
    @given(
        some.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=some.just(UTC)),
        some.lists(
            some.tuples(some.sampled_from(ZONES), some.integers(0, 40 * 60), some.integers(0, 40 * 60)),
            max_size=8,
        ),
    )
    def test_no_day_begins_twice(self, start, steps):
        hana, at, seen = Person.objects.get(email="hana@testing.example"), start, []
        with calendar_read_once():
            for name, before, after in steps:
                for minutes, change in ((before, True), (after, False)):
                    at += timedelta(minutes=minutes)
                    with standing_at(at):
                        seen.append(today())
                        if change and str(zone()) != name:
                            Organisation.here().change_time_zone(name, by=hana)
                            seen.append(today())
                            assert abs(seen[-1] - now().date()) <= timedelta(days=2)

        assert seen == sorted(seen)
