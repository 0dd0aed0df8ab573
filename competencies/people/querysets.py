"""Dated rows, and people by where they stand in the reporting line today."""

import hashlib
from datetime import date

from django.db.models import Q
from django.db.models.expressions import RawSQL

from competencies.access.clock import now, today
from competencies.access.querysets import Guarded

BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT person_id FROM people_reportingline
    WHERE manager_id = %s AND starts_on <= %s AND (ends_on IS NULL OR ends_on > %s)
  UNION
    SELECT line.person_id FROM people_reportingline AS line JOIN below ON line.manager_id = below.id
    WHERE line.starts_on <= %s AND (line.ends_on IS NULL OR line.ends_on > %s)
)
SELECT id FROM below
"""


class Dated(Guarded):
    """Rows that hold from one day up to, not including, another."""

    def on(self, day):
        """Keep the rows that hold on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def current(self):
        return self.on(today())


class People(Guarded):
    """People, by whether they are here and by whom they report to."""

    def active(self):
        return self.filter(is_active=True)

    def reporting_to(self, manager, *, on=None):
        """Keep those whose manager is `manager` on a day (today when None)."""
        from .models import ReportingLine

        lines = ReportingLine.objects.on(on or today()).filter(manager=manager)
        return self.filter(pk__in=lines.values("person"))

    def below(self, manager):
        """Keep everyone under `manager` today, at any depth. One query, whatever the depth."""
        return self._below(manager, today(), today())

    def below_from(self, manager, day):
        """Keep everyone under `manager` by lines that hold on `day` or any day after it."""
        return self._below(manager, day, date.max)

    def _below(self, manager, first, last):
        rows = RawSQL(BELOW, [manager.pk, last, first, last, first])  # noqa: S611
        return self.filter(pk__in=rows).exclude(pk=manager.pk)

    def holding(self, role):
        """Keep those who hold a granted role (`hr`, `author`, `auditor`) now."""
        from .models import RoleGrant

        return self.filter(pk__in=RoleGrant.objects.in_force().filter(role=role).values("person"))


class Grants(Guarded):
    """Granted roles, by whether they still hold."""

    def in_force(self):
        return self.filter(revoked_at=None)


class Tokens(Guarded):
    """Tokens by whether they still open anything."""

    def living(self):
        """Keep those that are neither expired nor revoked, of people who are here."""
        return self.filter(revoked_at=None, expires_at__gt=now(), person__is_active=True)

    def bearing(self, key):
        """Return the living token with this key, or None. One query, the person with it."""
        return self.living().select_related("person").filter(digest=digest_of(key)).first()


def digest_of(key):
    """Return the SHA-256 (hex) by which a key is kept. The key is 256 bits of chance: no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()
