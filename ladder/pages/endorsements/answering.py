"""The one page of somebody who is asked, with an account or without: read what for, write, send once."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from competencies.core.refusals import Incomplete, NotNow
from competencies.people.models import Organisation
from competencies.promotions.models import EndorsementRequest
from ladder.web.posted_from import posted_from
from ladder.web.views import get_for, site_of

from .emails import order_answer
from .forms import AnswerForm, DeclineForm

OPENED, ANSWERED = "endorsement", "endorsement answered"


@login_not_required
@never_cache
@require_safe
def open_endorsement(request, key):
    """Remember whose link it is and take the key out of the address. Nothing is used up by looking."""
    if too_many := ratelimit.consume_or_429(request, action="endorsement_link"):
        return too_many
    asked = EndorsementRequest.objects.bearing(key)
    return _onward(request, asked)


@require_safe
def open_asked(request, pk):
    """Show the same page to somebody who signed in and was asked by the email of their account."""
    answered = EndorsementRequest.objects.filter(pk=pk, person=request.user)
    if answered.exclude(endorsement=None, refusal=None).exists():
        messages.info(request, _("You have already answered this request for an endorsement."))
        return redirect("home")
    return _onward(request, get_for(EndorsementRequest, request, "promotions.answer_request", pk))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement(request):
    """Take what one saw. A link that is used, old, taken back or unknown gets one answer."""
    asked = _asked(request)
    if asked is None:
        return _over(request)
    if request.method != "POST":
        return _page(request, asked)
    if too_many := ratelimit.consume_or_429(request, action="endorsement", key=str(asked.pk)):
        return too_many
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form=form)
    try:
        _answer(request, asked, asked.endorse, **form.cleaned_data)
    except Incomplete as refusal:
        form.add_error("text", str(refusal))
        return _page(request, asked, form=form)
    except NotNow:
        return _over(request)
    return _answered(request, asked)


@login_not_required
@never_cache
@posted_from("endorsement")
def decline(request):
    """Rather not, with a reason or without."""
    asked = _asked(request)
    form = DeclineForm(request.POST)
    if asked is None:
        return _over(request)
    if not form.is_valid():
        return _page(request, asked, declining=form)
    try:
        _answer(request, asked, asked.decline, **form.cleaned_data)
    except NotNow:
        return _over(request)
    return _answered(request, asked)


def _onward(request, asked):
    request.session[OPENED] = asked.pk if asked else None
    request.session.pop(ANSWERED, None)
    return redirect("endorsement")


def _asked(request):
    """Return the request whose link was opened here, or None; not to those who have their say elsewhere."""
    active = EndorsementRequest.objects.active().with_case()
    asked = active.filter(pk=request.session.get(OPENED)).first()
    if asked is None:
        return None
    others = {asked.by_id, asked.case.sponsor_id, asked.case.subject_id}
    return None if request.user.pk in others else asked


def _page(request, asked, *, form=None, declining=None):
    initial = {"relation": asked.relation, "outside": asked.outside}
    context = {
        "asked": asked,
        "case": asked.case,
        "organisation": Organisation.here(),
        "form": form or AnswerForm(initial=initial),
        "declining": declining or DeclineForm(),
    }
    refused = (form and form.errors) or (declining and declining.errors)
    return render(request, "endorsements/endorsement.html", context, status=422 if refused else 200)


@transaction.atomic
def _answer(request, asked, how, **values):
    how(**values)
    order_answer(asked, site=site_of(request))


def _answered(request, asked):
    request.session[ANSWERED] = asked.pk
    return redirect("endorsement")


def _over(request):
    """Thank whoever has just answered here; tell everybody else the same, and give back what they typed."""
    answered = request.session.get(ANSWERED)
    if answered and request.method != "POST" and answered == request.session.get(OPENED):
        return render(request, "endorsements/thanks.html", {"organisation": Organisation.here()})
    typed = request.POST.get("text") or request.POST.get("reason")
    return render(request, "endorsements/over.html", {"typed": typed}, status=404)
