from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.refusals import NotNow
from competencies.people.models import Person
from competencies.promotions.models import PromotionCase, Sharing
from ladder.web.posted_from import posted_from, tell_finished
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import PAGE, cases_for, crumbs, writing

LAST_STEP = "shell/last_step.html"


def _shared(person: Person, case: PromotionCase) -> str:
    found = Sharing.objects.filter(case=case, by=person).exists()
    return _("You have already shared this draft.") if found else ""


@require_http_methods(["GET", "HEAD", "POST"])
@tell_finished(PromotionCase, "promotions.read_case", _shared)
def share(request: Request, pk: int) -> HttpResponse:
    """Say what the candidate learns by it, and by POST open the draft to them."""
    case = get_for(cases_for, request, "promotions.share_case", pk)
    if request.method != "POST":
        return respond(request, LAST_STEP, _before_sharing(case))
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


def _before_sharing(case):
    names = {"person": case.subject}
    return {
        "eyebrow": str(case),
        "heading": _("Share with %(person)s") % names,
        "lede": _("You can stop sharing later, but %(person)s will know of the case from now on.") % names,
        "closes": [
            _("%(person)s learns that you are preparing a case for them.") % names,
            _("%(person)s can read and edit all of the draft except your manager’s statement.") % names,
            _("%(person)s sees who was asked for an endorsement, but not what they say.") % names,
            _("Nobody else can read the draft until you propose it."),
        ],
        "action": _("Share draft"),
        "kind": "primary",
        "back": case.get_absolute_url(),
        "crumbs": crumbs(case, {"label": _("Share")}),
    }


@require_safe
def show_writing(request: Request, pk: int) -> HttpResponse:
    """Who else wrote in a draft last, and when. The page asks again until the draft is closed."""
    case = get_for(cases_for, request, "promotions.read_case", pk, noting=False)
    if not request.htmx:
        return redirect(case)
    context = {"case": case, "writing": writing(case, request.user) if case.may_write else None}
    return respond(request, PAGE, context, fragment="promotions/_writing.html")
