"""Placements: the track and level a person stands at, day by day."""

from datetime import date, timedelta

import pytest

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow
from competencies.framework.models import Level

LONG_AGO = date(2024, 1, 1)


def test_a_placement_ahead_takes_effect_on_its_day(sam, levels, tracks, hana):
    day = today() + timedelta(days=30)

    sam.place(track=tracks.java, level=levels.staff, starts_on=day, by=hana, reason="Promotion")

    assert sam.placement_on().level == levels.senior
    assert sam.placement_on(day - timedelta(days=1)).level == levels.senior
    assert sam.placement_on(day).level == levels.staff


def test_a_placement_says_who_and_why(sam, levels, tracks, hana):
    placement = sam.place(
        track=tracks.jvm, level=levels.senior, starts_on=today(), by=hana, reason="Changed teams"
    )

    assert (placement.by, placement.reason) == (hana, "Changed teams")


def test_a_slip_is_mended_on_the_same_day(sam, levels, tracks, hana):
    sam.place(track=tracks.java, level=levels.lead, starts_on=today(), by=hana)
    sam.place(track=tracks.java, level=levels.staff, starts_on=today(), by=hana)

    spans = list(sam.placements.values_list("level__key", "starts_on", "ends_on"))
    assert spans == [("staff", today(), None), ("senior", LONG_AGO, today())]


def test_what_has_not_begun_gives_way(sam, levels, tracks, hana):
    sam.place(track=tracks.java, level=levels.lead, starts_on=today() + timedelta(days=300), by=hana)
    sam.place(track=tracks.java, level=levels.staff, starts_on=today(), by=hana)

    assert sam.placement_on(today() + timedelta(days=301)).level == levels.staff


@pytest.mark.parametrize("day", [LONG_AGO - timedelta(days=1), LONG_AGO])
def test_history_is_not_rewritten(sam, levels, tracks, hana, day):
    with pytest.raises(NotNow):
        sam.place(track=tracks.java, level=levels.staff, starts_on=day, by=hana)

    assert sam.placements.count() == 1


def test_a_first_placement_ends_nothing(mara, levels, tracks, hana):
    mara.place(track=tracks.java, level=levels.lead, starts_on=LONG_AGO, by=hana)

    assert mara.placement_on().level == levels.lead


def test_track_and_level_come_from_one_edition(sam, edition, tracks, hana):
    other = type(edition).objects.create(framework=edition.framework, number=99, digest="0")
    level = Level.objects.create(
        edition=other, key="senior", title="Senior", rung=1, position=1, scope="One service."
    )

    with pytest.raises(NotNow):
        sam.place(track=tracks.java, level=level, starts_on=today(), by=hana)


@pytest.mark.parametrize("who", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_places_people(sam, levels, tracks, request, who):
    with pytest.raises(Denied):
        sam.place(track=tracks.java, level=levels.staff, starts_on=today(), by=request.getfixturevalue(who))


def test_hr_does_not_place_themselves(hana, levels, tracks):
    with pytest.raises(Denied):
        hana.place(track=tracks.java, level=levels.staff, starts_on=today(), by=hana)
