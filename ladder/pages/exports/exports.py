"""The exports of the visitor, and how far each is."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.framework.models import Level
from competencies.packets.models.export import PacketExport
from competencies.packets.selection import OUTCOMES
from competencies.people.models import Organisation, Person
from competencies.promotions.models import PromotionCase
from competencies.reviews.models import Cycle
from ladder.web.request import Request
from ladder.web.views import get_for, query, require, respond

PAGE, FRAGMENT = "exports/export.html", "exports/_export.html"
EXPORTS_A_PAGE, ITEMS_A_PAGE, FAILURES_SHOWN = 25, 50, 20


@require_safe
def exports(request: Request) -> HttpResponse:
    """Show what the visitor ordered, the newest first."""
    require(request, "packets.order_export", Organisation.here())
    rows = PacketExport.objects.allowing(request.user, "packets.read_export").with_state()
    page = Paginator(rows, EXPORTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "exports/exports.html", {"page": page, "crumbs": way_in()})


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show how far an export is, person by person; htmx, which asks again meanwhile, gets its state alone."""
    export = get_for(exports_with_state(), request, "packets.read_export", pk)
    return respond(request, PAGE, context_of(request, export), fragment=FRAGMENT)


def exports_with_state():
    return PacketExport.objects.with_state()


def context_of(request: Request, export):
    """Return what the page says of an export: of those whose cases the visitor may read."""
    cases = PromotionCase.objects.allowing(request.user, "promotions.read_case").values("pk")
    items = export.items.filter(case__in=cases).with_all()
    return {
        "export": export,
        "criteria": criteria(export),
        "page": Paginator(items, ITEMS_A_PAGE).get_page(request.GET.get("page")),
        "failures": items.failed()[:FAILURES_SHOWN] if export.failed else [],
        "query": query(request),
        "ended": export.done + export.failed,
        "crumbs": way_in(str(export)),
    }


def criteria(export):
    """Return what an export was narrowed to, in words; what is no more is left out."""
    chosen = export.chosen
    found = [
        Cycle.objects.filter(pk=chosen["cycle"]).first() if "cycle" in chosen else None,
        chosen.get("team"),
        Person.objects.filter(pk=chosen["below"]).first() if "below" in chosen else None,
        _level(chosen["level"]) if "level" in chosen else None,
        OUTCOMES.get(chosen.get("outcome")),
    ]
    labels = [_("Cycle"), _("Team"), _("Everyone reporting to"), _("Target level"), _("Outcome")]
    return [
        {"label": label, "value": str(value)} for label, value in zip(labels, found, strict=True) if value
    ]


def _level(name):
    """Return the level that an export was narrowed to: `framework/level`, or once the key alone."""
    framework, _slash, key = name.rpartition("/")
    levels = Level.objects.filter(key=key)
    return (levels.filter(edition__framework__key=framework) if framework else levels).last()


def way_in(*further):
    """Return the way here for the breadcrumbs; the last has no address."""
    way = [
        {"label": _("Promotions"), "url": reverse("cases")},
        {"label": _("Packet exports"), "url": reverse("packet_exports")},
    ]
    return [*way, *({"label": label} for label in further)]
