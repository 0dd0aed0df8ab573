from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import crumbs, hearings_for
from .forms import ReasonForm

REASON = "committees/reason.html"


@require_http_methods(["GET", "HEAD", "POST"])
def unmask(request: Request, pk: int) -> HttpResponse:
    """See who the candidate is, for a reason that stays on record."""
    hearing = get_for(hearings_for, request, "promotions.unmask_hearing", pk)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        help_text=_("Why you need to know. HR can read it, and so can auditors in the audit log."),
    )
    if form.is_valid():
        try:
            hearing.unmask(form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.info(
                request, _("You can see who the candidate is. That you asked, and why, is on record.")
            )
            return respond(request, REASON, {}, done=hearing)
    context = {
        "hearing": hearing,
        "form": form,
        "heading": _("See who the candidate is"),
        "lede": _(
            "This case is anonymised: members read it without name, pronouns, photo and team, so that the "
            "work speaks for itself. If you know whose case it is and have a conflict, recuse yourself "
            "instead. The candidate is shown to you alone, and you can’t undo this."
        ),
        "action": _("Show candidate"),
        "crumbs": crumbs(hearing, {"label": _("See who the candidate is")}),
    }
    return respond(request, REASON, context, status=422 if form.errors else 200)
