"""What a change of time zone would change is shown before, and only what was shown is done."""

from datetime import UTC, date, datetime, timedelta

import pytest

from competencies.core.clock import calendar_read_once, standing_at
from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Organisation
from competencies.reviews.time_zone_change import change_time_zone, preview
from competencies.trail.models import Entry

BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"
AFTERNOON = datetime(2031, 3, 31, 13, tzinfo=UTC)  # 31 March in Berlin, 1 April in Auckland
EVENING = datetime(2031, 3, 31, 22, 30, tzinfo=UTC)  # 1 April in Berlin, 31 March in New York


@pytest.fixture(autouse=True)
def in_berlin(hana):
    with calendar_read_once():
        with standing_at(datetime(2031, 1, 1, 12, tzinfo=UTC)):
            Organisation.here().change_time_zone(BERLIN, by=hana)
        yield


@pytest.fixture
def planned(hana, sam, stella, leo, noor, levels, tracks):
    """Sam moves and Stella is placed on 1 April, Leo leaves on the 10th, Sam's level changes in June."""
    with standing_at(AFTERNOON - timedelta(days=2)):
        sam.report_to(noor, starts_on=date(2031, 4, 1), by=hana)
        stella.place(track=tracks.java, level=levels.staff, starts_on=date(2031, 4, 1), by=hana)
        leo.leave(on=date(2031, 4, 10), by=hana)
        sam.place(track=tracks.java, level=levels.staff, starts_on=date(2031, 6, 1), by=hana)


def test_it_names_what_is_dated_within_two_weeks_and_when_it_begins(planned, hana, sam, stella, leo):
    with standing_at(AFTERNOON):
        first, second = preview(NEW_YORK, by=hana).dated

    assert (first.day, first.moves, first.placements, first.departures) == (
        date(2031, 4, 1), [sam], [stella], [],
    )  # fmt: skip
    assert first.begins_at == datetime(2031, 3, 31, 22, tzinfo=UTC)
    assert first.will_begin_at == datetime(2031, 4, 1, 4, tzinfo=UTC)
    assert (second.day, second.departures) == (date(2031, 4, 10), [leo])


def test_to_the_east_it_names_what_begins_at_once(planned, hana, sam, stella):
    with standing_at(AFTERNOON):
        changes = preview(AUCKLAND, by=hana)

    assert (changes.today, changes.then) == (date(2031, 3, 31), date(2031, 4, 1))
    assert [(row.moves, row.placements) for row in changes.at_once] == [([sam], [stella])]
    assert changes.at_once[0].will_begin_at == AFTERNOON
    assert [row.day for row in changes.later] == [date(2031, 4, 10)]


def test_to_the_west_the_day_stays_and_says_when_it_ends(hana):
    with standing_at(EVENING):
        changes = preview(NEW_YORK, by=hana)

    assert changes.today == changes.then == date(2031, 4, 1)
    assert changes.ends_at == datetime(2031, 4, 2, 4, tzinfo=UTC)


def test_it_names_open_cycles_alone(cycle, hana):
    assert preview(NEW_YORK, by=hana).cycles == [cycle]

    cycle.close(by=hana)

    assert preview(NEW_YORK, by=hana).cycles == []


def test_nobody_is_shown_what_is_planned_for_themselves(hana, sam, dora):
    with standing_at(AFTERNOON):
        sam.grant("hr", by=hana)
        hana.report_to(sam, starts_on=date(2031, 4, 2), by=sam)

        assert preview(NEW_YORK, by=hana).dated == []
        assert len(preview(NEW_YORK, by=sam).dated) == 1


def test_what_was_shown_is_done(planned, hana):
    with standing_at(AFTERNOON):
        changed = change_time_zone(NEW_YORK, seen=preview(NEW_YORK, by=hana).digest, by=hana)

    assert changed.time_zone == NEW_YORK


def _another_zone(hana, sam):
    Organisation.here().change_time_zone("Europe/Lisbon", by=hana)


def _a_plan(hana, sam):
    sam.leave(on=date(2031, 4, 5), by=hana)


@pytest.mark.parametrize("meanwhile", [_another_zone, _a_plan])
def test_what_was_not_shown_is_refused(hana, sam, meanwhile):
    with standing_at(AFTERNOON):
        seen = preview(NEW_YORK, by=hana).digest
        meanwhile(hana, sam)
        before = Organisation.here().time_zone

        with pytest.raises(NotNow, match="check it again"):
            change_time_zone(NEW_YORK, seen=seen, by=hana)

        assert Organisation.here().time_zone == before


def test_a_preview_of_the_day_before_is_refused(hana):
    with standing_at(AFTERNOON):
        seen = preview(NEW_YORK, by=hana).digest

    with standing_at(EVENING), pytest.raises(NotNow):
        change_time_zone(NEW_YORK, seen=seen, by=hana)


def test_another_deadline_is_refused(hana, cycle):
    seen = preview(NEW_YORK, by=hana).digest
    type(cycle).objects.update(manager_due_at=cycle.manager_due_at + timedelta(days=1))

    with pytest.raises(NotNow):
        change_time_zone(NEW_YORK, seen=seen, by=hana)


def test_hr_alone_confirms(hana, mara):
    seen = preview(NEW_YORK, by=mara).digest

    with pytest.raises(Denied):
        change_time_zone(NEW_YORK, seen=seen, by=mara)

    assert Entry.objects.filter(action="organisation.time_zone_changed").count() == 1
