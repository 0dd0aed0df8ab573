"""How far somebody is shown to work at a level: per competency, never one number.

A competency is met for as many reviews in a row as its manager ratings, newest first, reach the
bar against the target level or against one that includes it. A reading against a lower level
says nothing about the target and ends the row.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from competencies.framework.models import Level
from competencies.reviews.comparing import Spread
from competencies.reviews.models import Assessment, Rating, Review

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

    competency: object
    readings: list = field(default_factory=list)
    evidence: list = field(default_factory=list)

    @property
    def latest(self):
        return self.readings[0] if self.readings else None

    @property
    def standing(self):
        """`met`, `below`, `not observed`, or `not assessed` when the latest reading was of another level."""
        if self.latest is None or not self.latest.counts:
            return UNREAD
        if self.latest.met is None:
            return UNSEEN
        return MET if self.latest.met else BELOW

    @property
    def sustained(self):
        """The number of reviews in a row, newest first, that met the target level."""
        count = 0
        for reading in self.readings:
            if not (reading.counts and reading.met):
                break
            count += 1
        return count

    @property
    def by(self):
        """The managers who said so, newest first, each once."""
        raters = (reading.review.manager for reading in self.readings[: self.sustained])
        return list(dict.fromkeys(raters))

    @property
    def spread(self):
        return Spread.of(self.evidence)


def readiness(case):
    """Return a `Readiness` for each competency of the case's edition, in the order of the ladder.

    Eight queries, whatever the number of reviews. Only revealed reviews are read.
    """
    reviews = list(
        Review.objects.revealed()
        .filter(subject=case.subject_id)
        .select_related("cycle__opening", "level", "manager", "reveal")
        .order_by("-cycle__opening__at")
    )
    bar = case.to_level.edition.scale.bar
    covered = _levels_that_cover(case.to_level.key)
    ratings = _ratings(reviews)
    evidence = defaultdict(dict)
    for exhibit in case.exhibits.select_related("evidence").prefetch_related("evidence__competencies"):
        for competency in exhibit.evidence.competencies.all():
            evidence[competency.key][exhibit.evidence_id] = exhibit.evidence

    rows = []
    for competency in case.to_level.edition.competency_set.select_related("area"):
        row = Readiness(competency, evidence=list(evidence[competency.key].values()))
        for review in reviews:
            mine, theirs = (ratings.get((review.pk, kind, competency.key)) for kind in ("self", "manager"))
            if mine or theirs:
                value = theirs.point.value if theirs and theirs.point else None
                met = None if value is None else value >= bar
                row.readings.append(Reading(review, mine, theirs, review.level_id in covered, met))
        rows.append(row)
    return rows


def _levels_that_cover(key):
    levels = Level.objects.prefetch_related("includes")
    return {level.pk for level in levels if level.covers(key)}


def _ratings(reviews):
    rows = Rating.objects.filter(
        assessment__in=Assessment.objects.submitted().filter(review__in=reviews)
    ).select_related("assessment", "competency", "point")
    return {(row.assessment.review_id, row.assessment.kind, row.competency.key): row for row in rows}
