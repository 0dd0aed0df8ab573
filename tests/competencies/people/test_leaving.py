"""Leaving: from a day on nothing is theirs to do, and what they did stays. And coming back."""

from datetime import date, timedelta

import pytest

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Person, RoleGrant, Token
from competencies.trail.models import Entry

LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def soon():
    return today() + timedelta(days=10)


def spans(rows):
    return [(row.starts_on, row.ends_on) for row in rows]


def test_line_and_placement_end_on_the_day(sam, hana, soon):
    sam.leave(on=soon, by=hana)

    assert spans(sam.lines.all()) == spans(sam.placements.all()) == [(LONG_AGO, soon)]


def test_what_was_planned_for_later_falls(sam, noor, hana, levels, tracks, soon):
    sam.report_to(noor, starts_on=soon + timedelta(days=1), by=hana)
    sam.place(track=tracks.java, level=levels.staff, starts_on=soon, by=hana)

    sam.leave(on=soon, by=hana)

    assert spans(sam.lines.all()) == spans(sam.placements.all()) == [(LONG_AGO, soon)]


def test_they_are_here_until_the_day_and_not_on_it(sam, mara, hana, soon, on_day):
    sam = sam.leave(on=soon, by=hana)

    with on_day(soon - timedelta(days=1)):
        assert sam.is_active
        assert sam in mara.reports()
        assert sam.has_perm("people.read_person", sam)
    with on_day(soon):
        assert not sam.is_active
        assert sam not in Person.objects.active()
        assert sam not in mara.below()
        assert not sam.has_perm("people.read_person", sam)


def test_their_tokens_open_nothing_from_the_day_on(sam, hana):
    _token, key = Token.issue(sam, by=sam, label="script")

    sam.leave(on=today(), by=hana)

    assert Token.objects.bearing(key) is None


def test_who_reported_to_them_is_found(mara, sam, hana):
    mara.leave(on=today(), by=hana)

    assert sam in Person.objects.with_manager_gone()
    assert sam.manager_on() == mara


def test_nobody_is_put_under_somebody_who_is_gone_by_then(sam, noor, hana, soon):
    noor = noor.leave(on=soon, by=hana)

    with pytest.raises(NotNow):
        sam.report_to(noor, starts_on=soon, by=hana)
    assert sam.report_to(noor, starts_on=today(), by=hana)


def test_the_trail_says_when(sam, hana, soon):
    sam.leave(on=soon, by=hana)

    entry = Entry.objects.get(action="person.left")
    assert (entry.about, entry.actor, entry.details) == (sam, hana, {"on": soon.isoformat()})


def test_nobody_leaves_before_they_joined(sam, hana):
    Person.objects.filter(pk=sam.pk).update(joined_on=today())

    with pytest.raises(NotNow):
        sam.leave(on=today() - timedelta(days=1), by=hana)


def test_nobody_leaves_twice(sam, hana, soon):
    sam.leave(on=soon, by=hana)

    with pytest.raises(Denied):
        sam.leave(on=soon, by=hana)


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_notes_a_leaving(request, sam, name):
    with pytest.raises(Denied):
        sam.leave(on=today(), by=request.getfixturevalue(name))


def test_hr_does_not_note_their_own(hana):
    with pytest.raises(Denied):
        hana.leave(on=today(), by=hana)


def test_the_last_of_hr_stays(hana, aude, soon):
    """Also where the other is still here, and going to leave later."""
    RoleGrant.objects.create(person=aude, role="hr")
    hana = hana.leave(on=soon, by=aude)

    with pytest.raises(NotNow):
        aude.leave(on=today(), by=hana)
    hana.rejoin(by=aude)
    assert aude.leave(on=today(), by=hana)


def test_a_leaving_taken_back_in_time_leaves_no_trace_on_the_line(sam, mara, hana, levels, soon, on_day):
    sam = sam.leave(on=soon, by=hana).rejoin(by=hana)

    assert sam.leaves_on is None
    assert spans(sam.lines.all()) == spans(sam.placements.all()) == [(LONG_AGO, None)]
    with on_day(soon):
        assert sam in mara.below()
        assert sam.placement_on().level == levels.senior


def test_a_line_that_would_by_now_lead_back_is_not_taken_up_again(sam, mara, kit, hana, soon):
    kit.report_to(sam, starts_on=today(), by=hana)
    sam.leave(on=soon, by=hana)
    mara.report_to(kit, starts_on=soon, by=hana)

    sam = Person.objects.get(pk=sam.pk).rejoin(by=hana)

    assert sam.manager_on(soon) is None
    assert sam.placement_on(soon)


def test_whoever_left_comes_back_to_no_manager_and_no_level(sam, hana):
    sam = sam.leave(on=today(), by=hana).rejoin(by=hana)

    assert sam.is_active
    assert (sam.manager_on(), sam.placement_on()) == (None, None)
    assert sam in Person.objects.without_manager()
    assert sam in Person.objects.without_level()


def test_whoever_came_back_is_placed_anew(sam, mara, hana):
    sam = sam.leave(on=today(), by=hana).rejoin(by=hana)
    sam.report_to(mara, starts_on=today(), by=hana)

    assert sam in mara.below()


@pytest.mark.parametrize("name", ["mara", "gone", "otto"])
def test_only_hr_takes_back(request, gone, name):
    with pytest.raises(Denied):
        gone.rejoin(by=request.getfixturevalue(name))


def test_nobody_is_taken_back_who_never_left(sam, hana):
    with pytest.raises(Denied):
        sam.rejoin(by=hana)


def test_whoever_was_erased_does_not_come_back(gone, hana):
    from django.utils import timezone

    Person.objects.filter(pk=gone.pk).update(erased_at=timezone.now())

    with pytest.raises(Denied):
        gone.rejoin(by=hana)
