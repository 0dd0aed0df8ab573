"""Missing assignments: who is here without a manager or a level, or under a manager who is gone.

Looking for somebody without a line among 100,000 people asks each of them for theirs, some 50 ms. The
rows kept here are those of spans that are not over, so there are as few as there is to mend; what begins
or ends at midnight does so without a write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.db import connection as default
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import today

from ..querysets import MissingAssignments

AT_ONCE = 500

MISSING = """
INSERT INTO people_gap (person_id, kind, starts_on, until)
SELECT person_id, %s, since, starts_on FROM (
    SELECT person_id, starts_on,
           COALESCE(MAX(until) OVER (PARTITION BY person_id ORDER BY starts_on
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), %s) AS since
    FROM (
        SELECT person_id, starts_on, COALESCE(ends_on, %s) AS until FROM {table} WHERE {of_these}
      UNION ALL
        SELECT id, COALESCE(leaves_on, %s), %s FROM people_person WHERE {these}
    ) AS span
) AS gap WHERE since < starts_on AND starts_on > %s
"""

MANAGER_GONE = """
INSERT INTO people_gap (person_id, kind, starts_on, until)
SELECT person_id, %s, starts_on, until FROM (
    SELECT line.person_id,
           CASE WHEN manager.leaves_on > line.starts_on THEN manager.leaves_on ELSE line.starts_on
           END AS starts_on,
           CASE WHEN person.leaves_on < COALESCE(line.ends_on, %s) THEN person.leaves_on
                ELSE COALESCE(line.ends_on, %s) END AS until
    FROM people_reportingline AS line
    JOIN people_person AS manager ON manager.id = line.manager_id
    JOIN people_person AS person ON person.id = line.person_id
    WHERE manager.leaves_on IS NOT NULL AND {of_these}
) AS gap WHERE starts_on < until AND until > %s
"""


class MissingAssignment(models.Model):
    """The fact that somebody who is here lacks something for a time. Derived from lines and placements.

    What was over when it was written is left out.
    """

    class Kind(models.TextChoices):
        MANAGER = "manager", _("Without a manager")
        LEVEL = "level", _("Without a level")
        MANAGER_GONE = "manager-gone", _("Manager gone")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="gaps")
    kind = models.CharField(max_length=20, choices=Kind)
    starts_on = models.DateField()
    until = models.DateField()

    objects = MissingAssignments.as_manager()

    class Meta:
        db_table = "people_gap"
        indexes = [models.Index(fields=["kind", "until", "starts_on", "person"], name="people_gap_by_kind")]


def retrace(people: Iterable[int]) -> None:
    """Write anew what `people` (ids) lack, today or later.

    Call it in the transaction that changed their lines, their placements or whether they are here; in
    the last case with those who report to them, as `reporting.with_reports` gives them.
    """
    ids = sorted(set(people))
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        MissingAssignment.objects.filter(person__in=some).delete()
        _trace(default, f"IN ({', '.join(['%s'] * len(some))})", some)


def retrace_everyone(connection: BaseDatabaseWrapper = default) -> None:
    """Write all rows anew. Some 1 s for 100,000 people."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_gap")
    _trace(connection, "IS NOT NULL", [])


def _trace(connection: BaseDatabaseWrapper, these: str, people: Sequence[int]) -> None:
    def as_kept(day: date) -> date | str:
        return day.isoformat() if connection.vendor == "sqlite" else day

    first, last, day = as_kept(date.min), as_kept(date.max), as_kept(today())
    with connection.cursor() as cursor:
        for kind, table in (
            (MissingAssignment.Kind.MANAGER, "people_reportingline"),
            (MissingAssignment.Kind.LEVEL, "people_placement"),
        ):
            statement = MISSING.format(table=table, of_these=f"person_id {these}", these=f"id {these}")
            cursor.execute(statement, [kind.value, first, last, *people, last, last, *people, day])
        statement = MANAGER_GONE.format(of_these=f"line.person_id {these}")
        cursor.execute(statement, [MissingAssignment.Kind.MANAGER_GONE.value, last, last, *people, day])
