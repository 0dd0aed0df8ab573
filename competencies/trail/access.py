from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, Value
from django.db.models.functions import StrIndex, Substr
from django.db.models.lookups import GreaterThan

from competencies.core.clock import today
from competencies.core.permissions import rule

from .visibility import actions_between, actions_of_the_auditor, dated_actions, quiet_actions

if TYPE_CHECKING:
    from competencies.people.models import Person


DAY = '"on":"'  # as the canonical text of the details says it


@rule("trail.read_entry", on="trail.Entry")
def read_entry(person: Person) -> Q:
    """The auditor all; HR and the person it is about what is not quiet; everybody what they did.

    Not what they did in answering a case: it may have been shown to them without its name. What is
    about oneself and dated ahead is told on its day, also to somebody of HR.
    """
    not_quiet = ~Q(action__in=quiet_actions())
    of_oneself = Q(about=person) & ~_ahead()
    of_others = ~Q(about=person) & ~Q(action__in=actions_between()) & person.holding("hr")
    by_oneself = Q(actor=person) & ~Q(action__in=actions_of_the_auditor())
    return by_oneself | (not_quiet & (of_oneself | of_others)) | person.holding("auditor")


def _ahead() -> Q:
    """Return a `Q`: true on entries of what takes effect on a day to come."""
    day = Substr("data", StrIndex("data", Value(DAY)) + len(DAY), 10)
    later = GreaterThan(day, Value(today().isoformat()))
    return Q(later, action__in=dated_actions(), data__contains=DAY)
