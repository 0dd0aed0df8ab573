from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.clock import now
from competencies.packets.models import Packet
from competencies.packets.snapshot import snapshot_of
from competencies.promotions.models import PromotionCase
from ladder.pdf.context import packet_context
from ladder.pdf.glyphs import without_face
from ladder.web.request import Request
from ladder.web.views import get_for, respond

PAGE = "packets/preview.html"


@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """The packet as it would be if it were frozen now. Nothing is written."""
    cases = PromotionCase.objects.with_state().marking(request.user, may_freeze="packets.freeze_packet")
    case = get_for(cases, request, "promotions.read_case", pk)
    variants = variants_for(request.user, case)
    asked = request.GET.get("variant")
    variant = next((each for each in variants if each == asked), variants[0])
    snapshot = snapshot_of(case, number=_("Preview"), variant=variant, at=now(), by=request.user)
    here = reverse("packet_preview", args=[case.pk])
    context = {
        "case_row": case,
        "chosen": variant,
        "without_face": without_face(snapshot) if case.may_freeze else "",
        "tabs": [
            {"label": Packet.Variant(name).label, "url": f"{here}?variant={name}", "current": name == variant}
            for name in variants
        ],
        "crumbs": [
            {"label": _("Promotions"), "url": reverse("cases")},
            {"label": case.subject.name, "url": case.get_absolute_url()},
            {"label": _("Preview")},
        ],
    }
    return respond(request, PAGE, packet_context(snapshot) | context)


def variants_for(person, case):
    """Return the copies that `person` may read: the candidate their own, and HR alone the archive's."""
    kinds = Packet.Variant
    if case.subject_id == person.pk:
        return [kinds.CANDIDATE]
    archived = [kinds.ARCHIVE] if person.has_perm("packets.archive_case", case) else []
    return [kinds.COMMITTEE, kinds.MASKED, kinds.CANDIDATE, *archived]
