"""What the committee decided: recorded once all ballots are open, unread outside until it is released."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Denied, Refusal
from competencies.trail.audit_reads import note
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import bar_of, crumbs, hearings_for, opened, packet_of
from .forms import NOTE, DecisionForm

PAGE = "committees/decision.html"


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, pk: int) -> HttpResponse:
    """Record the decision of a hearing, with the ballots in sight. Who comes second is told so."""
    hearing = get_for(hearings_for, request, "promotions.read_hearing", pk, noting=False)
    if not hearing.may_decide:
        return _decided_before(request, hearing)
    note("promotions.decide_hearing", [hearing], by=request.user)
    bar = bar_of(packet_of(hearing, request.user))
    rounds = opened(hearing, request.user, bar, by=request.user)
    winner = rounds[0].winner
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        bar=bar,
        winner=winner,
        initial={"outcome": winner, "effective_on": hearing.case.wanted_from},
    )
    if form.is_valid():
        try:
            hearing.decide(form.cleaned_data["outcome"], by=request.user, **form.values)
        except Denied:  # somebody else was quicker
            return _decided_before(request, hearings_for(request.user, pk).get())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("You recorded the decision. Nobody outside reads it until HR releases it.")
            )
            return respond(request, PAGE, {}, done=hearing)
    context = {
        "hearing": hearing,
        "form": form,
        "rounds": rounds[:1],
        "winner": rounds[0].outcome,
        "asked": [{"row": row, "field": form[f"{NOTE}{row['key']}"]} for row in bar],
        "crumbs": crumbs(hearing, {"label": _("Decision")}),
    }
    return respond(request, PAGE, context, status=422 if form.errors else 200)


def _decided_before(request: Request, hearing):
    if hearing.state not in ("decided", "released"):
        raise Http404("nothing here")
    messages.info(request, _("The decision has already been recorded."))
    return redirect(hearing)
