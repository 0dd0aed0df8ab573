"""Packets on their way to paper: ordered as rows, typeset by the background worker.

The rows say what is true; the queue only wakes a worker, so an order whose task was lost is simply ordered
again.
"""

import hashlib
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.permissions import demand
from competencies.core.refusals import Denied, NotNow
from competencies.jobs.models import Job
from competencies.packets.models import Document, Order, Packet
from competencies.packets.orders import makes_documents, order
from competencies.people.models import Person
from competencies.promotions.models import PromotionCase
from ladder.jobs.performing import perform, performs
from ladder.pdf.child import Typeset, typeset

UNSTORED = _("The document could not be stored (%(because)s).")


@transaction.atomic
def freeze(case: PromotionCase, *, by: Person, variant: str) -> Packet:
    """Freeze `case` as it stands and order the document; return the new `Packet`."""
    packet = Packet.freeze(case, by=by, variant=variant)
    order(packet, by=by)
    return packet


def freeze_masked_anew() -> None:
    """Freeze anew what members of open hearings read, where it is of a format that told too much."""
    for packet in Packet.objects.to_freeze_anew():
        with transaction.atomic():
            newest = packet.freeze_anew()
            with suppress(Denied, NotNow):  # who convened it may be gone: its readers can order it
                order(newest, by=newest.by)


@performs(
    Job.Kind.PACKET_DOCUMENT,
    row_of=lambda job: Order.objects.select_related("packet__case__subject", "job__by").get(job=job),
    denied=_("The person who requested this document may no longer read the packet."),
    unstored=UNSTORED,
)
def make_document(order: Order, token: str) -> None:
    """Typeset a packet and keep the document, as the one who ordered it."""
    packet = order.packet
    if packet.is_typeset:
        return order.job.finish(token)
    demand(order.by, "packets.order_document", packet)
    document = print_document(packet)
    file = f"{document.sha256}.pdf"
    try:
        order.finish(token, file, sha256=document.sha256, pages=document.pages, size=document.bytes)
    except (Denied, NotNow):  # somebody was erased from it, or lost it, while it was made
        remove_unknown(file)
        raise


@makes_documents
def wake_worker(order: Order) -> None:
    """Enqueue the task that does the job of an order, in the transaction of the order."""
    perform.enqueue(order.job_id)


def print_document(packet: Packet) -> Typeset:
    """Typeset `packet` into the folder of documents, whole or not at all; return the `Typeset`.

    Its file is named by its hash. Refuses as `typeset` does, and with `OSError`.
    """
    draft = Path(settings.PACKET_DIR) / f"{packet.digest}.{uuid4().hex}.part"
    try:
        document = typeset(packet.content, to=draft)
        draft.replace(draft.with_name(f"{document.sha256}.pdf"))
    finally:
        with suppress(OSError):  # it is there only when storing it went wrong
            draft.unlink()
    return document


def remove_unknown(file: str) -> None:
    """Remove a document that no packet has; one that another worker has kept meanwhile stays."""
    if not Document.objects.filter(file=file).exists():
        (Path(settings.PACKET_DIR) / file).unlink(missing_ok=True)


def body_of(packet: Packet) -> tuple[bytes | None, str]:
    """Return the bytes of the document of `packet` and nothing, or None and why it is missing."""
    if not packet.is_typeset:
        return None, _now("It has not been created yet.")
    path = document_of(packet)
    try:
        body = path.read_bytes() if path else None
    except OSError as problem:
        return None, _now("Its file cannot be read (%(because)s).") % {"because": problem.strerror}
    if body is None:
        return None, _now("Its file is missing.")
    if hashlib.sha256(body).hexdigest() != packet.document.sha256:
        return None, _now("Its file has changed.")
    return body, ""


def document_of(packet: Packet) -> Path | None:
    """Return the path of the document of `packet`, or None when it is not there (yet, or any more)."""
    path = Path(settings.PACKET_DIR) / packet.document.file if packet.is_typeset else None
    return path if path and path.is_file() else None
