"""Packets in bulk: ordered here, made by as many workers as there are, one packet at a time.

The one place that pages call.
"""

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.refusals import Denied, NotNow
from competencies.jobs.models import Job
from competencies.packets.models import Packet
from competencies.packets.models.export import ExportItem, PacketExport, unpaused
from competencies.packets.selection import Choice
from competencies.people.models import Person
from ladder.jobs.packet_documents import UNSTORED, document_of, print_document, remove_unknown
from ladder.jobs.performing import perform, performs
from ladder.jobs.queue import enqueue_behind


@transaction.atomic
def order(choice: Choice, *, by: Person, variant: str) -> PacketExport:
    """Order packets in bulk; return the `PacketExport`. Refuses as `PacketExport.order` does.

    Packets whose documents are there are in it at once, without a task.
    """
    export = PacketExport.order(choice, by=by, variant=variant)
    export.take(_documented(export), by=by)
    return _woken(export)


def _documented(export: PacketExport) -> list[Packet]:
    """Return the newest standing packet of each case of `export`, where its document is there."""
    packets = (
        Packet.objects.current(export.variant)
        .filter(case__in=export.items.values("case"))
        .select_related("document")
    )
    newest: dict[int, Packet] = {}
    for packet in packets:
        newest.setdefault(packet.case_id, packet)
    return [packet for packet in newest.values() if document_of(packet)]


@transaction.atomic
def resume(export: PacketExport, *, by: Person) -> PacketExport:
    """Go on with an export that was paused."""
    return _woken(export.resume(by=by))


@transaction.atomic
def retry_failed(export: PacketExport, *, by: Person) -> PacketExport:
    """Try again what failed in an export."""
    export.retry(by=by)
    return _woken(export)


@transaction.atomic
def retry(item: ExportItem, *, by: Person) -> ExportItem:
    """Try one packet again that failed."""
    item = item.retry(by=by)
    enqueue_behind(perform, item.job_id)
    return item


def _woken(export: PacketExport) -> PacketExport:
    enqueue_behind(perform, *export.items.open().unclaimed().values_list("job", flat=True))
    return export


@performs(
    Job.Kind.PACKET_EXPORT,
    row_of=lambda job: ExportItem.objects.select_related("job__by", "export", "case__subject", "packet").get(
        job=job
    ),
    denied=_("The person who requested this export may not have this packet, or no longer may."),
    unstored=UNSTORED,
    startable=unpaused,
)
def make_packet(item: ExportItem, token: str) -> None:
    """Make the packet of one item and its document, as the one who ordered the export."""
    packet = item.find_packet(token)
    if packet.is_typeset and document_of(packet):
        return item.finish(token)
    document = print_document(packet)
    if packet.is_typeset and packet.document.sha256 != document.sha256:
        raise NotNow(
            _now("The PDF is missing from the disk, and a new one would differ. Finalise the case again.")
        )
    file = f"{document.sha256}.pdf"
    try:
        item.finish(token, file, sha256=document.sha256, pages=document.pages, size=document.bytes)
    except (Denied, NotNow):  # nobody is to have it: it must not lie about
        remove_unknown(file)
        raise
