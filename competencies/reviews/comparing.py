"""Self and manager side by side: gaps, evidence and its spread, and what the cycle before said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet, Subquery
from django.utils.functional import cached_property

from competencies.core.clock import today
from competencies.core.prepared import prepared
from competencies.framework.models import Competency

from .models import Assessment, Rating, Review

if TYPE_CHECKING:
    from competencies.evidence.models import Evidence

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

    @cached_property
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

    @cached_property
    def evidence(self) -> list[Evidence]:
        pieces = {piece.pk: piece for row in self.rows for piece in row.evidence}
        return sorted(pieces.values(), key=lambda piece: (piece.happened_on, piece.pk))

    @property
    def months(self) -> list[tuple[date, int]]:
        """The number of pieces in each month from the first to the last: `[(date, count), …]`."""
        return by_month(self.evidence)

    @cached_property
    def apart(self) -> list[Row]:
        """The rows on which the two sides differ, widest gap first."""
        return sorted((row for row in self.rows if row.gap), key=lambda row: -abs(row.gap or 0))


def compare(review: Review) -> Comparison:
    """Return the `Comparison` of `review`. The caller has asked `reviews.compare_review`.

    Five queries, whatever the number of competencies and pieces of evidence.
    """
    earlier = next(iter(_earlier(review.pk)), None)
    elsewhere = None
    if earlier and earlier.level.edition.framework_id != review.level.edition.framework_id:
        earlier, elsewhere = None, earlier
    ratings = ratings_by_key(*filter(None, (review, earlier)))
    rows = [
        Row(
            competency,
            *(
                ratings.get((pk, kind, competency.key))
                for pk in (review.pk, earlier.pk if earlier else None)
                for kind in ("self", "manager")
            ),
        )
        for competency in _competencies(review.level.edition_id)
    ]
    return Comparison(review, rows, earlier, elsewhere)


def ratings_by_key(*reviews: Review) -> dict[tuple[int | None, str, str], Rating]:
    """Return the submitted ratings of reviews: `{(review id, kind, competency key): Rating}`. Two queries."""
    ratings: list[Any] = _ratings([review.pk for review in reviews])
    return {(rating.of_review, rating.side, rating.key): rating for rating in ratings}


@prepared
def _earlier(review: int) -> QuerySet[Review]:
    """Return the last revealed review of the same person that opened before, if there is one."""
    this = Review.objects.filter(pk=review).order_by()
    reviews = Review.objects.revealed().filter(
        subject__in=this.values("subject"), cycle__opening__at__lt=Subquery(this.values("cycle__opening__at"))
    )
    return reviews.select_related(
        "cycle__opening", "cycle__closing", "level__edition__framework", "reveal"
    ).order_by("-cycle__opening__at")[:1]


@prepared
def _competencies(edition: int) -> QuerySet[Competency]:
    return Competency.objects.filter(edition=edition).select_related("area")


@prepared
def _ratings(reviews: list[int]) -> QuerySet[Rating]:
    submitted = Assessment.objects.submitted().filter(review__in=reviews)
    return (
        Rating.objects.filter(assessment__in=submitted)
        .annotate(of_review=F("assessment__review"), side=F("assessment__kind"), key=F("competency__key"))
        .select_related("point")
        .prefetch_related("evidence")
    )


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
