"""What jobs are for: each app says for its kinds which of its rows somebody may open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competencies.people.models import Person

    from .models import Job

Openable: TypeAlias = "Callable[[Person], QuerySet[Any]]"

_openable: dict[str, Openable] = {}


def opens(kind: Job.Kind) -> Callable[[Openable], Openable]:
    """Register a function from a person to the rows they may open: those that jobs of `kind` are for.

    Each row names its job, says in words what it is, and knows its page.
    """

    def register(rows: Openable) -> Openable:
        _openable[kind] = rows
        return rows

    return register


def subjects_of(jobs: Iterable[Job], person: Person) -> dict[int, Any]:
    """Return `{pk: row}` of what those of `jobs` are for that `person` may open; one query a kind.

    Whoever may not open what a job is for is told neither what that is nor why the job failed.
    """
    found: dict[int, Any] = {}
    for kind, openable in _openable.items():
        if some := [job for job in jobs if job.kind == kind]:
            found |= {row.job_id: row for row in openable(person).filter(job__in=some)}
    return found
