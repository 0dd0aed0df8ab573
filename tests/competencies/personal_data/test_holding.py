"""Holds: placed and lifted by HR, with reasons, on others."""

import pytest

from competencies.core.refusals import Denied, Incomplete, NotNow
from competencies.personal_data.models import Hold
from competencies.trail.models import Entry


def test_hr_places_and_lifts_it_and_the_trail_says_so_without_the_reason(sam, hana):
    hold = Hold.place(sam, by=hana, reason="  A COURTCASE.  ")
    hold.lift(by=hana, reason="It is settled.")

    hold.refresh_from_db()
    assert (hold.reason, hold.lifted_because, hold.lifted_by) == ("A COURTCASE.", "It is settled.", hana)
    assert not Hold.objects.active().exists()
    told = Entry.objects.filter(action__startswith="hold.", about=sam)
    assert [entry.action for entry in told] == ["hold.lifted", "hold.placed"]
    assert not any("COURTCASE" in entry.data for entry in told)


def test_several_may_stand_each_for_a_reason_of_its_own(sam, hana):
    Hold.place(sam, by=hana, reason="One.")
    Hold.place(sam, by=hana, reason="Another.")
    with pytest.raises(NotNow):
        Hold.place(sam, by=hana, reason="One.")

    assert Hold.objects.active().count() == 2


def test_it_needs_reasons(sam, hana):
    with pytest.raises(Incomplete):
        Hold.place(sam, by=hana, reason=" ")
    hold = Hold.place(sam, by=hana, reason="One.")
    with pytest.raises(Incomplete):
        hold.lift(by=hana, reason="")


def test_nobody_else_and_nobody_on_themselves(sam, hana, mara, otto):
    for by, whom in ((mara, sam), (sam, sam), (otto, sam), (hana, hana)):
        with pytest.raises(Denied):
            Hold.place(whom, by=by, reason="One.")
    hold = Hold.place(sam, by=hana, reason="One.")
    with pytest.raises(Denied):
        hold.lift(by=mara, reason="No.")
    hold.lift(by=hana, reason="Yes.")
    with pytest.raises(Denied):
        hold.lift(by=hana, reason="Again.")
