"""Self and manager side by side: gaps, evidence and its spread, and what the cycle before said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.functional import cached_property

from competencies.core.clock import today
from competencies.evidence.models import Evidence

from .models import Assessment, Rating, Review

if TYPE_CHECKING:
    from competencies.framework.models import Competency

RECENT = timedelta(weeks=8)


@dataclass
class Row:
    """One competency of a comparison. Ratings are None where nobody answered."""

    competency: Competency
    self_rating: Rating | None
    manager_rating: Rating | None
    earlier_self: Rating | None = None
    earlier_manager: Rating | None = None

    @property
    def gap(self) -> int | None:
        """Manager's value less one's own, or None where either saw nothing."""
        return _step(self.self_rating, self.manager_rating)

    @property
    def change(self) -> int | None:
        """Manager's value less the one of the cycle before, or None where either is missing."""
        return _step(self.earlier_manager, self.manager_rating)

    @cached_property
    def evidence(self) -> list[Evidence]:
        """The pieces either side rests on, each once, latest first."""
        pieces = {}
        for rating in (self.self_rating, self.manager_rating):
            for piece in rating.evidence.all() if rating else ():
                pieces[piece.pk] = piece
        return sorted(pieces.values(), key=lambda piece: (piece.happened_on, piece.pk), reverse=True)

    @property
    def spread(self) -> Spread:
        return Spread.of(self.evidence)


def _step(before: Rating | None, after: Rating | None) -> int | None:
    first, second = _value(before), _value(after)
    return None if first is None or second is None else second - first


def _value(rating: Rating | None) -> int | None:
    return rating.point.value if rating and rating.point else None


@dataclass(frozen=True)
class Spread:
    """How many pieces of evidence there are, over how many months, and whether all are recent."""

    count: int
    months: int
    all_recent: bool

    @classmethod
    def of(cls, evidence: Sequence[Evidence], *, on: date | None = None) -> Spread:
        """Count `evidence` up to `on` (today when None). All of it within eight weeks is a warning."""
        until = on or today()
        days = [piece.happened_on for piece in evidence if piece.happened_on <= until]
        return cls(
            count=len(days),
            months=len({(day.year, day.month) for day in days}),
            all_recent=len(days) > 1 and min(days) > until - RECENT,
        )


@dataclass
class Comparison:
    """A revealed review, laid out for reading, beside the `earlier` one of its subject.

    Where that one was on another framework it is `elsewhere`, and nothing is compared with it.
    """

    review: Review
    rows: list[Row] = field(default_factory=list)
    earlier: Review | None = None
    elsewhere: Review | None = None

    @property
    def evidence(self) -> list[Evidence]:
        pieces = {piece.pk: piece for row in self.rows for piece in row.evidence}
        return sorted(pieces.values(), key=lambda piece: (piece.happened_on, piece.pk))

    @property
    def months(self) -> list[tuple[date, int]]:
        """The number of pieces in each month from the first to the last: `[(date, count), …]`."""
        return by_month(self.evidence)

    @property
    def apart(self) -> list[Row]:
        """The rows on which the two sides differ, widest gap first."""
        return sorted((row for row in self.rows if row.gap), key=lambda row: -abs(row.gap or 0))


def compare(review: Review) -> Comparison:
    """Return the `Comparison` of `review`. The caller has asked `reviews.compare_review`.

    Five queries, whatever the number of competencies and pieces of evidence.
    """
    earlier = (
        Review.objects.revealed()
        .filter(subject=review.subject_id, cycle__opening__at__lt=review.cycle.opening.at)
        .select_related("cycle__opening", "cycle__closing", "level__edition__framework", "reveal")
        .order_by("-cycle__opening__at")
        .first()
    )
    elsewhere = None
    if earlier and earlier.level.edition.framework_id != review.level.edition.framework_id:
        earlier, elsewhere = None, earlier
    ratings = ratings_by_key(*filter(None, (review, earlier)))
    competencies = review.level.edition.competency_set.select_related("area")
    rows = [
        Row(
            competency,
            *(
                ratings.get((pk, kind, competency.key))
                for pk in (review.pk, earlier.pk if earlier else None)
                for kind in ("self", "manager")
            ),
        )
        for competency in competencies
    ]
    return Comparison(review, rows, earlier, elsewhere)


def ratings_by_key(*reviews: Review) -> dict[tuple[int | None, str, str], Rating]:
    """Return the submitted ratings of reviews: `{(review id, kind, competency key): Rating}`. Two queries."""
    evidence = Prefetch("evidence", queryset=Evidence.objects.order_by("-happened_on", "-pk"))
    ratings = (
        Rating.objects.filter(assessment__in=Assessment.objects.submitted().filter(review__in=reviews))
        .select_related("assessment", "competency", "point")
        .prefetch_related(evidence)
    )
    return {
        (rating.assessment.review_id, rating.assessment.kind, rating.competency.key): rating
        for rating in ratings
    }


def by_month(evidence: Sequence[Evidence]) -> list[tuple[date, int]]:
    """Count evidence per month, empty months between the first and the last included."""
    counts = Counter(piece.happened_on.replace(day=1) for piece in evidence)
    if not counts:
        return []
    month, last, months = min(counts), max(counts), []
    while month <= last:
        months.append((month, counts[month]))
        month = (month + timedelta(days=32)).replace(day=1)
    return months
