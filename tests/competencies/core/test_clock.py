from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from competencies.core.clock import now, standing_at, today

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
