from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.promotions.models import Claim, PromotionCase
from ladder.web.autosave import keep
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .checklist import lacking
from .context import PAGE, cases_for, claim_options, claims, crumbs, kept, save_status_of_claim, show
from .forms import ClaimForm

FRAGMENT, LAST_STEP = "promotions/_claims_swapped.html", "shell/last_step.html"


@posted_from("case", PromotionCase, "promotions.read_case")
def make_claim(request: Request, pk: int) -> HttpResponse:
    """Add a claim to the summary of a draft."""
    case = get_for(cases_for, request, "promotions.write_case", pk)
    form = ClaimForm(request.POST, auto_id="claim-%s", hints=True, **claim_options(case))
    if form.is_valid():
        try:
            case.claim(by=request.user, **form.values)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _answer(request, case, status=422, claim=form)
    return _answer(request, case)


@posted_from("case", Claim, "promotions.write_claim", key="case_id")
def change_claim(request: Request, pk: int) -> HttpResponse:
    """Keep what was typed into a claim."""
    claim = get_for(Claim.objects.select_related("case"), request, "promotions.write_claim", pk)
    case = get_for(cases_for, request, "promotions.write_case", claim.case_id)
    form = ClaimForm(request.POST, auto_id=f"claim-{claim.pk}-%s", **claim_options(case))

    def write(version, **values):
        return claim.rewrite(by=request.user, version=version, **values)

    def whole():
        refused = {f"claim-{claim.pk}": {"row": claim, "form": form, "save_status": save_status}}
        return show(request, case, **claims(case, **refused))

    save_status = keep(save_status_of_claim(claim), form, write)
    return kept(request, case, save_status, whole)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_claim(request: Request, pk: int) -> HttpResponse:
    """Show what a claim says, and by POST take it out of the summary."""
    claim = get_for(
        Claim.objects.select_related("case__subject", "competency"), request, "promotions.write_claim", pk
    )
    case = get_for(cases_for, request, "promotions.write_case", claim.case_id)
    if request.method != "POST":
        return respond(request, LAST_STEP, _before_removal(case, claim))
    claim.remove(by=request.user)
    if not request.htmx:
        messages.success(request, _("You removed the claim."))
    return _answer(request, case)


def _answer(request: Request, case, *, status=200, **refused):
    context = {"case": case, **lacking(case, request.user), **claims(case, **refused)}
    if status != 200 and not request.htmx:
        context = show(request, case, **claims(case, **refused))
    done = f"{case.get_absolute_url()}#claims"
    return respond(request, PAGE, context, fragment=FRAGMENT, done=done, status=status)


def _before_removal(case, claim):
    return {
        "eyebrow": str(case),
        "heading": _("Remove the claim about %(competency)s") % {"competency": claim.competency},
        "lede": _("You can’t undo this. What is written in the claim is deleted."),
        "shown": [(_("Claim"), claim.text), (_("Result"), claim.result)],
        "action": _("Remove claim"),
        "back": f"{case.get_absolute_url()}#claims",
        "crumbs": crumbs(case, {"label": _("Remove claim")}),
    }
