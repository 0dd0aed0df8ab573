from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.refusals import NotNow
from competencies.promotions.models import PromotionCase
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import PAGE, cases_for, writing


@posted_from("case", PromotionCase, "promotions.read_case")
def share(request: Request, pk: int) -> HttpResponse:
    """Open the draft to the candidate."""
    case = get_for(cases_for, request, "promotions.share_case", pk)
    try:
        case.share(by=request.user)
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(person)s can contribute to the draft now.") % {"person": case.subject})
    return redirect(case)


@posted_from("case", PromotionCase, "promotions.read_case")
def unshare(request: Request, pk: int) -> HttpResponse:
    """Close the draft to the candidate again."""
    case = get_for(cases_for, request, "promotions.unshare_case", pk)
    case.unshare(by=request.user)
    messages.success(request, _("%(person)s can no longer read the draft.") % {"person": case.subject})
    return redirect(case)


@require_safe
def show_writing(request: Request, pk: int) -> HttpResponse:
    """Who else wrote in a draft last, and when. The page asks again until the draft is closed."""
    case = get_for(cases_for, request, "promotions.read_case", pk, noting=False)
    if not request.htmx:
        return redirect(case)
    context = {"case": case, "writing": writing(case, request.user) if case.may_write else None}
    return respond(request, PAGE, context, fragment="promotions/_writing.html")
