"""Whom a manager could nominate, and to which levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from competencies.core.prepared import prepared
from competencies.framework.in_force import InForce
from competencies.framework.models import Expectation, Level
from competencies.framework.models.inclusion import Inclusions
from competencies.people.models import Person, Placement

from .models import PromotionCase

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competencies.framework.models import Competency


@dataclass(frozen=True)
class Prospect:
    """Somebody who reports to a manager, the placement they hold, and the next steps from it."""

    person: Person
    placement: Placement | None
    steps: Sequence[Level]

    @property
    def level(self) -> Level | None:
        return self.placement.level if self.placement else None


def prospects(manager: Person) -> list[Prospect]:
    """Return a `Prospect` for each active report of `manager` without an open case, by name.

    The next steps are those of the edition in force of the framework that each is placed on; nobody has
    any where none is in force. Five queries, whatever the number of reports.
    """
    return prospects_among(_without_open_case(manager))


@prepared
def _without_open_case(person: Person) -> QuerySet[Person]:
    reports = person.reports().active()
    barred = PromotionCase.objects.barring(reports, person).values("subject")
    return reports.exclude(pk__in=barred)


@prepared
def _placements(people: list[int]) -> QuerySet[Placement]:
    held = Placement.objects.current().filter(person__in=people)
    return held.select_related("level__edition__framework", "track", "person")


def prospects_among(people: Sequence[Person]) -> list[Prospect]:
    """Return a `Prospect` for each of `people`, in their order."""
    held = _placements([person.pk for person in people])
    placements = {placement.person_id: placement for placement in held}
    steps = _steps(InForce())
    return [_prospect(person, placements.get(person.pk), steps) for person in people]


@dataclass(frozen=True)
class Step:
    """What one competency asks at a next step; None where the ladder says nothing."""

    level: Level
    words: str | None


@dataclass(frozen=True)
class Change:
    """What one competency asks now and at each next step."""

    competency: Competency
    now: str | None
    steps: list[Step]


def changes(placement: Placement | None, steps: Sequence[Level]) -> list[Change]:
    """Return a `Change` for each competency that asks something else at one of `steps` than at `placement`.

    In the order of the ladder, and the steps in theirs. One query.
    """
    if placement is None or not steps:
        return []
    held, keys = placement.level.key, [level.key for level in steps]
    summaries: dict[Competency, dict[str, str]] = {}
    for row in (
        Expectation.objects.filter(level__edition=steps[0].edition_id, level__key__in=[held, *keys])
        .select_related("competency", "level")
        .order_by("competency__position")
    ):
        summaries.setdefault(row.competency, {})[row.level.key] = row.summary
    rows = [
        Change(one, words.get(held), [Step(level, words.get(level.key)) for level in steps])
        for one, words in summaries.items()
    ]
    return [row for row in rows if any(step.words != row.now for step in row.steps)]


def _prospect(
    person: Person, placement: Placement | None, steps: Mapping[tuple[int, str], Sequence[Level]]
) -> Prospect:
    return Prospect(person, placement, steps.get(placement.level.lineage, []) if placement else [])


def _steps(in_force: InForce) -> dict[tuple[int, str], list[Level]]:
    """Return the next steps from each level of the editions in force: `{(framework, key): [Level]}`."""
    inclusions = Inclusions.of(in_force.editions)
    levels = list(Level.objects.filter(edition__in=in_force.editions).select_related("edition"))
    by_pk = {level.pk: level for level in levels}
    return {
        level.lineage: sorted(
            (by_pk[pk] for pk in inclusions.next_steps(level.pk)), key=lambda step: step.position
        )
        for level in levels
    }
