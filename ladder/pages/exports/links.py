"""Links by which one person takes one packet: made and taken back by HR, followed by whom they are for."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from competencies.core.refusals import NotNow
from competencies.packets.models.export import ExportItem, PacketLink
from competencies.people.querysets import digest_of
from ladder.jobs import packet_documents
from ladder.ops.server import site
from ladder.web.compression import shown_once
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .forms import LinkForm
from .items import PAGE, context_of, items


@posted_from("packet_export_item", ExportItem, "packets.read_item")
@shown_once
def make(request: Request, pk: int) -> HttpResponse:
    """Make a link for somebody, and show it, this once."""
    item = get_for(items(request.user), request, "packets.link_item", pk)
    context = context_of(request, item)
    form = context["form"] = LinkForm(request.POST)
    if form.is_valid():
        try:
            link, key = item.link(
                form.cleaned_data["person"], by=request.user, days=form.cleaned_data["days"]
            )
        except NotNow as refusal:
            form.add_error("person", str(refusal))
        else:
            here = f"{request.scheme}://{request.get_host()}"
            address = f"{site(here)}{reverse('packet_link', args=[key])}"
            context |= {"form": LinkForm(), "new_link": link, "address": address}
    return respond(request, PAGE, context, status=422 if form.errors else 200)


@posted_from("packet_export_item", PacketLink, "packets.revoke_link", key="item_id")
def revoke(request: Request, pk: int) -> HttpResponse:
    """Take a link back."""
    link = get_for(PacketLink.objects.select_related("item"), request, "packets.revoke_link", pk)
    link.revoke(by=request.user)
    messages.success(request, _("You revoked the link. It no longer works."))
    return respond(request, PAGE, {}, done=link.item)


@require_GET
def follow(request: Request, key) -> FileResponse:
    """Send the document to the one whom the link is for, and note on the trail that it was taken."""
    links = PacketLink.objects.allowing(request.user, "packets.open_link")
    links = links.select_related("item__packet__document", "item__packet__case__subject")
    link = links.filter(digest=digest_of(key)).first()
    packet = link.item.packet if link else None
    path = packet_documents.document_of(packet) if packet else None
    if link is None or packet is None or path is None:
        raise Http404("nothing here")
    link.note_download(by=request.user)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{packet.number}.pdf", content_type="application/pdf"
    )
