"""Readings: who looked at a record of somebody else, and when.

A rule that shows somebody's record declares a `Reading`; every door that finds a row through that
rule, page or API, notes it by itself. So no view has to remember.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Model

from competencies.core.clock import now
from competencies.core.idempotency import taking
from competencies.core.permissions import rule_of

from .kinds import kind_of
from .models import Entry, Happening, record_each

if TYPE_CHECKING:
    from competencies.people.models import Person


ONCE_IN = timedelta(hours=1)


@dataclass(frozen=True)
class Reading:
    """How the trail names it when a row is shown: the action, and whose record it is.

    `about` leads from the row to that person, attribute by attribute; empty when the row is the
    person. `shown` says of a row whether anybody but its writer can read it: what nobody else can is
    not noted, as that would tell of a draft. `named` gives the action of a row, where that is not always
    the same one.
    """

    action: str
    about: str = ""
    shown: Callable[[Any], bool] = lambda row: True
    named: Callable[[Any], str] | None = None

    def action_of(self, row: Model) -> str:
        return self.named(row) if self.named else self.action

    def person_of(self, row: Model) -> Person:
        return reduce(getattr, self.about.split("."), cast("Any", row)) if self.about else cast("Person", row)


def note(action: str, rows: Iterable[Model], *, by: Person) -> list[Entry]:
    """Add to the trail that `by` is shown `rows` through the rule `action`; return the new entries.

    Nothing is added where the rule declares no reading.
    """
    reading = rule_of(action).reading
    if reading is None:
        return []
    shown: dict[str, list[tuple[Model, Person | None]]] = {}
    for row in rows:
        if reading.shown(row):
            shown.setdefault(reading.action_of(row), []).append((row, reading.person_of(row)))
    return [entry for named, some in shown.items() for entry in note_readings(named, some, by=by)]


def note_reading(action: str, row: Model, *, by: Person, about: Person | None) -> Entry | None:
    """Add to the trail that `by` looked at `row`, a record of `about`; return the `Entry`, or None.

    `action` is `"noun.read"`. See `note_readings` for what is not added.
    """
    return next(iter(note_readings(action, [(row, about)], by=by)), None)


def note_readings(action: str, rows: Iterable[tuple[Model, Person | None]], *, by: Person) -> list[Entry]:
    """Add to the trail that `by` looked at each of `rows`: `(row, about)` of one model; return the entries.

    Nothing is added for one's own record, and for a row that one looked at within the hour: a page
    that is opened again, or refreshes itself, is one reading. One query, and a write for what is new.
    """
    of_others = {str(row.pk): (row, about) for row, about in rows if about is not None and about.pk != by.pk}
    if not of_others:
        return []
    model = kind_of(next(iter(of_others.values()))[0])
    again = Entry.objects.filter(
        actor=by, action=action, row_model=model, row_pk__in=list(of_others), at__gt=now() - ONCE_IN
    )
    noted = set(again.order_by().values_list("row_pk", flat=True))
    new: list[Happening] = [(row, about, {}) for pk, (row, about) in of_others.items() if pk not in noted]
    if not new:
        return []
    with taking(None):  # to look is not yet to do what was sent
        return record_each(action, new, by=by)
