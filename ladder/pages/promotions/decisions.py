from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from competencies.access.refusal import Refusal
from ladder.web import answer, find

from .forms import DecisionForm
from .workspace import PAGE, cases_for, show


@require_POST
def decide(request, pk):
    """Record what was decided about a proposed case."""
    case = find(cases_for(request.user), request, "promotions.decide_case", pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            case.decide(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.take(refusal)
    if form.errors:
        return answer(request, PAGE, show(request, case, decision_form=form), status=422)
    messages.success(request, _("The decision is recorded, and the candidate can read it."))
    return answer(request, PAGE, {}, done=case)
