"""Who may be seen in the chart, and how many stand below whom."""

from datetime import timedelta

import pytest

from competencies.core.clock import today
from competencies.people.chart import heads_below, levels_below, line_above, reports_of, version
from competencies.people.models import Person

SEEN = {
    "sam": {"sam", "mara", "dora", "stella", "leo"},
    "mara": {"mara", "dora", "sam", "stella", "leo", "noor", "hana", "aude"},
    "kit": {"kit", "noor", "dora"},
    "dora": {"dora", "mara", "noor", "sam", "stella", "leo", "kit", "hana", "aude"},
    "aude": {"aude", "dora", "mara", "noor", "hana"},
    "otto": {"otto"},
    "gone": set(),
}


@pytest.mark.parametrize("name", SEEN)
def test_above_beside_and_below_are_seen(request, name):
    seen = Person.objects.allowing(request.getfixturevalue(name), "people.see_in_chart")

    assert {person.name.lower() for person in seen} == SEEN[name]


def test_hr_sees_everybody(hana):
    assert Person.objects.allowing(hana, "people.see_in_chart").count() == Person.objects.count()


def test_a_move_moves_what_is_seen_on_its_day(sam, kit, noor, leo, hana, on_day):
    day = today() + timedelta(days=3)
    sam.report_to(noor, starts_on=day, by=hana)

    assert sam.has_perm("people.see_in_chart", leo)
    assert not sam.has_perm("people.see_in_chart", kit)
    with on_day(day):
        assert not sam.has_perm("people.see_in_chart", leo)
        assert sam.has_perm("people.see_in_chart", kit)
        assert kit.has_perm("people.see_in_chart", sam)


def test_plans_are_for_hr_and_not_their_own(sam, mara, dora, hana, otto):
    assert hana.has_perm("people.read_plans", sam)
    for person in (sam, mara, dora, otto):
        assert not person.has_perm("people.read_plans", sam)
    assert not hana.has_perm("people.read_plans", hana)


def test_the_line_is_told_from_the_top(sam, mara, dora):
    assert line_above(sam) == [dora, mara]
    assert line_above(dora) == []


def test_heads_are_counted_at_any_depth(dora, mara, sam, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert heads_below([dora.pk, mara.pk, sam.pk]) == {dora.pk: 8, mara.pk: 3}
        assert reports_of([dora.pk, mara.pk, sam.pk]) == {dora.pk: 4, mara.pk: 3}


def test_levels_are_those_of_today(dora, sam, levels, tracks, hana):
    sam.place(track=tracks.java, level=levels.staff, starts_on=today() + timedelta(days=1), by=hana)

    assert levels_below(dora) == {levels.senior.pk: 2, levels.staff.pk: 1, levels.lead.pk: 1}


def test_the_version_is_another_one_after_every_change_of_today(sam, noor, hana, levels, tracks):
    seen = [version()]
    sam.report_to(noor, starts_on=today(), by=hana)
    seen.append(version())
    sam.place(track=tracks.java, level=levels.staff, starts_on=today(), by=hana)
    seen.append(version())
    sam.leave(on=today() + timedelta(days=1), by=hana)
    seen.append(version())

    assert len(set(seen)) == len(seen)
