"""What of the trail is shown to whom, and from when on."""

from datetime import UTC, datetime, time, timedelta

import pytest

from competencies.core.clock import standing_at, today
from competencies.people.models import Person
from competencies.trail.models import Entry, record
from competencies.trail.visibility import quiet_actions


def read_by(person, **wanted):
    return Entry.objects.allowing(person, "trail.read_entry").filter(**wanted)


@pytest.fixture
def soon():
    return today() + timedelta(days=10)


@pytest.fixture
def planned(sam, noor, hana, levels, tracks, soon):
    """Everything that HR can decide for a day to come, some of it taken back."""
    sam.report_to(noor, starts_on=soon, by=hana).call_off(by=hana)
    sam.place(track=tracks.java, level=levels.staff, starts_on=soon, by=hana).call_off(by=hana)
    sam.report_to(noor, starts_on=soon, by=hana)
    sam.leave(on=soon, by=hana).rejoin(by=hana)
    return Entry.objects.filter(about=sam, data__contains=soon.isoformat())


def test_what_is_planned_is_told_on_its_day(planned, sam, soon):
    assert planned.count() == 7
    assert not read_by(sam, pk__in=planned)

    with standing_at(datetime.combine(soon, time(12), tzinfo=UTC)):
        assert read_by(sam, pk__in=planned).count() == 7


def test_what_takes_effect_today_is_told_at_once(sam, noor, hana):
    sam.report_to(noor, starts_on=today(), by=hana)

    assert read_by(sam, action="person.moved").exists()


def test_hr_and_the_auditor_read_what_is_planned(planned, hana, otto):
    assert read_by(hana, pk__in=planned).count() == read_by(otto, pk__in=planned).count() == 7


def test_somebody_of_hr_is_not_told_of_their_own_leaving_either(hana, aude, soon):
    aude.grant("hr", by=hana)
    hana.leave(on=soon, by=aude)

    assert not read_by(hana, action="person.left")
    assert read_by(aude, action="person.left").exists()


def test_a_manager_reads_nothing_of_what_others_did(planned, mara, noor):
    for manager in (mara, noor):
        assert not read_by(manager, pk__in=planned)


@pytest.mark.parametrize("action", ["rating.saved", "account.signed_in"])
def test_what_is_quiet_stays_between_its_actor_and_the_auditor(sam, mara, hana, otto, action):
    assert action in quiet_actions()
    entry = record(action, sam, by=mara, about=sam)

    readers = {person.name for person in (sam, mara, hana, otto) if read_by(person, pk=entry.pk).exists()}
    assert readers == {"Mara", "Otto"}


def test_whoever_has_left_reads_nothing(gone):
    record("person.described", Person.objects.get(pk=gone.pk), by=gone, about=gone)

    assert not read_by(gone)
