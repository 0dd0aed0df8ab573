"""Preparing and opening a cycle."""

from datetime import timedelta

import pytest

from competencies.core.clock import now, today
from competencies.core.refusals import Denied, Incomplete, NotNow, Stale
from competencies.reviews.models import Assessment, Cycle, Review
from competencies.reviews.opening import open_cycle, plan
from competencies.trail.models import Entry


@pytest.fixture
def fields(edition):
    return {
        "name": "Spring",
        "editions": [edition],
        "self_due_at": now() + timedelta(weeks=1),
        "manager_due_at": now() + timedelta(weeks=2),
    }


@pytest.fixture
def prepared(fields, hana):
    return Cycle.prepare(by=hana, **fields)


def test_it_makes_a_review_with_two_sides_for_everyone_who_is_placed(prepared, hana, sam, mara, levels):
    outcome = open_cycle(prepared, by=hana)

    assert sorted(review.subject.name for review in outcome.reviews) == ["Kit", "Leo", "Sam", "Stella"]
    review = Review.objects.get(cycle=prepared, subject=sam)
    assert (review.manager, review.level, review.held_level) == (mara, levels.senior, levels.senior)
    sides = review.assessments.order_by("kind").values_list("kind", "author")
    assert list(sides) == [("manager", mara.pk), ("self", sam.pk)]


def test_it_says_who_is_left_out_and_why(prepared, sam, kit):
    sam.placements.all().delete()
    kit.lines.all().delete()

    reasons = {person.name: reason for person, reason in plan(prepared).left_out}

    assert "no level" in reasons["Sam"]
    assert "no manager" in reasons["Kit"]
    assert "Gone" not in reasons


def test_a_plan_writes_nothing(prepared):
    plan(prepared)

    assert not Review.objects.exists()


def test_chosen_people_alone_take_part(fields, hana, kit):
    cycle = Cycle.prepare(by=hana, everyone=False, people=[kit], **fields)

    assert [review.subject for review in open_cycle(cycle, by=hana).reviews] == [kit]


def test_opening_costs_the_same_for_one_and_for_all(fields, hana, kit, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few = Cycle.prepare(by=hana, everyone=False, people=[kit], **fields)
    many = Cycle.prepare(by=hana, **fields | {"name": "Summer"})
    with CaptureQueriesContext(
        connection,
    ) as once:
        open_cycle(few, by=hana)

    with django_assert_num_queries(len(once)):
        open_cycle(many, by=hana)


def test_a_second_opening_is_refused(prepared, hana):
    open_cycle(prepared, by=hana)

    with pytest.raises(Denied):
        open_cycle(prepared, by=hana)
    assert Entry.objects.filter(action="cycle.opened", row_pk=str(prepared.pk)).count() == 1


def test_without_anybody_to_review_it_is_refused_and_stays_closed(fields, hana, dora):
    cycle = Cycle.prepare(by=hana, everyone=False, people=[dora], **fields)

    with pytest.raises(NotNow):
        open_cycle(cycle, by=hana)
    assert Cycle.objects.preparing().filter(pk=cycle.pk).exists()


def test_an_edition_that_was_retired_meanwhile_is_refused(prepared, edition, aude, hana):
    edition.retire(by=aude)

    with pytest.raises(NotNow):
        open_cycle(Cycle.objects.get(pk=prepared.pk), by=hana)
    assert not Review.objects.exists()


def test_a_name_that_is_taken_is_refused(prepared, fields, hana):
    with pytest.raises(NotNow, match="Spring"):
        Cycle.prepare(by=hana, **fields)


def test_a_cycle_keeps_its_own_name(prepared, fields, hana):
    prepared.change(by=hana, version=0, **fields | {"blind": False})

    prepared.refresh_from_db()
    assert not prepared.blind


def test_managers_are_not_due_before_the_people_they_review(fields, hana):
    fields["manager_due_at"] = fields["self_due_at"] - timedelta(seconds=1)

    with pytest.raises(NotNow):
        Cycle.prepare(by=hana, **fields)


def test_chosen_people_are_named(fields, hana):
    with pytest.raises(Incomplete):
        Cycle.prepare(by=hana, everyone=False, **fields)


def test_two_who_change_it_at_once_are_told(prepared, fields, hana):
    prepared.change(by=hana, version=0, **fields | {"name": "Early spring"})

    with pytest.raises(Stale):
        prepared.change(by=hana, version=0, **fields | {"name": "Late spring"})


def test_a_change_that_is_sent_twice_is_one(prepared, fields, hana):
    for _time in range(2):
        prepared.change(by=hana, version=0, **fields | {"name": "Early spring"})

    assert Cycle.objects.get(pk=prepared.pk).version == 1


def test_an_open_cycle_does_not_change(cycle, fields, hana):
    with pytest.raises(Denied):
        cycle.change(by=hana, version=0, **fields)


@pytest.mark.parametrize("who", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_runs_cycles(prepared, fields, request, who):
    person = request.getfixturevalue(who)

    with pytest.raises(Denied):
        Cycle.prepare(by=person, **fields | {"name": "Mine"})
    with pytest.raises(Denied):
        open_cycle(prepared, by=person)


def test_after_the_close_nothing_moves(cycle, of_self, competencies, points, sam, mara, hana):
    of_self.rate(competencies[0], by=sam, version=0, point=points.consistent)
    cycle.close(by=hana)

    for act in (
        lambda: of_self.rate(competencies[1], by=sam, version=0, point=points.consistent),
        lambda: of_self.submit(by=sam),
        lambda: cycle.close(by=hana),
    ):
        with pytest.raises(Denied):
            act()
    assert sam.has_perm("reviews.read_assessment", of_self)
    assert not mara.has_perm("reviews.read_assessment", of_self)
    assert Assessment.objects.unsubmitted().filter(pk=of_self.pk).exists()


def test_reviews_are_pinned_to_the_day_they_were_opened(cycle, review, sam, noor, levels, tracks, mara, hana):
    sam.report_to(noor, starts_on=today(), by=hana)
    sam.place(track=tracks.jvm, level=levels.staff, starts_on=today(), by=hana)

    review.refresh_from_db()
    assert (review.manager, review.level, review.track) == (mara, levels.senior, tracks.java)


@pytest.mark.parametrize("year", [1, 206, 2206, 9999])
def test_a_due_date_in_another_age_is_refused(fields, hana, year):
    due = now().replace(year=year, day=1)

    with pytest.raises(NotNow, match="check the year"):
        Cycle.prepare(by=hana, **fields | {"self_due_at": due, "manager_due_at": due})
