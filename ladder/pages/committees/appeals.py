from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.promotions.models import Appeal, PromotionCase
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .forms import AppealForm

PAGE = "committees/appeal.html"


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: Request, pk: int) -> HttpResponse:
    """Ask that others hear one's case once more."""
    case = get_for(PromotionCase.objects.with_state(), request, "promotions.appeal_decision", pk)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            Appeal.lodge(case, form.cleaned_data["grounds"], by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("You submitted your appeal. HR now asks other people to hear the case.")
            )
            return respond(request, PAGE, {}, done=case)
    context = {
        "case": case,
        "form": form,
        "crumbs": [
            {"label": _("Promotions"), "url": reverse("cases")},
            {"label": case.subject.name, "url": case.get_absolute_url()},
            {"label": _("Appeal")},
        ],
    }
    return respond(request, PAGE, context, status=422 if form.errors else 200)
