"""Orders whose task is gone: what waits although nobody is at it is sent on.

A row says what was ordered. Its task may be lost all the same: to a queue that forgot it, to an earlier
release, to an error that nobody foresaw. So each worker looks now and then; after three such errors the row
is ended in words, and whoever waits for it is told.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from competencies.core.clock import now
from competencies.packets.models import Mishap, Order, Packet
from competencies.people_import.models import Run
from competencies.personal_data.models import Export
from ladder.jobs.import_runs import perform_run
from ladder.jobs.packet_documents import typeset_packet
from ladder.jobs.queue import is_idle
from ladder.jobs.record_exports import build_export
from ladder.jobs.task_database import DBTaskResult

PATIENCE = timedelta(seconds=30)  # what was ordered a moment ago is on its way
DAY = timedelta(days=1)
ENOUGH = 3  # errors that nobody foresaw


@dataclass(frozen=True)
class Waiting:
    """One kind of order: the task that does it, which rows wait for it, and how one is given up."""

    work: object
    rows: object
    give_up: object


def unprinted():
    """Return the packets whose document was ordered and is neither there nor failed."""
    failed = Mishap.objects.filter(packet=OuterRef("packet"), at__gte=OuterRef("at"))
    orders = Order.objects.filter(~Exists(failed), packet__typesetting=None, at__lt=now() - PATIENCE)
    return Packet.objects.filter(pk__in=orders.values("packet"))


def unmade():
    """Return the copies of records that were ordered today and are neither there nor failed."""
    return Export.objects.filter(ready_at=None, mishap="", at__range=(now() - DAY, now() - PATIENCE))


def unperformed():
    """Return what was asked for today of imports of people and is not over."""
    return Run.objects.filter(ended_at=None, at__range=(now() - DAY, now() - PATIENCE))


ORDERS = (
    Waiting(typeset_packet, unprinted, Packet.fail),
    Waiting(build_export, unmade, Export.fail),
    Waiting(perform_run, unperformed, Run.end),
)


def sweep():
    """Send on each row that waits for a task and has none; return how many."""
    return sum(_sent_on(waiting) for waiting in ORDERS) if is_idle() else 0


def _sent_on(waiting):
    rows = list(waiting.rows())
    if not rows:
        return 0
    tasks = DBTaskResult.objects.filter(task_path=waiting.work.module_path)
    at_work = set(_keys(tasks.filter(status__in=["READY", "RUNNING"])))
    failures = Counter(_keys(tasks.failed().filter(finished_at__gt=now() - DAY)))
    for row in rows:
        if failures[row.pk] >= ENOUGH:
            waiting.give_up(row, _("Something went wrong that nobody foresaw. Nothing was changed."))
        elif row.pk not in at_work:
            waiting.work.enqueue(row.pk)
    return len(rows)


def _keys(tasks):
    for given in tasks.values_list("args_kwargs", flat=True):
        yield from given["args"][:1]
