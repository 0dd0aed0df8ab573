from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from competencies.core.refusals import Incomplete
from competencies.people.models import Person
from competencies.promotions.models import PromotionCase, Proposal
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import PAGE, cases_for, show


def _proposed(person: Person, case: PromotionCase) -> str:
    found = Proposal.objects.filter(case=case, by=person).exists()
    return _("You have already proposed this case.") if found else ""


@posted_from("case", PromotionCase, "promotions.read_case", finished=_proposed)
def propose(request: Request, pk: int) -> HttpResponse:
    """Hand a draft in, or say what a committee would miss in it."""
    case = get_for(cases_for, request, "promotions.propose_case", pk)
    try:
        case.propose(by=request.user)
    except Incomplete as refusal:
        return respond(request, PAGE, show(request, case, refusal=refusal), status=422)
    messages.success(
        request, _("You proposed the case. The candidate, HR and the managers above you can read it now.")
    )
    return respond(request, PAGE, {}, done=case)
