"""Previews, applies and undos at work: at once when small, by the background worker when not.

How far one is stands in files beside the database: on SQLite nobody else can write while it is applied.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.cache import caches
from django.db import transaction

from competencies.core.clock import now
from competencies.jobs.models import Job
from competencies.notices.models import Letter
from competencies.people.models import Person
from competencies.people_import.models import Application, Import, Run
from ladder.jobs import email_outbox
from ladder.jobs.performing import carry_out, perform, performs
from ladder.jobs.queue import task

# What is done within a request is claimed by a name that is no worker's, and for as long as one may take.
PAGE, A_REQUEST = "page", timedelta(minutes=1)
SMALL = 500  # rows that are done within the request
PATIENCE = timedelta(seconds=45)  # without a sign of life: then its worker may be dead
REMEMBERED = 60 * 60 * 24


def ask(people_import: Import, kind: str, *, by: Person, **options: Any) -> Run:
    """Ask for something to be done with an import; do it at once when it is small. Returns the `Run`."""
    with transaction.atomic():
        run = Run.ask(people_import, kind, by=by, **options)
        if not _is_small(people_import, options):
            perform.enqueue(run.job_id)
            return run
    carry_out(run.job, worker=PAGE, lease=A_REQUEST)
    return _of(run.job)


def _is_small(people_import: Import, options: Mapping[str, Any]) -> bool:
    """Return True if so few people are looked at that nobody need wait for the worker."""
    known = getattr(people_import, "preview", None)
    mapping = options.get("mapping") or (known.mapping if known else {})
    return people_import.rows <= SMALL and not mapping.get("leavers")


def _of(job: Job) -> Run:
    return Run.objects.select_related("of", "job__by").get(job=job)


@performs(Job.Kind.PEOPLE_IMPORT, row_of=_of, errors=1)
def perform_import(run: Run, token: str) -> None:
    """Do what a run asks for, and order what follows; of what is done already only that is left."""
    if not run.has_happened:
        run.perform(tell=partial(tell, run.pk))
    with transaction.atomic():
        run.job.finish(token)
        _follow(run)


@task()
def forget_stale_imports() -> None:
    """Remove the rows of files that are of no use any more."""
    Import.objects.forget_stale()


@task()
def tell_old_addresses(application_pk: int) -> None:
    """Have everybody told whose email an import changed, and who came in before. Tells nobody twice."""
    application = Application.objects.select_related("memory", "by").get(pk=application_pk)
    memory = application.memory.rows() if hasattr(application, "memory") else {}
    before = {pk: row["before"]["email"] for pk, row in memory.items() if "email" in row["before"]}
    came_in = Person.objects.exclude(last_login=None).order_by("pk")
    informed = Letter.objects.filter(kind=Letter.Kind.NEW_EMAIL, row=application_pk).values("receiver")
    for person in came_in.exclude(pk__in=informed):
        if person.pk in before:
            email_outbox.order(
                Letter.Kind.NEW_EMAIL,
                to=person, by=application.by, row=application_pk, address=before[person.pk], behind=True,
            )  # fmt: skip


def _follow(run: Run) -> None:
    """Order what follows once an import is applied."""
    application = Application.objects.filter(of=run.of_id).first()
    if run.kind == Run.Kind.APPLY and application:
        tell_old_addresses.enqueue(application.pk)
        _forget_later()


def _forget_later() -> None:
    """Have what is kept for undoing removed once the day for it is over."""
    later = now() + timedelta(hours=24, minutes=1)
    backend = forget_stale_imports.get_backend()
    if backend.supports_defer:
        forget_stale_imports.using(run_after=later).enqueue()


def tell(run_pk: int, percent: int) -> None:
    caches["progress"].set(f"run-{run_pk}", {"percent": percent, "at": now()}, REMEMBERED)


def progress(run: Run) -> dict[str, Any]:
    """Return how far an open run is: percent, and whether nothing was heard of it for too long."""
    heard = caches["progress"].get(f"run-{run.pk}") or {"percent": 0, "at": run.job.at}
    return {"percent": heard["percent"], "overdue": now() - heard["at"] > PATIENCE}
