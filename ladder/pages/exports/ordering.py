"""A new export: which cases it would be of, counted, before anything is ordered."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import NotNow
from competencies.packets.models import Packet
from competencies.packets.models.export import MOST_PACKETS
from competencies.people.models import Organisation
from ladder.jobs import packet_exports
from ladder.web.request import Request
from ladder.web.views import require, respond

from .exports import way_in
from .forms import ChoiceForm

PAGE = "exports/new.html"
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: Request) -> HttpResponse:
    """Choose cases and see how many packets that makes; by POST order them."""
    require(request, "packets.order_export", Organisation.here())
    asked = request.POST if request.method == "POST" else request.GET
    form = ChoiceForm({"variant": "committee", **asked.dict()}, by=request.user)
    if form.is_valid() and request.method == "POST":
        try:
            export = packet_exports.order(form.choice, by=request.user, variant=form.cleaned_data["variant"])
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            return respond(request, PAGE, {}, done=export)
    context = {"form": form, "crumbs": way_in(_("Export packets")), "most": MOST_PACKETS}
    if not form.errors:
        context |= counts(form, by=request.user)
    return respond(request, PAGE, context, status=422 if form.errors and request.method == "POST" else 200)


def counts(form, *, by):
    """Return how many packets an export would hold, how many of them are there, and of whom the first are."""
    chosen, variant = form.choice.cases(), form.cleaned_data["variant"]
    cases = chosen.allowing(by, "packets.export_case")
    there = Packet.objects.current(variant).filter(
        case__in=cases.order_by().values("pk"), document__isnull=False
    )
    total = cases.count()
    return {
        "total": total,
        "there": there.order_by().values("case").distinct().count(),
        "left_out": chosen.count() - total,
        "first": cases[:SHOWN],
        "more": max(total - SHOWN, 0),
        "asked": [(name, form.data.get(name, "")) for name in form.fields],
    }
