"""A change of the organisation's time zone: what reads differently, shown before it is made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from competencies.core.clock import Calendar, calendar, forget_calendar, now, zone_called
from competencies.core.permissions import demand
from competencies.core.refusals import NotNow
from competencies.people.models import Organisation, Person, Placement, ReportingLine
from competencies.trail.models import canonical

from .models import Cycle

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row", ReportingLine, Placement)
AHEAD = timedelta(days=14)  # whose dated changes are looked over


@dataclass(frozen=True)
class Dated:
    """What begins on a day to come: changes of manager and of level, and people who leave."""

    day: date
    begins_at: datetime  # as it is planned now
    will_begin_at: datetime  # after the change of zone
    moves: list[Person] = field(default_factory=list)
    placements: list[Person] = field(default_factory=list)
    departures: list[Person] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """What changes with the zone: which day it is now and then, and what reads or begins differently."""

    former: tzinfo
    zone: tzinfo
    today: date
    then: date
    ends_at: datetime  # the end of the day `then`, in the new zone
    cycles: list[Cycle]
    dated: list[Dated]

    @property
    def at_once(self) -> list[Dated]:
        """Return what begins with the change itself, as its day has begun in the new zone."""
        return [changes for changes in self.dated if changes.day <= self.then]

    @property
    def later(self) -> list[Dated]:
        return [changes for changes in self.dated if changes.day > self.then]

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) of all that is shown, by which a confirmation says what it was given."""
        shown = {
            "zones": [str(self.former), str(self.zone)],
            "days": [self.today.isoformat(), self.then.isoformat()],
            "cycles": [
                [cycle.pk, cycle.self_due_at.isoformat(), cycle.manager_due_at.isoformat()]
                for cycle in self.cycles
            ],
            "dated": [
                [
                    changes.day.isoformat(),
                    *map(_keys, (changes.moves, changes.placements, changes.departures)),
                ]
                for changes in self.dated
            ],
        }
        return hashlib.sha256(canonical(shown).encode()).hexdigest()


def preview(name: str, *, by: Person) -> Preview:
    """Return what the time zone `name` would change, as `by` may know it.

    Refuses with `NotNow` a name that is not that of a zone, and the zone that counts already.
    """
    chosen, days, instant = zone_called(name), calendar(), now()
    if chosen is None:
        raise NotNow(_("Choose a time zone from the list."), field="zone")
    if name == str(days.zone):
        raise NotNow(_("%(zone)s is the time zone already.") % {"zone": name}, field="zone")
    today = days.day_of(instant)
    changed = Calendar(chosen, instant, today)
    then = changed.day_of(instant)
    return Preview(
        former=days.zone,
        zone=chosen,
        today=today,
        then=then,
        ends_at=_beginning_of(then + timedelta(days=1), chosen),
        cycles=list(Cycle.objects.open().order_by("self_due_at", "pk")),
        dated=_dated(today, days.zone, changed, instant, by=by),
    )


@transaction.atomic
def change_time_zone(name: str, *, seen: str, by: Person) -> Organisation:
    """Make the change that was looked over; return the organisation.

    `seen` is the digest of the `Preview` that was shown. Refuses with `NotNow` where another would be shown
    now, and what `preview` refuses.
    """
    demand(by, "people.govern_organisation", Organisation.here())
    organisation = Organisation.hold()
    forget_calendar()
    if preview(name, by=by).digest != seen:
        raise NotNow(_("Something has changed since you saw this preview. Please check it again."))
    return organisation.change_time_zone(name, by=by)


def _dated(today: date, former: tzinfo, changed: Calendar, instant: datetime, *, by: Person) -> list[Dated]:
    """Return what begins within the days ahead and `by` may know of, one `Dated` a day."""
    ahead = {"starts_on__gt": today, "starts_on__lte": today + AHEAD}
    readable = Person.objects.allowing(by, "people.read_plans").order_by()
    found: dict[date, Dated] = {}

    def on(day: date) -> Dated:
        if day not in found:
            begins, later = _beginning_of(day, former), _beginning_of(day, changed.zone)
            found[day] = Dated(day, begins, instant if later < instant else later)
        return found[day]

    for line in _of(ReportingLine.objects.filter(**ahead, person__in=readable.values("pk"))):
        on(line.starts_on).moves.append(line.person)
    for placement in _of(Placement.objects.filter(**ahead, person__in=readable.values("pk"))):
        on(placement.starts_on).placements.append(placement.person)
    leaving = {"leaves_on__gt": today, "leaves_on__lte": today + AHEAD}
    for person in readable.filter(**leaving).order_by("name", "pk"):
        if person.leaves_on:
            on(person.leaves_on).departures.append(person)
    return [found[day] for day in sorted(found)]


def _of(rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.select_related("person").order_by("person__name", "pk")


def _beginning_of(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day begins in a zone."""
    return datetime.combine(day, time.min, zone)


def _keys(people: list[Person]) -> list[int]:
    return sorted(person.pk for person in people)
