from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from competencies.core.clock import (
    Calendar,
    calendar_held,
    calendar_read_once,
    day_of,
    now,
    read_calendar_with,
    standing_at,
    today,
    zone_called,
)
from competencies.people.models.organisation import read_calendar

LATE = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


def test_it_stands_inside_the_block_and_goes_on_after_it():
    with standing_at(LATE):
        assert now() == LATE

    assert now() > LATE


def test_it_goes_on_when_the_block_fails():
    with pytest.raises(ZeroDivisionError), standing_at(LATE):
        1 / 0  # noqa: B018

    assert now() > LATE


def test_blocks_nest():
    with standing_at(LATE):
        with standing_at(datetime(2020, 1, 1, tzinfo=UTC)):
            assert now().year == 2020
        assert now() == LATE


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 3, 31)),
        ("Europe/Berlin", date(2026, 4, 1)),
        ("Pacific/Kiritimati", date(2026, 4, 1)),
        ("America/Santiago", date(2026, 3, 31)),
    ],
)
def test_today_is_the_day_where_the_organisation_is(settings, zone, day):
    settings.TIME_ZONE = zone
    with standing_at(LATE):
        assert today() == day


def test_today_is_the_same_whatever_zone_a_reader_has_chosen():
    with standing_at(LATE), timezone.override(ZoneInfo("Pacific/Kiritimati")):
        assert today() == date(2026, 3, 31)


BERLIN, NEW_YORK, AUCKLAND = map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Pacific/Auckland"))
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("last_of_the_day", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),  # 23 hours long
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), date(2026, 10, 24)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),  # 25 hours long
    ],
)
def test_a_day_ends_at_midnight_also_when_the_clock_changes(last_of_the_day, day):
    with calendar_held(Calendar(BERLIN)):
        assert day_of(last_of_the_day) == day
        assert day_of(last_of_the_day + timedelta(minutes=1)) == day + timedelta(days=1)


def test_after_a_change_to_the_west_the_day_goes_on_until_the_new_zone_ends_it():
    since = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # 1 April in Berlin, 31 March in New York
    days = Calendar(NEW_YORK, since, date(2026, 4, 1))

    assert days.day_of(since) == date(2026, 4, 1)
    assert days.day_of(datetime(2026, 4, 2, 4, 0, tzinfo=UTC) - TICK) == date(2026, 4, 1)
    assert days.day_of(datetime(2026, 4, 2, 4, 0, tzinfo=UTC)) == date(2026, 4, 2)


def test_after_a_change_to_the_east_the_day_of_the_new_zone_begins_at_once():
    since = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)  # 31 March in Berlin, 1 April in Auckland
    days = Calendar(AUCKLAND, since, date(2026, 3, 31))

    assert days.day_of(since) == date(2026, 4, 1)


def test_what_was_before_a_change_is_told_in_the_new_zone_as_it_was():
    since = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    days = Calendar(NEW_YORK, since, date(2026, 4, 1))

    assert days.day_of(since - 24 * HOUR) == date(2026, 3, 30)


@pytest.fixture
def readings():
    """The number of times that the calendar was read: it is read for each."""
    read = []

    def reading():
        read.append(1)
        return Calendar(BERLIN)

    read_calendar_with(reading)
    yield read
    read_calendar_with(read_calendar)


def test_the_calendar_is_read_once_a_block_and_only_when_it_is_asked_for(readings):
    with calendar_read_once():
        assert not readings
        today(), today()
        assert len(readings) == 1

    with calendar_read_once():
        today()
    assert len(readings) == 2


def test_a_thread_of_its_own_reads_the_calendar_itself(readings):
    with calendar_read_once():
        today()
        with ThreadPoolExecutor(1) as threads:
            threads.submit(today).result()
            threads.submit(today).result()

    assert len(readings) == 3


@pytest.mark.parametrize("name", ["", "Europe", "Berlin", "../etc/passwd", "Europe/Berlin\n", "x" * 300])
def test_what_names_no_zone_is_none(name):
    assert zone_called(name) is None
    assert zone_called("Europe/Berlin") == BERLIN
