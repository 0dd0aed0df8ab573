"""What an assessment is read against: the expectation at the yardstick, and the levels around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from competencies.framework.models import Behaviour, Citation, Competency, Coverage, Expectation, Level

if TYPE_CHECKING:
    from competencies.framework.models import Track

    from .models import Review


@dataclass(frozen=True)
class Ask:
    """What one level asks of one track in one competency, each behaviour with its basis."""

    level: Level
    expectation: Expectation
    behaviours: list[tuple[Behaviour, str]]


@dataclass
class Yardstick:
    """One competency with what is asked at the yardstick, and the levels a reader compares it with."""

    competency: Competency
    asked: Ask | None = None
    beside: list[Level] = field(default_factory=list)


def yardsticks(review: Review) -> list[Yardstick]:
    """Return a `Yardstick` for each competency of the pinned edition, in the order of the ladder.

    Beside the yardstick stands the level held, where the review aims higher, or else every next
    step, as far as the ladder says something there. Ten queries, whatever its size.
    """
    beside = levels_beside(review)
    asks = _asks(Expectation.objects.filter(level=review.level), review.track)
    cells = set(Expectation.objects.filter(level__in=beside).values_list("competency", "level"))
    competencies = Competency.objects.filter(edition=review.level.edition_id).select_related("area")
    return [
        Yardstick(
            competency,
            asks.get((competency.pk, review.level_id)),
            [level for level in beside if (competency.pk, level.pk) in cells],
        )
        for competency in competencies
    ]


def levels_beside(review: Review) -> list[Level]:
    """Return the levels that a reader of `review` compares its yardstick with."""
    if review.level_id != review.held_level_id:
        return [review.held_level]
    return list(review.level.next_steps())


def asked_at(level: Level, track: Track, competency: Competency) -> Ask | None:
    """Return what a level asks of a track in one competency, or None where the edition has no such cell."""
    asks = _asks(competency.expectations.filter(level=level), track)
    return asks.get((competency.pk, level.pk))


def _asks(expectations: QuerySet[Expectation, Expectation], track: Track) -> dict[tuple[int, int], Ask]:
    """Return `{(competency id, level id): Ask}` of expectations, on a track."""
    citations = Citation.objects.select_related("passage__source")
    behaviours = Behaviour.objects.prefetch_related(Prefetch("citations", queryset=citations))
    rows = expectations.select_related("level").prefetch_related(Prefetch("behaviours", queryset=behaviours))
    stated_by: dict[int, set[int]] = {}
    for coverage in Coverage.objects.filter(track=track):
        stated_by.setdefault(coverage.level_id, set()).add(coverage.source_id)
    return {
        (expectation.competency_id, expectation.level_id): Ask(
            expectation.level,
            expectation,
            [
                (behaviour, behaviour.basis(track, stated_by.get(expectation.level_id, set())))
                for behaviour in expectation.behaviours_for(track)
            ],
        )
        for expectation in rows
    }
