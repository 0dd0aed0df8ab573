"""Whom a manager could nominate, and to which levels."""

from dataclasses import dataclass

from competencies.framework.models import Edition, Level
from competencies.people.models import Placement

from .models import PromotionCase


@dataclass(frozen=True)
class Prospect:
    """Somebody who reports to a manager, the placement they hold, and the next steps from it."""

    person: object
    placement: Placement | None
    steps: list

    @property
    def level(self):
        return self.placement and self.placement.level


def prospects(manager):
    """Return a `Prospect` for each active report of `manager` without an open case, by name.

    The next steps are those of the edition in force; nobody has any while none is published.
    Five queries, whatever the number of reports.
    """
    reports = manager.reports().active()
    barred = PromotionCase.objects.barring(reports, manager).values("subject")
    return prospects_among(reports.exclude(pk__in=barred))


def prospects_among(people):
    """Return a `Prospect` for each of `people` (a queryset), in its order."""
    placements = {
        placement.person_id: placement
        for placement in Placement.objects.current()
        .filter(person__in=people)
        .select_related("level", "track", "person")
    }
    steps = _steps(Edition.objects.in_force())
    return [_prospect(person, placements.get(person.pk), steps) for person in people]


def _prospect(person, placement, steps):
    return Prospect(person, placement, steps.get(placement.level.key, []) if placement else [])


def _steps(edition):
    levels = Level.objects.filter(edition=edition).prefetch_related("included_in") if edition else ()
    return {level.key: list(level.next_steps()) for level in levels}
