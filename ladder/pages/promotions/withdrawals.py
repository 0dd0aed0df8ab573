from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from competencies.people.models import Person
from competencies.promotions.models import PromotionCase, Withdrawal
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import PAGE, cases_for, is_read_by_others, show
from .forms import WithdrawalForm


def _withdrawn(person: Person, case: PromotionCase) -> str:
    found = Withdrawal.objects.filter(case=case, by=person).exists()
    return _("You have already withdrawn this case.") if found else ""


@posted_from("case", PromotionCase, "promotions.read_case", finished=_withdrawn)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a case back before it is decided."""
    case = get_for(cases_for, request, "promotions.withdraw_case", pk)
    form = WithdrawalForm(request.POST, is_read=is_read_by_others(case))
    if not form.is_valid():
        return respond(request, PAGE, show(request, case, withdrawal_form=form), status=422)
    case.withdraw(by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("You withdrew the case."))
    return respond(request, PAGE, {}, done=case)
