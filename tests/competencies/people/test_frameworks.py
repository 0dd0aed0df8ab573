"""Whose ladder is which: what is somebody's own follows the framework they are placed on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import today
from competencies.core.refusals import Incomplete, NotNow
from competencies.evidence.models import Evidence
from competencies.framework.in_force import InForce
from competencies.people.models import Placement
from competencies.promotions.checklist import advice
from competencies.promotions.models import Policy, PromotionCase
from competencies.promotions.nomination import prospects
from competencies.promotions.readiness import begun_anew, readiness
from competencies.reviews.comparing import compare
from competencies.reviews.models import Cycle, Review
from competencies.reviews.opening import open_cycle, plan
from tests.frameworks import FRONTEND, hold, named, place, publish
from tests.scenes import scene


@pytest.fixture
def due():
    from competencies.core.clock import now

    return {"self_due_at": now() + timedelta(weeks=1), "manager_due_at": now() + timedelta(weeks=2)}


# what is in force for whom


def test_the_edition_of_somebody_is_that_of_their_placement(edition, frontend, sam, wren):
    in_force = InForce()
    assert in_force.several
    assert in_force.of(sam.placement_on()) == edition
    assert in_force.of(wren.placement_on()) == frontend


def test_without_a_placement_there_is_one_only_while_there_is_no_other(edition, dora, aude):
    assert InForce().of(dora.placement_on()) == edition
    publish(FRONTEND, by=aude)
    assert InForce().of(dora.placement_on()) is None
    assert len(InForce().open_to(dora.placement_on())) == 2


def test_a_later_edition_is_that_of_everybody_on_its_framework(edition, frontend, aude, sam, wren):
    second = publish(FRONTEND.replace("Own pages.", "One page."), by=aude)
    assert InForce().of(wren.placement_on()) == second
    assert InForce().of(sam.placement_on()) == edition


def test_whose_framework_has_nothing_in_force_is_not_given_another(edition, frontend, aude, sam, wren):
    frontend.retire(by=aude)
    assert InForce().of(wren.placement_on()) is None
    assert InForce().of(sam.placement_on()) == edition
    assert InForce().open_to(wren.placement_on()) == []


# promotions


def test_next_steps_are_of_ones_own_framework_and_the_nearest(mara, wren):
    found = {
        row.person.name: [str(level.edition.framework) for level in row.steps] for row in prospects(mara)
    }
    assert found["Sam"] == ["Backend engineering"] * 2
    (steps,) = (row.steps for row in prospects(mara) if row.person == wren)
    assert [(level.key, str(level.edition.framework)) for level in steps] == [
        ("staff", "Frontend engineering")
    ]


def test_nobody_is_nominated_to_a_level_of_another_framework(mara, sam, wren, levels, frontend):
    with pytest.raises(
        NotNow, match="Wren has a level in Frontend engineering, but Staff is a level in Backend"
    ):
        PromotionCase.nominate(wren, levels.staff, by=mara)
    with pytest.raises(NotNow, match="Sam has a level in Backend engineering"):
        PromotionCase.nominate(sam, frontend.level_set.get(key="staff"), by=mara)


def test_a_step_over_a_level_that_is_written_as_included_is_none(mara, wren, frontend, hana):
    place(wren, frontend, "web", "engineer", on=today(), by=hana)
    with pytest.raises(NotNow, match="Staff is not a next level after Engineer"):
        PromotionCase.nominate(wren, frontend.level_set.get(key="staff"), by=mara)


def test_a_level_needs_a_seat_on_its_own_framework_alone(mara, hana, sam, wren, levels, frontend):
    Policy.here().change(by=hana, seats=["frontend-engineering/staff"])
    policy = Policy.here()
    assert policy.needs_seat(frontend.level_set.get(key="staff"))
    assert not policy.needs_seat(levels.staff)


def test_seats_of_a_framework_with_nothing_in_force_stay(hana, aude, levels, frontend):
    Policy.here().change(by=hana, seats=["frontend-engineering/staff", "backend-engineering/lead"])
    frontend.retire(by=aude)
    Policy.here().change(by=hana, seats=["backend-engineering/staff"])
    assert Policy.here().levels_with_seat == ["backend-engineering/staff", "frontend-engineering/staff"]


# evidence


def test_evidence_of_one_framework_does_not_speak_for_what_is_called_so_in_another(
    sam, mara, competencies, frontend, levels, hana
):
    theirs = frontend.competency_set.get(key="system-architecture")
    mine = competencies[0]
    assert mine.key == theirs.key
    piece = Evidence.log(sam, by=sam, happened_on=today(), title="A page", competencies=[theirs])
    assert list(Evidence.objects.about(theirs)) == [piece]
    assert not Evidence.objects.about(mine).exists()
    case = PromotionCase.nominate(sam, levels.staff, by=mara)
    case.choose([piece], by=mara)
    case.claim(mine, by=mara, text="Shapes systems.", result="Two teams.")
    assert not any(row.evidence for row in readiness(case))
    assert "No evidence supports the claim about System architecture." in [gap.words for gap in advice(case)]


# cycles


def test_a_cycle_reads_everybody_on_their_own_framework(hana, edition, frontend, due, sam, wren):
    cycle = Cycle.prepare(by=hana, name="Both", editions=[edition, frontend], **due)
    open_cycle(cycle, by=hana)
    read_on = {review.subject.name: review.level.edition for review in Review.objects.all()}
    assert read_on == {"Sam": edition, "Stella": edition, "Leo": edition, "Kit": edition, "Wren": frontend}
    review = Review.objects.get(subject=wren)
    assert (review.level.edition, review.held_level.edition, review.track.edition) == (frontend,) * 3


def test_who_is_placed_on_a_framework_that_it_does_not_span_is_listed_with_counted_reasons(
    hana, edition, frontend, due, wren
):
    outcome = plan(Cycle.prepare(by=hana, name="Backend", editions=[edition], **due))
    assert wren not in [review.subject for review in outcome.reviews]
    reason = "their framework, Frontend engineering, is not part of this cycle"
    assert (wren, reason) in outcome.left_out
    assert dict(outcome.reasons) == {reason: 1, f"no level on {today()}": 6}


def test_a_track_of_another_framework_is_not_found_by_its_key(hana, edition, frontend, due, wren):
    """Java is a track of both, Engineer a level of one alone: neither is looked up in the other."""
    place(wren, frontend, "java", "engineer", on=today(), by=hana)
    outcome = plan(Cycle.prepare(by=hana, name="Both", editions=[edition, frontend], **due))
    (review,) = (review for review in outcome.reviews if review.subject == wren)
    assert (str(review.level.edition.framework), review.level.key) == ("Frontend engineering", "engineer")


def test_a_cycle_is_of_one_edition_of_each_framework(hana, aude, edition, frontend, due):
    second = publish(FRONTEND.replace("Own pages.", "One page."), by=aude)
    with pytest.raises(NotNow, match="one edition of each framework"):
        Cycle.prepare(by=hana, name="Twice", editions=[frontend, second], **due)
    with pytest.raises(Incomplete, match="Choose at least one framework"):
        Cycle.prepare(by=hana, name="None", editions=[], **due)
    cycle = Cycle.prepare(by=hana, name="Once", editions=[edition, frontend], **due)
    changed = cycle.change(by=hana, version=cycle.version, name="Once", editions=[second], **due)
    assert list(changed.editions.all()) == [second]


def test_one_edition_retired_meanwhile_is_named(hana, aude, edition, frontend, due):
    cycle = Cycle.prepare(by=hana, name="Both", editions=[edition, frontend], **due)
    frontend.retire(by=aude)
    with pytest.raises(NotNow, match="Frontend engineering, edition 1 has been retired"):
        open_cycle(cycle, by=hana)


def test_opening_costs_the_same_for_one_framework_and_for_three(hana, aude, edition, frontend, due, wren):
    third = publish(named("data", "Data engineering"), by=aude)
    one = Cycle.prepare(by=hana, name="One", editions=[edition], **due)
    three = Cycle.prepare(by=hana, name="Three", editions=[edition, frontend, third], **due)
    counts = []
    for cycle in (one, three):
        with CaptureQueriesContext(connection) as queries:
            plan(cycle)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# a move to another framework


@scene
def moved(sam, hana, edition, frontend):
    """Sam, who was read twice on the first framework, moved to the second, and was read there once."""
    before = [hold(f"Before {n}", sam, edition, by=hana, weeks_ago=60 - n, aim="staff") for n in (1, 2)]
    place(sam, frontend, "web", "senior", on=today() - timedelta(days=200), by=hana)
    return before


def test_a_move_is_a_dated_placement(moved, sam, edition, frontend):
    day = today() - timedelta(days=200)
    assert sam.placement_on(day).level.edition == frontend
    assert sam.placement_on(day - timedelta(days=1)).level.edition == edition


def test_comparing_begins_anew_and_says_so(moved, sam, hana, frontend):
    first = hold("First there", sam, frontend, by=hana, weeks_ago=20)
    comparison = compare(Review.objects.get(pk=first.pk))
    assert comparison.earlier is None
    assert comparison.elsewhere == moved[-1]
    assert {row.change for row in comparison.rows} == {None}
    second = hold("Second there", sam, frontend, by=hana, weeks_ago=10)
    comparison = compare(Review.objects.get(pk=second.pk))
    assert (comparison.earlier, comparison.elsewhere) == (first, None)


def test_in_a_row_begins_anew_and_says_so(moved, sam, mara, hana, frontend):
    hold("First there", sam, frontend, by=hana, weeks_ago=20, aim="staff")
    case = PromotionCase.nominate(sam, frontend.level_set.get(key="staff"), by=mara)
    assert {row.sustained for row in readiness(case)} == {1}
    assert begun_anew(case) == moved[-1]


def test_what_lies_before_another_framework_in_between_counts_no_more(
    moved, sam, mara, hana, edition, frontend
):
    hold("First there", sam, frontend, by=hana, weeks_ago=20)
    place(sam, edition, "java", "senior", on=today() - timedelta(days=60), by=hana)
    case = PromotionCase.nominate(sam, edition.level_set.get(key="staff"), by=mara)
    assert {(row.status, row.sustained, len(row.readings)) for row in readiness(case)} == {
        ("not assessed", 0, 0)
    }
    assert begun_anew(case).cycle.name == "First there"


def test_a_level_that_covers_the_target_over_another_counts(sam, mara, hana, frontend):
    """Fellow was written to include Staff alone, which includes Senior: it speaks of Senior too."""
    Placement.objects.filter(person=sam).delete()
    place(sam, frontend, "web", "engineer", on=today() - timedelta(days=900), by=hana)
    hold("Far ahead", sam, frontend, by=hana, weeks_ago=20, aim="fellow")
    case = PromotionCase.nominate(sam, frontend.level_set.get(key="senior"), by=mara)
    assert {row.status for row in readiness(case)} == {"met"}


def test_an_opened_cycle_keeps_its_editions_in_the_database_itself(hana, edition, frontend, due):
    cycle = Cycle.prepare(by=hana, name="Backend", editions=[edition], **due)
    cycle.spannings.create(edition=frontend, framework=frontend.framework)
    cycle.spannings.filter(edition=frontend).delete()
    open_cycle(cycle, by=hana)
    for change in (
        lambda: cycle.spannings.create(edition=frontend, framework=frontend.framework),
        lambda: cycle.spannings.update(edition=frontend),
        lambda: cycle.spannings.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="keeps its editions"), transaction.atomic():
            change()
