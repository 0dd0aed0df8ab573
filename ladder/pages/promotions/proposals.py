"""Proposing a case: a look over what a committee will miss, and what it closes, then the proposal."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Incomplete
from competencies.people.models import Person
from competencies.promotions.checklist import weaknesses
from competencies.promotions.contents import CaseContents
from competencies.promotions.models import PromotionCase, Proposal
from competencies.promotions.readiness import readiness
from competencies.reviews.comparing import Spread
from ladder.web.posted_from import tell_finished
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .checklist import lacking
from .context import cases_for, crumbs

PAGE = "promotions/proposal.html"


def _proposed(person: Person, case: PromotionCase) -> str:
    found = Proposal.objects.filter(case=case, by=person).exists()
    return _("You have already proposed this case.") if found else ""


@require_http_methods(["GET", "HEAD", "POST"])
@tell_finished(PromotionCase, "promotions.read_case", _proposed)
def propose(request: Request, pk: int) -> HttpResponse:
    """Look a draft over and propose it, or say what a committee would miss in it."""
    case = get_for(cases_for, request, "promotions.propose_case", pk)
    refusal = None
    if request.method == "POST":
        try:
            case.propose(by=request.user)
        except Incomplete as found:
            refusal = found
        else:
            messages.success(
                request,
                _("You proposed the case. The candidate, HR and the managers above you can read it now."),
            )
            return respond(request, PAGE, {}, done=case)
    context = _looked_over(request, case) | {"refusal": refusal}
    return respond(request, PAGE, context, status=422 if refusal else 200)


def _looked_over(request: Request, case):
    """Return what the look-over page shows: what is in the case, what is missing and what is weak."""
    contents = CaseContents.of(case)
    rows = readiness(case, contents.exhibits)
    return {
        "case": case,
        "contents": contents,
        "spread": Spread.of([row.evidence for row in contents.exhibits]),
        "competencies": len(rows),
        "weaknesses": weaknesses(rows, contents),
        "crumbs": crumbs(case, {"label": _("Review and propose")}),
        **lacking(case, request.user, rows, contents),
    }
