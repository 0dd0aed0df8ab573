"""Who answers a case: calling one more, letting one go, and stepping aside oneself."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.people.models import Person
from ladder.web.form_fields import add_refusal
from ladder.web.request import Request
from ladder.web.views import get_for, respond, site_of

from .committees import offered
from .context import PAGE, crumbs, hearings_for, show
from .emails import call_member, tell_chair
from .forms import ExcusalForm, ReasonForm, SomebodyForm

REASON = "committees/reason.html"


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: Request, pk: int) -> HttpResponse:
    """Call one more member. `?person=…` by htmx answers with the people who fit."""
    hearing = get_for(hearings_for, request, "promotions.call_member", pk)
    if request.method != "POST":
        if request.htmx:
            return respond(
                request, PAGE, offered(request.GET.get("person", "")), fragment="parts/matches.html"
            )
        return respond(request, PAGE, show(request, hearing))
    form = SomebodyForm(request.POST)
    if form.is_valid():
        try:
            member = _call(hearing, form.cleaned_data["person"], by=request.user, site=site_of(request))
        except Refusal as refusal:
            form.add_error("person", str(refusal))
        else:
            messages.success(request, _("You added %(person)s.") % {"person": member.person})
            return respond(request, PAGE, {}, done=hearing)
    context = show(request, hearing, call_form=form, **offered(request.POST.get("person", "")))
    return respond(request, PAGE, context, status=422)


@transaction.atomic
def _call(hearing, person, *, by, site):
    member = hearing.call(person, by=by)
    call_member(hearing, member.person, by=by, site=site)
    tell_chair(hearing, by=by, site=site)
    return member


@require_http_methods(["GET", "HEAD", "POST"])
def excuse(request: Request, pk: int, person) -> HttpResponse:
    """Go on without a member, for HR."""
    hearing = get_for(hearings_for, request, "promotions.excuse_member", pk)
    who = get_object_or_404(Person, pk=person, memberships__hearing=hearing)
    form = ExcusalForm(
        request.POST if request.method == "POST" else None,
        help_text=_("HR can read it. It stays on record with the hearing."),
    )
    if form.is_valid():
        values = form.cleaned_data
        try:
            hearing.excuse(who, values["reason"], ground=values["ground"], by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("You recused %(person)s.") % {"person": who})
            return respond(request, REASON, {}, done=hearing)
    context = {
        "hearing": hearing,
        "form": form,
        "heading": _("Recuse %(person)s") % {"person": who},
        "lede": _(
            "They can no longer vote on this case or read it, and nobody reads what they have written so "
            "far. You can’t undo this, and you can’t recuse anyone once ballots are open."
        ),
        "action": _("Recuse"),
        "crumbs": crumbs(hearing, {"label": _("Recuse")}),
    }
    return respond(request, REASON, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def step_aside(request: Request, pk: int) -> HttpResponse:
    """Declare that one should not answer this case."""
    hearing = get_for(hearings_for, request, "promotions.step_aside", pk)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        help_text=_("A few words are enough: “We are related.” HR can read it, and it stays on record."),
    )
    if form.is_valid():
        try:
            hearing.step_aside(form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("You recused yourself. You can no longer read the case or its hearing.")
            )
            return respond(request, REASON, {}, done=("committees",))
    context = {
        "hearing": hearing,
        "form": form,
        "heading": _("Recuse yourself"),
        "lede": _(
            "Recuse yourself if you can’t vote on this case fairly, or if it could look that way. You will "
            "no longer read the case, and nobody reads what you have written so far. You can’t undo this."
        ),
        "action": _("Recuse myself"),
        "crumbs": crumbs(hearing, {"label": _("Recuse yourself")}),
    }
    return respond(request, REASON, context, status=422 if form.errors else 200)
