"""Bringing a case before a committee: first who would sit and who would not, then the hearing."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.packets import convening
from competencies.promotions.models import Committee, Policy, PromotionCase
from competencies.promotions.panel import panel_for
from ladder.web.request import Request
from ladder.web.views import get_for, respond, site_of

from .emails import call_members
from .forms import ConveningForm

PAGE = "committees/convening.html"


@require_http_methods(["GET", "HEAD", "POST"])
def convene(request: Request, pk: int) -> HttpResponse:
    """Choose a committee for a case, see who of it may answer, and call them. `?committee=…` chooses."""
    case = get_for(PromotionCase.objects.with_state(), request, "promotions.convene_hearing", pk)
    offered = Committee.objects.allowing(request.user, "promotions.read_committee")
    form = ConveningForm(request.POST if request.method == "POST" else None, committees=offered)
    if form.is_valid():
        try:
            hearing = _convene(case, by=request.user, site=site_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You submitted the case to the committee. Its members get an email."))
            return respond(request, PAGE, {}, done=hearing)
    committees = list(offered)
    chosen = _chosen(request, committees)
    context = {
        "case": case,
        "committees": committees,
        "chosen": chosen,
        "panel": panel_for(case, chosen) if chosen else None,
        "policy": Policy.here(),
        "form": form,
        "masked": request.POST.get("masked") if request.method == "POST" else Policy.here().masked,
        "crumbs": [
            {"label": _("Promotions"), "url": reverse("cases")},
            {"label": case.subject.name, "url": case.get_absolute_url()},
            {"label": _("Submit to committee")},
        ],
    }
    return respond(request, PAGE, context, status=422 if form.errors else 200)


@transaction.atomic
def _convene(case, *, by, site, **chosen):
    hearing = convening.convene(case, by=by, **chosen)
    call_members(hearing, by=by, site=site)
    return hearing


def _chosen(request: Request, committees):
    pk = request.POST.get("committee") or request.GET.get("committee")
    found = [committee for committee in committees if str(committee.pk) == pk]
    return found[0] if found else committees[0] if len(committees) == 1 else None
