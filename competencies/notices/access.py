"""Who sees that a letter was ordered, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competencies.core.permissions import rule
from competencies.trail.visibility import keep_quiet

if TYPE_CHECKING:
    from competencies.people.models import Person


keep_quiet("letter.undelivered")


@rule("notices.read_letter", on="notices.Letter")
def read_letter(person: Person) -> Q:
    """Whoever gets it, and whoever ordered it."""
    return Q(receiver=person) | Q(by=person)
