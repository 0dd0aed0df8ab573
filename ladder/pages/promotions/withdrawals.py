"""Withdrawing a case: first what that closes, then the withdrawal."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.people.models import Person
from competencies.promotions.models import PromotionCase, Withdrawal
from ladder.web.posted_from import tell_finished
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import cases_for, crumbs, is_read_by_others
from .forms import WithdrawalForm

PAGE = "shell/last_step.html"


def _withdrawn(person: Person, case: PromotionCase) -> str:
    found = Withdrawal.objects.filter(case=case, by=person).exists()
    return _("You have already withdrawn this case.") if found else ""


@require_http_methods(["GET", "HEAD", "POST"])
@tell_finished(PromotionCase, "promotions.read_case", _withdrawn)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Say what a withdrawal closes, and by POST take a case back before it is decided."""
    case = get_for(cases_for, request, "promotions.withdraw_case", pk)
    is_read = is_read_by_others(case)
    form = WithdrawalForm(request.POST if request.method == "POST" else None, is_read=is_read)
    if form.is_valid():
        try:
            case.withdraw(by=request.user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("You withdrew the case."))
            return respond(request, PAGE, {}, done=case)
    context = {
        "eyebrow": str(case),
        "heading": _("Withdraw this case"),
        "lede": _("You can’t undo this. A new case can be opened at any time."),
        "closes": _closes(case, is_read),
        "form": form,
        "action": _("Withdraw case"),
        "back": case.get_absolute_url(),
        "crumbs": crumbs(case, {"label": _("Withdraw")}),
    }
    return respond(request, PAGE, context, status=422 if form.errors else 200)


def _closes(case, is_read):
    """Return what a withdrawal ends, and who hears of it, as sentences."""
    heard = bool(case.hearings.all())
    return [
        _("Voting stops. Nobody reads ballots that are not open yet, and nothing is decided.")
        if heard
        else _("No committee will hear the case."),
        _("People who were asked for an endorsement can no longer answer."),
        _("Everyone who can read the case sees that you withdrew it, and why.")
        if is_read
        else _("Nobody else will have seen it."),
    ]
