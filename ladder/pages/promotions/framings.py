from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import cases_for, crumbs
from .forms import FramingForm

PAGE = "promotions/framing.html"


@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: Request, pk: int) -> HttpResponse:
    """From when the level is wanted, for which cycle, and who presents the case."""
    case = get_for(cases_for, request, "promotions.describe_case", pk)
    framing = {"wanted_from": case.wanted_from, "cycle": case.cycle_id, "presenter": case.presenter_id}
    posted = request.POST if request.method == "POST" else None
    form = FramingForm(posted, initial=framing, sponsor=request.user, subject=case.subject)
    if form.is_valid():
        try:
            case.describe(by=request.user, **form.framing)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("You updated the case."))
            return respond(request, PAGE, {}, done=case)
    context = {"case": case, "form": form, "crumbs": crumbs(case, {"label": _("Cycle and presenter")})}
    return respond(request, PAGE, context, status=422 if form.errors else 200)
