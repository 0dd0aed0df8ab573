"""Packets in bulk: ordered here, made by as many workers as there are, one packet at a time.

The one place that pages call. A task names an item and may come twice, late or never: whoever finds the
item taken or ended leaves it, and `sweep` wakes somebody for what nobody is at.
"""

import logging
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from competencies.core.refusals import Denied, NotNow
from competencies.packets.models import Packet
from competencies.packets.models.export import LEASE, ExportItem, ExportJob, Lost
from ladder.jobs.packet_documents import could_not_store, document_of, print_document, remove_unknown
from ladder.jobs.queue import enqueue_behind, is_idle, task, will_pass
from ladder.ops.liveness import this_worker
from ladder.pdf.child import TypesettingFailed
from ladder.pdf.context import Unreadable

BEAT = LEASE.total_seconds() / 4
log = logging.getLogger(__name__)


@transaction.atomic
def order(choice, *, by, variant):
    """Order packets in bulk; return the `ExportJob`. Refuses as `ExportJob.order` does.

    Packets whose documents are there are in it at once, without a task.
    """
    job = ExportJob.order(choice, by=by, variant=variant)
    job.take(_documented(job), by=by)
    return _woken(job)


def _documented(job):
    """Return the newest standing packet of each case of `job`, where its document is there."""
    packets = (
        Packet.objects.current(job.variant)
        .filter(case__in=job.items.values("case"))
        .select_related("typesetting")
    )
    newest: dict[int, Packet] = {}
    for packet in packets:
        newest.setdefault(packet.case_id, packet)
    return [packet for packet in newest.values() if document_of(packet)]


@transaction.atomic
def resume(job, *, by):
    """Go on with an export that was paused."""
    return _woken(job.resume(by=by))


@transaction.atomic
def retry_failed(job, *, by):
    """Try again what failed in an export."""
    job.retry(by=by)
    return _woken(job)


@transaction.atomic
def retry(item, *, by):
    """Try one packet again that failed."""
    item = item.retry(by=by)
    _enqueue([item.pk])
    return item


def _woken(job):
    _enqueue(list(job.items.open().unclaimed().values_list("pk", flat=True)))
    return job


@transaction.atomic
def _enqueue(items):
    enqueue_behind(build_item, *items)


@task()
def build_item(item_pk):
    """Make the packet of one item and its document. May run twice: the second time finds it taken or ended.

    It runs as the one who ordered the export, asked when it begins and when it ends.
    """
    item = ExportItem.objects.select_related("job__by", "case__subject", "packet").get(pk=item_pk)
    token = item.take(worker=this_worker())
    if token is None:
        return
    try:
        with _held(item, token):
            _build(item, token)
    except Lost:
        log.warning("Item %d of an export was taken over by another worker", item_pk)
    except (NotNow, TypesettingFailed, Unreadable) as refusal:
        _fail(item, token, str(refusal))
    except Denied:
        _fail(item, token, _("Whoever ordered this export may not have this packet, or not any more."))
    except OSError as problem:
        if will_pass(problem):  # the claim runs out by itself
            raise
        _fail(item, token, could_not_store(problem))


def _build(item, token):
    packet = item.find_packet(token)
    if packet.is_typeset and document_of(packet):
        return item.finish(token)
    document = print_document(packet)
    if packet.is_typeset and packet.typesetting.sha256 != document.sha256:
        raise NotNow(
            _("The document is gone from the disk and comes out otherwise now: freeze the case anew.")
        )
    file = f"{document.sha256}.pdf"
    try:
        item.finish(token, file, sha256=document.sha256, pages=document.pages, size=document.bytes)
    except (Denied, NotNow):  # nobody is to have it: it must not lie about
        remove_unknown(file)
        raise


def _fail(item, token, reason):
    try:
        item.fail(token, reason)
    except Lost:
        log.warning("Item %d of an export failed, and another worker is at it", item.pk)


@contextmanager
def _held(item, token):
    """Go on saying that this worker is at `item`, as long as the block runs."""
    over = Event()
    beating = Thread(target=_beat, args=(item, token, over), daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(item, token, over):
    try:
        while not over.wait(BEAT) and _still_held(item, token):
            pass
    finally:
        connection.close()  # opened by the first beat; most packets are done before


def _still_held(item, token):
    try:
        return item.hold(token)
    except DatabaseError as problem:  # somebody writes for long: the next beat may come in time
        log.info("No sign of life for item %d of an export: %s", item.pk, problem)
        return True


def sweep():
    """Free what a worker left, and wake workers for what waits while nothing does in the queue.

    Returns how many items were freed. Called by each worker, now and then; it costs three queries.
    """
    freed = _taken_back(ExportItem.objects.abandoned())
    waiting = ExportItem.objects.to_make().unclaimed()
    if (
        not freed
        and waiting.exists()
        and not ExportItem.objects.to_make().exclude(claim="").exists()
        and is_idle()
    ):
        _enqueue(waiting.values_list("pk", flat=True))
    return len(freed)


def take_back_from(is_dead):
    """Free at once what workers were at of whom `is_dead(name)` is known."""
    claimed = ExportItem.objects.open().exclude(claim="")
    _taken_back([item for item in claimed if is_dead(item.claimed_by)])


@transaction.atomic
def _taken_back(items):
    """Free items and have them made next, before those whose turn has not come: somebody waits for them."""
    freed = ExportItem.take_back(items)
    for item_pk in freed:
        build_item.enqueue(item_pk)
    return freed
