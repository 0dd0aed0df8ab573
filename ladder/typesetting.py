"""Packets on their way to paper: frozen and ordered here, typeset by the background worker.

The one place that pages and API call. The rows say what is true; the queue only wakes a worker, so
an order whose task was lost is simply ordered again.
"""

from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from competencies.packets.models import Packet
from ladder.print.child import TypesettingFailed, typeset
from ladder.print.context import Unreadable

try:
    from django.tasks import task
except ImportError:
    from django_tasks import task  # type: ignore[no-redef]


@transaction.atomic
def freeze(case, *, by, variant):
    """Freeze `case` as it stands and order the document; return the new `Packet`."""
    packet = Packet.freeze(case, by=by, variant=variant)
    order(packet, by=by)
    return packet


@transaction.atomic
def order(packet, *, by):
    """Ask for the document of `packet`, for the first time or again; return the `Order`.

    Refuses with `NotNow` once the document is there.
    """
    order = packet.order(by=by)
    transaction.on_commit(partial(typeset_packet.enqueue, packet.pk))
    return order


@task()
def typeset_packet(packet_pk):
    """Typeset a packet and keep the document. May run twice: the second time finds it done."""
    packet = Packet.objects.select_related("typesetting", "case__subject", "by").get(pk=packet_pk)
    if packet.is_typeset:
        return
    draft = settings.PACKET_DIR / f"{packet.digest}.{uuid4().hex}.part"
    try:
        document = typeset(packet.content, to=draft)
        draft.replace(settings.PACKET_DIR / f"{document.sha256}.pdf")
    except (TypesettingFailed, Unreadable) as refusal:
        packet.fail(str(refusal))
    except OSError as problem:
        packet.fail(_("The document could not be stored (%(because)s).") % {"because": problem.strerror})
    else:
        packet.keep(
            f"{document.sha256}.pdf", sha256=document.sha256, pages=document.pages, size=document.bytes
        )
    finally:
        with suppress(OSError):  # it is there only when storing it went wrong
            draft.unlink()


def document_of(packet):
    """Return the path of the document of `packet`, or None when it is not there (yet, or any more)."""
    path = packet.is_typeset and Path(settings.PACKET_DIR) / packet.typesetting.file
    return path if path and path.is_file() else None
