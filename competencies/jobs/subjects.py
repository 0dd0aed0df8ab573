"""What jobs are for: rows of other apps, of which some may be opened by whoever ordered the job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from competencies.core.permissions import rule_of

from .models import Job

if TYPE_CHECKING:
    from competencies.people.models import Person

# By which rule somebody opens what a job is for. Its rows have a `job`, say in words what they are, and know
# their page; `told_to` brings along what that takes.
OPENED_BY: dict[str, str] = {
    Job.Kind.PACKET_DOCUMENT: "packets.open_order",
    Job.Kind.PACKET_EXPORT: "packets.open_item",
    Job.Kind.PEOPLE_IMPORT: "people.open_run",
    Job.Kind.RECORD_COPY: "records.read_export",
}


def subjects_of(jobs: Iterable[Job], person: Person) -> dict[int, Any]:
    """Return `{pk: row}` of what those of `jobs` are for that `person` may open; one query a kind.

    Whoever may not open what a job is for is told neither what that is nor why the job failed.
    """
    found: dict[int, Any] = {}
    for kind, action in OPENED_BY.items():
        if some := [job for job in jobs if job.kind == kind]:
            rows = rule_of(action).model.objects.allowing(person, action)
            found |= {row.job_id: row for row in rows.filter(job__in=some).told_to(person)}
    return found
