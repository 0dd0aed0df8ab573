"""Evidence of one person's work, month by month."""

from collections import defaultdict
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.addresses import address_of
from competencies.core.clock import today
from competencies.evidence.models import Evidence, Tag
from competencies.framework.in_force import InForce
from competencies.people.models import Person
from ladder.web.request import Request
from ladder.web.views import get_for, query

from .forms import FilterForm

PER_PAGE = 40


@require_safe
def mine(request: Request) -> HttpResponse:
    """One's own evidence."""
    return _timeline(request, request.user)


@require_safe
def of(request: Request, pk: int) -> HttpResponse:
    """The evidence of somebody below."""
    return _timeline(request, get_for(Person, request, "evidence.list_evidence", pk))


def _timeline(request: Request, person):
    everything = Evidence.objects.allowing(request.user, "evidence.read_evidence").filter(person=person)
    form = FilterForm(request.GET, editions=InForce().open_to(person.placement_on()))
    page = Paginator(form.narrow(everything).select_related("author"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    spread = everything.months(today())
    of_self = person == request.user
    way_here = [{"label": person.name, "url": person.get_absolute_url()}, {"label": _("Evidence"), "url": ""}]
    context = {
        "person": person,
        "mine": of_self,
        "may_log": request.user.has_perm("evidence.log_evidence", person),
        "form": form,
        "narrowed": bool(form.cleaned_data.get("competency") or form.cleaned_data.get("kind")),
        "page": page,
        "months": _by_month(list(page)),
        "spread": spread,
        "empty_months": sum(1 for _month, count in spread if not count),
        "query": query(request),
        "crumbs": [] if of_self else way_here,
    }
    return render(request, "evidence/timeline.html", context)


def _by_month(pieces):
    """Return `[(a day of the month, [{piece, competencies}])]`."""
    competencies = _links_of([piece.pk for piece in pieces])
    return [
        (month, [{"piece": piece, "competencies": competencies[piece.pk]} for piece in of_month])
        for month, of_month in groupby(pieces, lambda piece: piece.happened_on.replace(day=1))
    ]


def _links_of(pieces):
    """Return what each piece speaks for: `{id: [(address, title)]}`."""
    links = defaultdict(list)
    tags = Tag.objects.filter(evidence__in=pieces).order_by("competency__position")
    for piece, competency, title in tags.values_list("evidence", "competency", "competency__title"):
        links[piece].append((address_of("competency", competency), title))
    return links
