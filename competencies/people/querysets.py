"""Dated rows, and rows by whether they still hold."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet, Subquery

from competencies.core.clock import calendar_of, note_calendar, now, today
from competencies.core.querysets import Guarded, Row

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from .models import Invitation, ManagerPath, MissingAssignment, RoleGrant, Token


def here(path: str = "", *, on: date | Combinable | None = None) -> Q:
    """Return the condition that somebody, at `path` from the row, has not left by a day (today when None)."""
    return Q(**{f"{path}leaves_on": None}) | Q(**{f"{path}leaves_on__gt": on or today()})


def calendar_columns() -> dict[str, Subquery]:
    """Return what reads the calendar along with other rows: what `calendar_of` takes, by names of columns."""
    here = apps.get_model("people.Organisation")._default_manager.filter(pk=1)
    return {
        "zone_here": Subquery(here.values("time_zone")),
        "zone_since_here": Subquery(here.values("zone_since")),
        "zone_day_here": Subquery(here.values("zone_day")),
    }


class Dated(Guarded[Row]):
    """Rows that hold from one day up to, not including, another."""

    def on(self, day: date) -> Self:
        """Keep the rows that hold on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def current(self) -> Self:
        return self.on(today())


class ManagerPaths(QuerySet["ManagerPath"]):
    """Pairs of people of whom one stands above the other."""

    def on(self, day: date | Combinable) -> Self:
        return self.filter(starts_on__lte=day, until__gt=day)

    def today(self) -> Self:
        return self.on(today())


class MissingAssignments(QuerySet["MissingAssignment"]):
    """What people lack for a time."""

    def today(self) -> Self:
        return self.filter(until__gt=today(), starts_on__lte=today())


class Grants(Guarded["RoleGrant"]):
    """Granted roles, by whether they still hold."""

    def in_force(self) -> Self:
        return self.filter(revoked_at=None)


class Tokens(Guarded["Token"]):
    """Tokens by whether they still open anything."""

    def active(self) -> Self:
        """Keep those that are neither expired nor revoked, of people who are here."""
        return self.filter(here("person__"), revoked_at=None, expires_at__gt=now())

    def bearing(self, key: str) -> Token | None:
        """Return the active token with this key, or None. One query: person and calendar are read along.

        Whether the person is here is asked of the calendar that this finds.
        """
        held = self.filter(revoked_at=None, expires_at__gt=now(), digest=digest_of(key))
        token = held.select_related("person").annotate(**calendar_columns()).first()
        if token is None:
            return None
        note_calendar(calendar_of(token.zone_here, token.zone_since_here, token.zone_day_here))
        return token if token.person.is_active else None


class Invitations(Guarded["Invitation"]):
    """Invitations by whether they still open the door."""

    def active(self) -> Self:
        """Keep those that were neither used nor taken back nor are expired, of people who are here.

        Whoever has chosen a password by another way is invited no more: theirs to change, not a link's.
        """
        return self.filter(
            here("person__"),
            person__password__startswith=UNUSABLE_PASSWORD_PREFIX,
            accepted_at=None,
            revoked_at=None,
            expires_at__gt=now(),
        )

    def bearing(self, key: str) -> Invitation | None:
        """Return the active invitation with this key, or None. One query, the person with it."""
        return self.active().select_related("person").filter(digest=digest_of(key)).first()

    def used(self, key: str) -> Invitation | None:
        """Return the invitation with this key that its person, who is still here, has accepted, or None."""
        accepted = self.filter(here("person__"), accepted_at__isnull=False)
        return accepted.filter(digest=digest_of(key)).first()


def digest_of(key: str) -> str:
    """Return the SHA-256 (hex) by which a key is kept. The key is 256 bits of chance: no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()
