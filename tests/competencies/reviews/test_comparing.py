"""Both sides beside each other, with the cycle before."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import now, standing_at, today
from competencies.reviews.comparing import Spread, by_month, compare
from competencies.reviews.models import Cycle, Review
from competencies.reviews.opening import open_cycle


def on(*days):
    return [SimpleNamespace(happened_on=day) for day in days]


@pytest.fixture
def reviewed(edition, answer_all, points, sam, mara, hana):
    """A function that runs Sam through a whole cycle some weeks ago."""

    def run(name, weeks_ago, *, submit=True):
        with standing_at(now() - timedelta(weeks=weeks_ago)):
            cycle = Cycle.prepare(
                by=hana,
                name=name,
                editions=[edition],
                everyone=False,
                people=[sam],
                self_due_at=now() + timedelta(weeks=1),
                manager_due_at=now() + timedelta(weeks=2),
            )
            open_cycle(cycle, by=hana)
            review = cycle.reviews.get()
            if submit:
                answer_all(review.assessments.get(kind="self"), points.consistent).submit(by=sam)
                answer_all(review.assessments.get(kind="manager"), points.developing).submit(by=mara)
        return review

    return run


def test_the_gap_is_the_managers_value_less_ones_own(revealed):
    assert {row.gap for row in compare(revealed).rows} == {-1}


def test_what_either_did_not_observe_has_no_gap(of_self, of_manager, points, answer_all, review, sam, mara):
    answer_all(of_self, points.not_observed).submit(by=sam)
    answer_all(of_manager, points.developing).submit(by=mara)

    assert {row.gap for row in compare(review).rows} == {None}
    assert compare(review).apart == []


def test_beside_it_stands_the_latest_revealed_cycle_before(reviewed, revealed):
    reviewed("A year ago", 52)
    half_a_year_ago = reviewed("Half a year ago", 26)
    reviewed("Never finished", 10, submit=False)

    comparison = compare(revealed)

    assert comparison.earlier == half_a_year_ago
    assert all(row.earlier_self and row.earlier_manager for row in comparison.rows)


def test_a_later_cycle_is_never_the_one_before(reviewed):
    before = reviewed("A year ago", 52)
    reviewed("Half a year ago", 26)

    assert compare(before).earlier is None


def test_what_was_given_back_is_left_out(revealed, of_self, hana):
    of_self.reopen(by=hana, reason="It was handed in too early.")

    rows = compare(revealed).rows
    assert not any(row.self_rating for row in rows)
    assert all(row.manager_rating for row in rows)


def test_it_costs_the_same_for_little_and_for_much_evidence(
    review, of_self, of_manager, evidence, points, answer_all, competencies, sam, mara
):
    answer_all(of_self, points.consistent)
    answer_all(of_manager, points.consistent)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            for row in compare(Review.objects.get(pk=review.pk)).rows:
                assert row.spread.count >= 0
        return len(queries)

    of_manager.submit(by=mara)
    little = cost()
    for rating in of_self.ratings.select_related("competency"):
        of_self.rate(
            rating.competency, by=sam, version=rating.version, point=points.consistent, evidence=evidence
        )
    of_self.submit(by=sam)
    assert cost() == little


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], []),
        ([date(2026, 1, 31)], [(date(2026, 1, 1), 1)]),
        (
            [date(2026, 3, 1), date(2025, 12, 31), date(2026, 3, 31)],
            [
                (date(2025, 12, 1), 1),
                (date(2026, 1, 1), 0),
                (date(2026, 2, 1), 0),
                (date(2026, 3, 1), 2),
            ],
        ),
    ],
)
def test_months_without_evidence_are_counted_as_none(days, expected):
    assert by_month(on(*days)) == expected


DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("days", "spread"),
    [
        ([], Spread(0, 0, False)),
        ([DAY], Spread(1, 1, False)),
        ([DAY, DAY - timedelta(days=1)], Spread(2, 1, True)),
        ([DAY, DAY - timedelta(weeks=8)], Spread(2, 2, False)),
        ([DAY, DAY - timedelta(days=55)], Spread(2, 2, True)),
        ([DAY + timedelta(days=1)], Spread(0, 0, False)),
    ],
)
def test_a_spread_counts_pieces_and_months_and_warns_of_a_late_rush(days, spread):
    assert Spread.of(on(*days), on=DAY) == spread


def test_a_spread_is_of_today_unless_told_otherwise():
    assert Spread.of(on(today(), today() - timedelta(days=1))).all_recent
