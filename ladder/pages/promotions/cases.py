from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.prepared import prepared
from competencies.core.refusals import Refusal
from competencies.people.models import Person
from competencies.promotions.models import Policy, PromotionCase
from competencies.promotions.models.case import Cases, hearings, read_hearings
from competencies.promotions.nomination import changes, prospects, prospects_among
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for, organisation_of, respond

from .context import PAGE, cases_for, show, way_in
from .forms import Nomination

LISTED = 10
PAGE_SIZE = 50
STATES = {
    "drafts": gettext_lazy("Drafts"),
    "proposed": gettext_lazy("Proposed"),
    "in-review": gettext_lazy("In committee"),
    "decided": gettext_lazy("Released"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@require_safe
def show_cases(request: Request) -> HttpResponse:
    """The cases that the visitor may read, by where they stand, and whom they could nominate."""
    if (state := request.GET.get("state")) in STATES:
        rows = IN_STATE[state](readable_by(request.user)).prefetch_related(hearings())
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {"state": state, "page": page, "crumbs": [*way_in(), {"label": STATES[state]}]}
        return respond(request, "promotions/cases_of_state.html", context | {"title": STATES[state]})

    groups = [_group(state, rows(request.user)) for state, rows in FIRST_IN_STATE.items()]
    read_hearings([case for group in groups for case in group["rows"]])
    organisation = organisation_of(request)
    overview: dict[str, Any] = {
        "groups": [group for group in groups if group["rows"]],
        "leads": organisation.may_lead,
        "prospects": prospects(request.user) if organisation.may_lead else [],
        "may_govern": organisation.may_order_exports,
    }
    return respond(request, "promotions/cases.html", overview)


@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: Request, pk: int) -> HttpResponse:
    """Open a case for one of one's reports: which next step, and from when."""
    person = get_for(Person, request, "promotions.nominate_person", pk)
    prospect = prospects_among([person])[0]
    posted = request.POST if request.method == "POST" else None
    form = Nomination(posted, steps=prospect.steps, sponsor=request.user, subject=person)
    if form.is_valid():
        try:
            case = PromotionCase.nominate(person, form.cleaned_data["level"], by=request.user, **form.framing)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return respond(request, PAGE, {}, done=case)
    context = {
        "form": form,
        "prospect": prospect,
        "changes": changes(prospect.placement, prospect.steps),
        "together": Policy.here().together,
        "standing_case": PromotionCase.objects.barring([person], request.user).first(),
        "crumbs": [*way_in(), {"label": _("Nominate %(person)s") % {"person": person}}],
    }
    return respond(request, "promotions/case_new.html", context, status=422 if form.errors else 200)


@require_safe
def show_case(request: Request, pk: int) -> HttpResponse:
    """A case: a workspace for those who write the draft, for reading from the proposal on."""
    case = get_for(cases_for, request, "promotions.read_case", pk)
    return respond(request, PAGE, show(request, case))


def _group(state, rows):
    """The first few cases of a state, and whether there are more."""
    return {"state": state, "title": STATES[state], "rows": rows[:LISTED], "more": len(rows) > LISTED}


def readable_by(person):
    return PromotionCase.objects.joined().allowing(person, "promotions.read_case")


def _first_in(state):
    """Return a function from a person to the first of the cases in a state, and one more than is listed."""
    keep = IN_STATE[state]

    @prepared
    def rows(person: Person):
        return keep(readable_by(person))[: LISTED + 1]

    return rows


IN_STATE = {
    "drafts": Cases.drafts,
    "proposed": Cases.proposed,
    "in-review": Cases.in_review,
    "decided": Cases.decided,
    "withdrawn": Cases.withdrawn,
}
FIRST_IN_STATE = {state: _first_in(state) for state in STATES}
