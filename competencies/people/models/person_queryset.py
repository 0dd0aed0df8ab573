"""People by whether they are here and by where they stand in the reporting line today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from competencies.core.clock import today
from competencies.core.querysets import Guarded

from ..querysets import calendar_columns, here
from .credentials import Invitation
from .missing_assignments import MissingAssignment
from .organisation import RoleGrant
from .reporting import ReportingLine
from .reporting_closure import ManagerPath

if TYPE_CHECKING:
    from .person import Person


class People(Guarded["Person"]):
    """People, by whether they are here and by whom they report to."""

    def active(self) -> Self:
        """Keep those who are here today."""
        return self.filter(here())

    def left(self) -> Self:
        """Keep those who were here once and are not any more."""
        return self.filter(leaves_on__lte=today())

    def without_manager(self) -> Self:
        """Keep those who are here and report to nobody today."""
        return self._lacking("manager")

    def without_level(self) -> Self:
        """Keep those who are here and stand at no level today."""
        return self._lacking("level")

    def with_manager_gone(self) -> Self:
        """Keep those who are here and report today to somebody who is not."""
        return self._lacking("manager-gone")

    def _lacking(self, kind: str) -> Self:
        return self.active().filter(
            pk__in=MissingAssignment.objects.today().filter(kind=kind).values("person")
        )

    def with_calendar(self) -> Self:
        """Read the organisation's calendar along, which each request needs: see `Person.calendar_here`."""
        return self.annotate(**calendar_columns())

    def in_order(self, ids: Sequence[int]) -> list[Person]:
        """Return the people with these ids as a list, in the order of the ids."""
        found = self.in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def reporting_to(self, manager: Person, *, on: date | None = None) -> Self:
        """Keep those whose manager is `manager` on a day (today when None)."""
        lines = ReportingLine.objects.on(on or today()).filter(manager=manager)
        return self.filter(pk__in=lines.values("person"))

    def below(self, manager: Person) -> Self:
        """Keep everyone under `manager` today, at any depth."""
        return self._below(manager, {"until__gt": today(), "starts_on__lte": today()})

    def below_from(self, manager: Person, day: date) -> Self:
        """Keep everyone under `manager` by lines that hold on `day` or any day after it."""
        return self._below(manager, {"until__gt": day})

    def managing(self) -> Self:
        """Keep those to whom anybody reports today."""
        return self.filter(pk__in=ReportingLine.objects.current().values("manager"))

    def locked_out(self) -> Self:
        """Keep those who have no password to sign in with, and never came in by another way."""
        return self.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None)

    def uninvited(self) -> Self:
        """Keep those who hold no invitation that still opens the door."""
        return self.exclude(pk__in=Invitation.objects.active().values("person"))

    def above(self, person: Person) -> Self:
        """Keep everyone above `person` today: their manager, and up to the top."""
        return self.filter(pk__in=ManagerPath.objects.today().filter(person=person).values("manager"))

    def beside(self, person: Person) -> Self:
        """Keep those who report today to the same manager as `person`, themselves included."""
        theirs = ReportingLine.objects.current().filter(person=person).values("manager")
        lines = ReportingLine.objects.current().filter(manager__in=theirs)
        return self.filter(pk__in=lines.values("person"))

    def _below(self, manager: Person, when: Mapping[str, date]) -> Self:
        return self.filter(pk__in=ManagerPath.objects.filter(manager=manager, **when).values("person"))

    def holding(self, role: str) -> Self:
        """Keep those who hold a granted role (`hr`, `author`, `auditor`) now."""
        return self.filter(pk__in=RoleGrant.objects.in_force().filter(role=role).values("person"))
