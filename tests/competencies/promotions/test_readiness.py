"""Histories of reviews and what they show about the target level: patterns, not sums."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.core.clock import standing_at
from competencies.promotions.readiness import readiness
from competencies.reviews.models import Cycle, Rating
from competencies.reviews.opening import open_cycle


@pytest.fixture
def history(edition, hana, sam, mara, levels, points, competencies):
    """A function that gives Sam one revealed review per `(level, self, manager)`, oldest first."""

    def hold(*rounds):
        for number, (level, mine, theirs) in enumerate(rounds):
            at = timezone.now() - timedelta(days=180 * (len(rounds) - number))
            with standing_at(at):
                cycle = Cycle.prepare(
                    by=hana,
                    name=f"Round {number + 1} of {len(rounds)}",
                    editions=[edition],
                    self_due_at=at + timedelta(days=7),
                    manager_due_at=at + timedelta(days=14),
                    everyone=False,
                    people=[sam],
                )
                open_cycle(cycle, by=hana)
                review = cycle.reviews.get()
                review.aim(getattr(levels, level), by=mara)
                for kind, author, key in (("self", sam, mine), ("manager", mara, theirs)):
                    assessment = review.assessments.get(kind=kind)
                    Rating.objects.bulk_create(
                        Rating(assessment=assessment, competency=competency, point=getattr(points, key))
                        for competency in competencies
                    )
                    assessment.submit(by=author)
                cycle.close(by=hana)

    return hold


MET, BELOW = ("staff", "consistent", "consistent"), ("staff", "consistent", "developing")
ROLE_MODEL, NOT_YET = ("staff", "consistent", "role_model"), ("staff", "consistent", "not_yet")


@pytest.mark.parametrize(
    ("rounds", "standing", "sustained"),
    [
        pytest.param([], "not assessed", 0, id="no review at all"),
        pytest.param([MET], "met", 1, id="met once"),
        pytest.param([MET, MET, MET], "met", 3, id="met three times in a row"),
        pytest.param([BELOW, MET, ROLE_MODEL], "met", 2, id="role model is above the bar"),
        # the same sum of values, 3 + 2 + 3, in another order
        pytest.param([MET, MET, BELOW], "below", 0, id="equal sum: below at the end"),
        pytest.param([BELOW, MET, MET], "met", 2, id="equal sum: below at the beginning"),
        pytest.param([MET, BELOW, MET], "met", 1, id="equal sum: below in the middle"),
        # 4 + 1 adds up to more than the bar once, and meets it not at all now
        pytest.param([ROLE_MODEL, NOT_YET], "below", 0, id="a high reading pays for no low one"),
        pytest.param(
            [MET, ("senior", "consistent", "role_model")], "not assessed", 0, id="a lower level last"
        ),
        pytest.param(
            [MET, ("senior", "consistent", "consistent"), MET], "met", 1, id="a lower level ends the row"
        ),
        pytest.param([("senior", "consistent", "consistent")], "not assessed", 0, id="only a lower level"),
        pytest.param([("lead", "consistent", "consistent")], "not assessed", 0, id="a level beside it"),
        pytest.param(
            [("staff", "role_model", "developing")], "below", 0, id="one's own reading never counts"
        ),
        pytest.param(
            [MET, ("staff", "consistent", "not_observed")], "not observed", 0, id="not observed last"
        ),
        pytest.param([("staff", "consistent", "not_observed"), MET], "met", 1, id="not observed first"),
    ],
)
def test_what_a_history_shows(case, history, mara, rounds, standing, sustained):
    history(*rounds)

    row = readiness(case)[0]

    assert (row.status, row.sustained) == (standing, sustained)
    assert row.by == ([mara] if sustained else [])


def test_a_reading_at_a_level_that_includes_the_target_counts_for_it(
    sam, mara, stella, levels, history, case
):
    """Staff includes Senior: what is met at Staff is met at Senior."""
    history(MET)
    case.to_level = levels.senior

    assert readiness(case)[0].status == "met"


def test_an_unrevealed_review_says_nothing(case, of_manager, points, answer_all, mara):
    answer_all(of_manager, points.consistent).submit(by=mara)

    assert {row.status for row in readiness(case)} == {"not assessed"}
    assert all(row.latest is None for row in readiness(case))


def test_evidence_counts_where_the_case_shows_it(case, mara, evidence, competencies):
    case.choose(evidence[:1], by=mara)
    rows = {row.competency: row.spread for row in readiness(case)}

    assert (rows[competencies[0]].count, rows[competencies[0]].months) == (1, 1)
    assert rows[competencies[1]].count == 0


def test_every_competency_has_its_row_in_the_order_of_the_ladder(case, competencies):
    assert [row.competency for row in readiness(case)] == competencies


def test_the_queries_do_not_grow_with_the_history(case, history):

    def count():
        with CaptureQueriesContext(connection) as queries:
            readiness(type(case).objects.with_state().get(pk=case.pk))
        return len(queries)

    history(MET)
    few = count()
    history(MET, MET)
    assert count() == few
