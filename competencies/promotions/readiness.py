"""How far somebody is shown to work at a level: per competency, never one number.

A competency is met for as many reviews in a row as its manager ratings, newest first, reach the
bar against the target level or against one that includes it. A reading against a lower level
says nothing about the target and ends the row. So does a review on another framework, whatever its
levels and competencies are called: nothing from before it is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from competencies.core.prepared import prepared
from competencies.framework.models import Competency, Edition, Level
from competencies.framework.models.inclusion import Inclusions
from competencies.reviews.comparing import Spread
from competencies.reviews.models import Assessment, Rating, Review

from .contents import exhibits_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competencies.evidence.models import Evidence
    from competencies.people.models import Person

    from .models import Exhibit, PromotionCase


History = tuple[list[Review], Review | None]
MET, BELOW, UNSEEN, UNREAD = "met", "below", "not observed", "not assessed"


@dataclass(frozen=True)
class Reading:
    """What one review said about one competency, and against which level."""

    review: Review
    self_rating: Rating | None
    manager_rating: Rating | None
    counts: bool
    met: bool | None


@dataclass
class Readiness:
    """Where somebody stands in one competency against the target level."""

    competency: Competency
    readings: list[Reading] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def latest(self) -> Reading | None:
        return self.readings[0] if self.readings else None

    @property
    def status(self) -> str:
        """`met`, `below`, `not observed`, or `not assessed` when the latest reading was of another level."""
        if self.latest is None or not self.latest.counts:
            return UNREAD
        if self.latest.met is None:
            return UNSEEN
        return MET if self.latest.met else BELOW

    @property
    def sustained(self) -> int:
        """The number of reviews in a row, newest first, that met the target level."""
        count = 0
        for reading in self.readings:
            if not (reading.counts and reading.met):
                break
            count += 1
        return count

    @property
    def by(self) -> list[Person]:
        """The managers who said so, newest first, each once."""
        raters = (reading.review.manager for reading in self.readings[: self.sustained])
        return list(dict.fromkeys(raters))

    @property
    def spread(self) -> Spread:
        return Spread.of(self.evidence)


def readiness(
    case: PromotionCase, exhibits: Sequence[Exhibit] | None = None, history: History | None = None
) -> list[Readiness]:
    """Return a `Readiness` for each competency of the case's edition, in the order of the ladder.

    `exhibits` and `history` are those of the case, where they were read already. Eight queries otherwise,
    whatever the number of reviews. Only revealed reviews are read.
    """
    reviews, _before = history or history_of(case)
    bar = case.to_level.edition.scale.bar
    covering = _levels_that_cover(case.to_level)
    ratings = _ratings(reviews)
    evidence: dict[tuple[int, str], dict[int, Evidence]] = defaultdict(dict)
    for exhibit in exhibits_of(case) if exhibits is None else exhibits:
        for competency in exhibit.evidence.competencies.all():
            evidence[competency.lineage][exhibit.evidence_id] = exhibit.evidence

    rows = []
    for competency in _competencies(case.to_level.edition_id):
        row = Readiness(competency, evidence=list(evidence[competency.lineage].values()))
        for review in reviews:
            mine, theirs = (ratings.get((review.pk, kind, competency.key)) for kind in ("self", "manager"))
            if mine or theirs:
                value = theirs.point.value if theirs and theirs.point else None
                met = None if value is None or bar is None else value >= bar
                row.readings.append(Reading(review, mine, theirs, review.level_id in covering, met))
        rows.append(row)
    return rows


def begun_anew(case: PromotionCase) -> Review | None:
    """Return the newest review on another framework, after which everything about the candidate begins
    anew, or None. One query.
    """
    return history_of(case)[1]


def history_of(case: PromotionCase) -> History:
    """Return the revealed reviews on the framework of the case, newest first, back to the first on another.

    That one is returned beside them: `(reviews, the one before them or None)`.
    """
    framework = case.to_level.edition.framework_id
    found: list[Review] = []
    for review in _revealed_reviews(case.subject_id):
        if review.level.edition.framework_id != framework:
            return found, review
        found.append(review)
    return found, None


@prepared
def _revealed_reviews(subject: int) -> QuerySet[Review]:
    reviews = Review.objects.revealed().filter(subject=subject).order_by("-cycle__opening__at")
    return reviews.select_related("cycle__opening", "level__edition__framework", "manager", "reveal")


@prepared
def _competencies(edition: int) -> QuerySet[Competency]:
    return Competency.objects.filter(edition=edition).select_related("area", "edition")


@prepared
def _levels(framework: int) -> QuerySet[Level, tuple[int, str]]:
    return Level.objects.filter(edition__framework=framework).order_by().values_list("pk", "key")


def _levels_that_cover(target: Level) -> set[int]:
    """Return the ids of the levels, in any edition of its framework, that ask for all of `target`."""
    editions = Edition.objects.filter(framework=target.edition.framework_id).order_by()
    levels = dict(_levels(target.edition.framework_id))
    inclusions = Inclusions.of(editions)
    return {
        pk
        for pk, key in levels.items()
        if key == target.key or any(levels[below] == target.key for below in inclusions.covered(pk))
    }


def _ratings(reviews: Sequence[Review]) -> dict[tuple[int, str, str], Rating]:
    rows = _submitted_ratings([review.pk for review in reviews])
    return {(row.assessment.review_id, row.assessment.kind, row.competency.key): row for row in rows}


@prepared
def _submitted_ratings(reviews: list[int]) -> QuerySet[Rating]:
    submitted = Assessment.objects.submitted().filter(review__in=reviews)
    return Rating.objects.filter(assessment__in=submitted).select_related("assessment", "competency", "point")
