"""Jobs that nobody is at: what a dead worker had is freed, and what lost its task is sent on.

A row says what was ordered. Its task may be lost all the same: to a queue that forgot it, to an earlier
release, to an error that nobody foresaw. So each worker looks now and then.
"""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from competencies.core.clock import now
from competencies.jobs.models import MOST_ATTEMPTS, Job
from competencies.packets.models import Mishap, Order, Packet
from ladder.jobs.packet_documents import typeset_packet
from ladder.jobs.performing import ENOUGH, UNFORESEEN, give_up, perform, performers
from ladder.jobs.queue import enqueue_behind, is_idle
from ladder.jobs.task_database import DBTaskResult

PATIENCE = timedelta(seconds=30)  # what was ordered a moment ago is on its way


def sweep():
    """Free what a worker left, and send on what waits while nothing does in the queue; return how many.

    Called by each worker, now and then; it costs three queries.
    """
    freed = _taken_back(Job.objects.abandoned())
    return len(freed) or (_sent_on() + _sent_on_documents() if is_idle() else 0)


def take_back_from(is_dead):
    """Free at once what workers were at of whom `is_dead(name)` is known."""
    _taken_back([job for job in Job.objects.claimed() if is_dead(job.claimed_by)])


@transaction.atomic
def _taken_back(jobs):
    """Free jobs and have them done next, before those whose turn has not come: somebody waits for them."""
    freed = Job.take_back(jobs)
    for job in freed:
        if job.attempts >= MOST_ATTEMPTS:
            give_up(job)
        else:
            perform.enqueue(job.pk)
    return freed


def _sent_on():
    """Send on each job that waits and has no task; return how many wait."""
    waiting = [
        pk
        for kind, performer in performers.items()
        for pk in performer.startable(_waiting(kind)).values_list("pk", flat=True)
    ]
    if waiting:
        tasks = DBTaskResult.objects.filter(task_path=perform.module_path, status__in=["READY", "RUNNING"])
        at_work = {pk for given in tasks.values_list("args_kwargs", flat=True) for pk in given["args"][:1]}
        enqueue_behind(perform, *(pk for pk in waiting if pk not in at_work))
    return len(waiting)


def _waiting(kind):
    return Job.objects.wanted().unclaimed().filter(kind=kind, at__lt=now() - PATIENCE).order_by("pk")


def unprinted():
    """Return the packets whose document was ordered and is neither there nor failed."""
    failed = Mishap.objects.filter(packet=OuterRef("packet"), at__gte=OuterRef("at"))
    orders = Order.objects.filter(~Exists(failed), packet__typesetting=None, at__lt=now() - PATIENCE)
    return Packet.objects.filter(pk__in=orders.values("packet"))


def _sent_on_documents():
    """Send on each document that waits for a task and has none; return how many wait."""
    rows = list(unprinted())
    tasks = DBTaskResult.objects.filter(task_path=typeset_packet.module_path)
    at_work = set(_keys(tasks.filter(status__in=["READY", "RUNNING"])))
    failures = Counter(_keys(tasks.failed().filter(finished_at__gt=now() - timedelta(days=1))))
    for row in rows:
        if failures[row.pk] >= ENOUGH:
            row.fail(str(UNFORESEEN))
        elif row.pk not in at_work:
            typeset_packet.enqueue(row.pk)
    return len(rows)


def _keys(tasks):
    for given in tasks.values_list("args_kwargs", flat=True):
        yield from given["args"][:1]
