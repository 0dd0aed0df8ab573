"""Pausing an export, going on with it, calling it off, trying again what failed."""

from contextlib import suppress

from django.http import HttpResponse

from competencies.core.refusals import NotNow
from competencies.packets.models.export import PacketExport
from ladder.jobs import packet_exports
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .exports import FRAGMENT, PAGE, context_of, exports_with_state


@posted_from("packet_export", PacketExport, "packets.read_export")
def pause(request: Request, pk: int) -> HttpResponse:
    """Make no further packet for now."""
    return _steered(request, pk, lambda export: export.pause(by=request.user))


@posted_from("packet_export", PacketExport, "packets.read_export")
def resume(request: Request, pk: int) -> HttpResponse:
    """Go on after a pause."""
    return _steered(request, pk, lambda export: packet_exports.resume(export, by=request.user))


@posted_from("packet_export", PacketExport, "packets.read_export")
def cancel(request: Request, pk: int) -> HttpResponse:
    """Make no further packet at all."""
    return _steered(request, pk, lambda export: export.cancel(by=request.user))


@posted_from("packet_export", PacketExport, "packets.read_export")
def retry_failed(request: Request, pk: int) -> HttpResponse:
    """Try the packets again that failed, those alone."""
    return _steered(request, pk, lambda export: packet_exports.retry_failed(export, by=request.user))


def _steered(request: Request, pk, step):
    export = get_for(exports_with_state(), request, "packets.steer_export", pk)
    with suppress(NotNow):  # somebody was quicker, or it ended: the page shows how it stands
        step(export)
    context = context_of(request, get_for(exports_with_state(), request, "packets.read_export", pk))
    return respond(request, PAGE, context, fragment=FRAGMENT, done=export)
