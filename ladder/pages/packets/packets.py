from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.clock import now
from competencies.packets.models import Packet
from competencies.promotions.models import Hearing, PromotionCase
from ladder.jobs import packet_documents
from ladder.pdf.context import packet_context
from ladder.web.posted_from import posted_from
from ladder.web.views import get_for, respond

PAGE, FRAGMENT, SHEET = "packets/packet.html", "packets/_packet.html", "packets/_sheet_within.html"
PATIENCE = timedelta(minutes=1)  # a packet is typeset within seconds: after this its task may be dead


@posted_from("packet_preview", PromotionCase, "promotions.read_case")
def freeze(request, pk):
    """Freeze a case into a new packet and order the document."""
    case = get_for(PromotionCase, request, "packets.freeze_packet", pk)
    chosen = request.POST.get("variant")
    variant = chosen if chosen in Packet.Variant.values else Packet.Variant.COMMITTEE
    packet = packet_documents.freeze(case, by=request.user, variant=variant)
    return respond(request, PAGE, {}, done=packet)


@require_safe
def show_packet(request, pk):
    """Show a frozen packet: its document or what became of it, and its content for reading."""
    packet = get_for(packets(), request, "packets.read_packet", pk)
    context = context_of(request, packet)
    if not request.htmx:
        context = packet_context(packet.content) | context
    return respond(request, PAGE, context, fragment=FRAGMENT)


@require_safe
def show_sheet(request, pk):
    """Show the content of a packet alone, for a page that shows it beside something else."""
    packet = get_for(packets(), request, "packets.read_packet", pk)
    context = packet_context(packet.content) if request.htmx else {}
    return respond(request, PAGE, context, fragment=SHEET, done=packet)


def packets():
    return Packet.objects.select_related(
        "case__subject", "case__to_level", "case__proposal", "by", "document"
    )


def context_of(request, packet):
    """Return what the page says of a packet and its document."""
    ordered = packet.last_order
    return {
        "row": packet,
        "overdue": ordered is not None and now() - ordered.at > PATIENCE,
        "superseded_by": Packet.objects.allowing(request.user, "packets.read_packet")
        .filter(case=packet.case_id, variant=packet.variant, pk__gt=packet.pk)
        .first(),
        "crumbs": [*_way_to(request, packet), {"label": packet.number}],
    }


def _way_to(request, packet):
    """Return the way to a packet: for those who answer the case from its hearing, where that names nobody.

    That to a masked one does not name whose it is.
    """
    hearings = Hearing.objects.with_related().seen_by(request.user)
    hearing = hearings.filter(Q(sits=True), pk=packet.hearing_id).first()
    if hearing:
        start = {"label": _("Committees"), "url": reverse("committees")}
        return [start, {"label": hearing.title, "url": hearing.get_absolute_url()}]
    whose = {"label": packet.case.subject.name, "url": packet.case.get_absolute_url()}
    promotions = {"label": _("Promotions"), "url": reverse("cases")}
    return [promotions, *([] if packet.is_masked else [whose])]
