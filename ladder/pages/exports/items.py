"""One packet of an export: what became of it, and the links to it."""

from contextlib import suppress

from django.db.models import Max
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.refusals import NotNow
from competencies.packets.models.export import ExportItem, PacketLink
from competencies.promotions.models import PromotionCase
from competencies.trail.kinds import kind_of
from competencies.trail.models import Entry
from ladder.jobs import packet_exports
from ladder.web.posted_from import posted_from
from ladder.web.views import get_for, respond

from .exports import way_in
from .forms import LinkForm

PAGE = "exports/item.html"


@require_safe
def show(request, pk):
    """One packet of an export and its links."""
    item = get_for(items(request.user), request, "packets.read_item", pk)
    return respond(request, PAGE, context_of(request, item))


@posted_from("packet_export_item", ExportItem, "packets.read_item")
def retry(request, pk):
    """Try one packet again that failed."""
    item = get_for(items(request.user), request, "packets.retry_item", pk)
    with suppress(NotNow):
        packet_exports.retry(item, by=request.user)
    return respond(request, PAGE, {}, done=item.export)


def items(person):
    """The items whose cases `person` may read, with what their page tells."""
    cases = PromotionCase.objects.allowing(person, "promotions.read_case").values("pk")
    return (
        ExportItem.objects.filter(case__in=cases)
        .with_all()
        .select_related("export")
        .marking(person, may_link="packets.link_item", may_retry="packets.retry_item")
    )


def context_of(request, item):
    """Return what the page says of an item."""
    crumbs = way_in(str(item.export), item.case.subject.name)
    crumbs[-2]["url"] = item.export.get_absolute_url()
    return {
        "item": item,
        "form": LinkForm(),
        "links": _with_last_use(item.links.select_related("person", "by")),
        "title": _("Packet for %(person)s") % {"person": item.case.subject},
        "crumbs": crumbs,
    }


def _with_last_use(links):
    """Return `links`, each with the instant at which the trail says that it was last used, or None."""
    links = list(links)
    used = (
        Entry.objects.filter(
            action="packet.downloaded",
            row_model=kind_of(PacketLink),
            row_pk__in=[str(link.pk) for link in links],
        )
        .order_by()
        .values_list("row_pk")
        .annotate(Max("at"))
    )
    times = dict(used)
    for link in links:
        link.used_at = times.get(str(link.pk))
    return links
