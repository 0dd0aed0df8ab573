"""Rules on imports. Their actions keep the names by which pages, tasks and the trail know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competencies.core.clock import now
from competencies.core.permissions import rule

from .models.imports import UNDOABLE, Import

if TYPE_CHECKING:
    from competencies.people.models import Person


@rule("people.read_import", on="people_import.Import")
def read_import(person: Person) -> Q:
    return person.holding("hr")


@rule("people.open_run", on="people_import.Run")
def open_run(person: Person) -> Q:
    return Q(of__in=Import.objects.filter(read_import(person)).values("pk"))


@rule("people.map_import", on="people_import.Import")
def map_import(person: Person) -> Q:
    return Q(application=None, sheet__isnull=False) & person.holding("hr")


@rule("people.apply_import", on="people_import.Import")
def apply_import(person: Person) -> Q:
    return Q(application=None, sheet__isnull=False, preview__isnull=False) & person.holding("hr")


@rule("people.undo_import", on="people_import.Import")
def undo_import(person: Person) -> Q:
    """For a day, while what it changed is still remembered."""
    fresh = Q(application__at__gt=now() - UNDOABLE, application__memory__isnull=False)
    return fresh & Q(application__undoing=None) & person.holding("hr")


@rule("people.drop_import", on="people_import.Import")
def drop_import(person: Person) -> Q:
    return Q(application=None, sheet__isnull=False) & person.holding("hr")
