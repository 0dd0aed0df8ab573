"""Jobs that nobody is at: what a dead worker had is freed, and what lost its task is sent on.

A row says what was ordered. Its task may be lost all the same: to a queue that forgot it, to an earlier
release, to an error that nobody foresaw. So each worker looks now and then.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction

from competencies.core.clock import now
from competencies.jobs.models import MOST_ATTEMPTS, Job
from ladder.jobs.performing import give_up, perform, performers
from ladder.jobs.queue import enqueue_behind, is_idle
from ladder.jobs.task_database import DBTaskResult

PATIENCE = timedelta(seconds=30)  # what was ordered a moment ago is on its way


def sweep() -> int:
    """Free what a worker left, and send on what waits while nothing does in the queue; return how many.

    What nobody waits for any more is ended. Called by each worker, now and then; it costs four queries.
    """
    freed = _taken_back(Job.objects.abandoned())
    Job.objects.drop()
    return len(freed) or (_sent_on() if is_idle() else 0)


def take_back_from(is_dead: Callable[[str], bool]) -> None:
    """Free at once what workers were at of whom `is_dead(name)` is known."""
    _taken_back([job for job in Job.objects.claimed() if is_dead(job.claimed_by)])


@transaction.atomic
def _taken_back(jobs: Iterable[Job]) -> list[Job]:
    """Free jobs and have them done next, before those whose turn has not come: somebody waits for them."""
    freed = Job.take_back(jobs)
    for job in freed:
        if job.attempts >= MOST_ATTEMPTS:
            give_up(job)
        else:
            perform.enqueue(job.pk)
    return freed


def _sent_on() -> int:
    """Send on each job that waits and has no task; return how many wait."""
    jobs = Job.objects.pending().unclaimed().filter(at__lt=now() - PATIENCE).order_by("pk")
    for performer in performers.values():
        jobs = performer.startable(jobs)
    waiting = list(jobs.values_list("pk", flat=True))
    if waiting:
        tasks = DBTaskResult.objects.filter(task_path=perform.module_path, status__in=["READY", "RUNNING"])
        at_work = {pk for given in tasks.values_list("args_kwargs", flat=True) for pk in given["args"][:1]}
        enqueue_behind(perform, *(pk for pk in waiting if pk not in at_work))
    return len(waiting)
