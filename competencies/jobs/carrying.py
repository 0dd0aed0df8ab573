"""Rows of before there were jobs, made into jobs by migrations: set by set, on whichever database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.core.management.color import no_style

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.migrations.state import StateApps
    from django.db.models import Model


EMPTY = {
    "wanted_until": "NULL",
    "claim": "''",
    "claimed_by": "''",
    "claimed_at": "NULL",
    "lease_until": "NULL",
    "attempts": "0",
    "failure": "''",
    "ended_at": "NULL",
}


def make_jobs(
    apps: StateApps,
    connection: BaseDatabaseWrapper,
    rows: type[Model],
    kind: str,
    expressions: Mapping[str, str],
) -> None:
    """Make a job of each row of the model `rows` and have the row point at it.

    `expressions` are SQL over the row `r` for columns of the job; `by_id` and `at` have to be among them.
    """
    table, columns = rows._meta.db_table, {**EMPTY, **expressions}
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM jobs_job")
        [above] = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO jobs_job (id, kind, {', '.join(columns)})"  # noqa: S608
            f" SELECT r.id + {above}, '{kind}', {', '.join(columns.values())} FROM {table} AS r"
        )
        cursor.execute(f"UPDATE {table} SET job_id = id + {above}")  # noqa: S608
        for line in connection.ops.sequence_reset_sql(no_style(), [apps.get_model("jobs", "Job")]):
            cursor.execute(line)


def unmake_jobs(
    connection: BaseDatabaseWrapper, rows: type[Model], kind: str, expressions: Mapping[str, str]
) -> None:
    """Write back to each row of `rows` what its job says, and remove the jobs.

    `expressions` are SQL over the job `j` for columns of the row.
    """
    table = rows._meta.db_table
    values = ", ".join(
        f"{column} = (SELECT {value} FROM jobs_job AS j WHERE j.id = {table}.job_id)"  # noqa: S608
        for column, value in expressions.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {values}")  # noqa: S608
        cursor.execute(f"UPDATE {table} SET job_id = NULL")  # noqa: S608
        cursor.execute("DELETE FROM jobs_job WHERE kind = %s", [kind])
