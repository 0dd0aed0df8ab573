from contextlib import suppress

from django.http import FileResponse, Http404, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from competencies.core.refusals import NotNow
from competencies.packets.models import Packet
from ladder.jobs import packet_documents
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .packets import FRAGMENT, PAGE, context_of, packets


@posted_from("packet", Packet, "packets.read_packet")
def order_again(request: Request, pk: int) -> HttpResponse:
    """Order the document of a packet once more, after it failed or never came."""
    packet = get_for(packets(), request, "packets.order_document", pk)
    with suppress(NotNow):  # it came meanwhile: the page shows it
        packet_documents.order(packet, by=request.user)
    context = context_of(request, get_for(packets(), request, "packets.read_packet", pk))
    return respond(request, PAGE, context, fragment=FRAGMENT, done=packet)


@require_GET
def download(request: Request, pk: int) -> FileResponse:
    """The document, always the same bytes; the trail says who took it."""
    packet = get_for(packets(), request, "packets.read_packet", pk, noting=False)
    path = packet_documents.document_of(packet)
    if path is None:
        raise Http404("no document")
    packet.note_download(by=request.user)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=file_name(packet), content_type="application/pdf"
    )
    response.headers["ETag"] = f'"{packet.document.sha256}"'
    return response


def file_name(packet):
    """Return a name that every file system takes: number, candidate, level."""
    content = packet.content
    words = slugify(f"{content['candidate']['name']} {content['case']['to']['title']}")
    return f"{packet.number}-{words}.pdf"
