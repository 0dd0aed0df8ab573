"""Who sees what is done in the background. Who may order or try again what, the rules on each kind say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competencies.core.permissions import rule

if TYPE_CHECKING:
    from competencies.people.models import Person


@rule("jobs.read_job", on="jobs.Job")
def read_job(person: Person) -> Q:
    """Whoever ordered it; what it is for is shown by the rule on that."""
    return Q(by=person)


@rule("jobs.count_jobs", on="people.Organisation")
def count_jobs(person: Person) -> Q:
    """Who is told how much waits and how much failed, without a name."""
    return person.holding("hr") | person.holding("auditor")
