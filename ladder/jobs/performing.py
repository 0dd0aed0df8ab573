"""Jobs at work: each is taken, kept hold of, done by what is registered for its kind, and ended once.

A task names a job and may come twice, late or never: whoever finds the job taken or ended leaves it, and
`sweep` wakes somebody for what nobody is at.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, close_old_connections, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competencies.core.refusals import Denied, Refusal
from competencies.jobs.models import Job, Jobs, Lost
from ladder.jobs.queue import task, will_pass
from ladder.ops.liveness import this_worker
from ladder.pdf.child import TypesettingFailed
from ladder.pdf.context import Unreadable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BEATS = 4  # signs of life within the time that a claim holds without one
ENOUGH = 3  # attempts that ended with an error that nobody foresaw
UNFORESEEN = gettext_lazy("Something unexpected went wrong. Nothing was changed. Try again.")
log = logging.getLogger(__name__)

Work: TypeAlias = Callable[[Any, str], object]  # of the row that a job is for, and the claim
RowOf: TypeAlias = Callable[[Job], Any]


def all_of(jobs: Jobs) -> Jobs:
    """Return all of the jobs: nothing keeps one back."""
    return jobs


@dataclass(frozen=True)
class Performer:
    """How jobs of one kind are done: `work(row, token)` ends the job of `row`, or refuses.

    `row_of` finds what a job is for. `denied` is said when whoever ordered it may not have it any more,
    `unstored` when the disk did not take it; `errors` that nobody foresaw are borne. `startable` leaves
    out, of all jobs, those of the kind that may not be begun now.
    """

    work: Work
    row_of: RowOf
    denied: "StrOrPromise" = ""
    unstored: "StrOrPromise" = ""
    errors: int = ENOUGH
    startable: Callable[[Jobs], Jobs] = all_of


performers: dict[str, Performer] = {}


def performs(kind: Job.Kind, *, row_of: RowOf, **options: Any) -> Callable[[Work], Work]:
    """Register `work(row, token)` for the jobs of a kind; see `Performer`."""

    def register(work: Work) -> Work:
        performers[kind] = Performer(work, row_of, **options)
        return work

    return register


def row_of(job: Job) -> Any:
    """Return what a job is for."""
    return performers[job.kind].row_of(job)


@task()
def perform(job_pk: int) -> None:
    """Do a job. May run twice: the second time finds it taken or ended."""
    carry_out(Job.objects.select_related("by").get(pk=job_pk), worker=this_worker())


def carry_out(job: Job, *, worker: str, lease: timedelta | None = None) -> None:
    """Do a job in the name of `worker`, unless somebody is at it; what it comes to stands in its row.

    What the database or the disk failed is not the job's fault: it is raised, and may be done later.
    """
    performer = performers[job.kind]
    token = job.take(worker=worker, among=performer.startable(Job.objects.all()), lease=lease)
    if token is None:
        return
    row = performer.row_of(job)
    try:
        with _held(job, token):
            performer.work(row, token)
    except Lost:
        log.warning("Job %d was taken over by another worker", job.pk)
    except Denied as refusal:
        _fail(row, token, str(performer.denied or refusal))
    except (Refusal, TypesettingFailed, Unreadable) as refusal:
        _fail(row, token, str(refusal))
    except Exception as problem:
        if will_pass(problem):
            _put_back(job, token)
            raise
        if not (isinstance(problem, OSError) and performer.unstored):
            _bear(row, token, performer.errors)
            raise
        _fail(row, token, str(performer.unstored) % {"because": problem.strerror})


def _fail(row: Any, token: str, reason: str) -> None:
    try:
        row.fail(reason, token=token)
    except Lost:
        log.warning("Job %d failed, and another worker is at it", row.job.pk)


def _put_back(job: Job, token: str) -> None:
    """Let the job be taken again, as if it had not been tried; else its claim runs out by itself."""
    with suppress(Error):
        job.release(token, tried=False)


def _bear(row: Any, token: str, errors: int) -> None:
    """Let the job be taken again after an error that nobody foresaw, or give it up after several."""
    job = Job.objects.get(pk=row.job.pk)
    if job.attempts >= errors:
        _fail(row, token, str(UNFORESEEN))
    else:
        job.release(token)


@contextmanager
def _held(job: Job, token: str) -> Iterator[None]:
    """Go on saying that this worker is at `job`, as long as the block runs."""
    over = Event()
    beating = Thread(target=_beat, args=(job, token, over), daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(job: Job, token: str, over: Event) -> None:
    try:
        while not over.wait(job.lease.total_seconds() / BEATS) and _still_held(job, token):
            pass
    finally:
        connection.close()  # opened by the first beat; most jobs are done before


def _still_held(job: Job, token: str) -> bool:
    try:
        return job.hold(token)
    except Error as problem:  # somebody writes for long, or the database is away: the next may come in time
        log.info("No sign of life for job %d: %s", job.pk, problem)
        close_old_connections()
        return True


def give_up(job: Job) -> None:
    """Note of a job over which too many workers ended that it is not tried any more, even one of nothing."""
    reason = _(
        "The worker stopped %(times)d times while doing this, so it was given up. Try again later."
    ) % {"times": job.attempts}
    try:
        subject = row_of(job)
    except ObjectDoesNotExist:
        subject = job
    with suppress(Lost):
        subject.fail(reason)
