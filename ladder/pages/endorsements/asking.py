"""Asking for endorsements, reminding, and taking a request back."""

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.people.models import Person
from competencies.promotions.models import PromotionCase
from competencies.promotions.models.endorsement import EndorsementRecall, EndorsementRequest, ask
from ladder.web.email import are_sent
from ladder.web.posted_from import posted_from, tell_finished
from ladder.web.request import Request
from ladder.web.views import get_for, respond, site_of

from .emails import order_request
from .forms import AskForm

PAGE, LAST_STEP = "endorsements/asking.html", "shell/last_step.html"


@require_http_methods(["GET", "HEAD", "POST"])
def ask_endorsement(request: Request, pk: int) -> HttpResponse:
    """Ask a named person to say what they saw of the candidate."""
    case = get_for(PromotionCase.objects.with_state(), request, "promotions.ask_endorsement", pk)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if too_many := ratelimit.consume_or_429(request, action="endorsement_asked", user=request.user):
            return too_many
        try:
            asked = _ask(case, by=request.user, site=site_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.details.get("field"), str(refusal))
        else:
            _tell(request, _("You asked %(name)s for an endorsement.") % {"name": asked.name})
            return redirect(f"{case.get_absolute_url()}#endorsements")
    context = {
        "case": case,
        "form": form,
        "days": EndorsementRequest.LIVES.days,
        "crumbs": [
            {"label": _("Promotions"), "url": reverse("cases")},
            {"label": case.subject.name, "url": case.get_absolute_url()},
            {"label": _("Ask for an endorsement")},
        ],
    }
    return respond(request, PAGE, context, status=422 if form.errors else 200)


@posted_from("case", EndorsementRequest, "promotions.read_request", key="case_id")
def remind(request: Request, pk: int) -> HttpResponse:
    """Send the link once more, once a week at most."""
    asked = _asked(request, "promotions.remind_endorser", pk)
    if asked.may_be_reminded:
        order_request(asked, by=request.user, site=site_of(request))
        _tell(request, _("%(name)s will get a reminder.") % {"name": asked.name})
    else:
        messages.error(
            request, _("%(name)s got an email within the last week. Try again later.") % {"name": asked.name}
        )
    return redirect(asked)


def _recalled(person: Person, asked: EndorsementRequest) -> str:
    found = EndorsementRecall.objects.filter(request=asked, by=person).exists()
    return _("You have already withdrawn this request.") if found else ""


@require_http_methods(["GET", "HEAD", "POST"])
@tell_finished(EndorsementRequest, "promotions.read_request", _recalled)
def recall(request: Request, pk: int) -> HttpResponse:
    """Say what a withdrawn request closes, and by POST take it back: its link opens nothing any more."""
    asked = _asked(request, "promotions.recall_request", pk)
    if request.method != "POST":
        return respond(request, LAST_STEP, _before_recall(asked))
    asked.take_back(by=request.user)
    messages.success(request, _("You withdrew the request to %(name)s.") % {"name": asked.name})
    return redirect(asked)


def _asked(request: Request, action, pk):
    rows = EndorsementRequest.objects.with_case().prefetch_related("letters")
    return get_for(rows, request, action, pk)


def _before_recall(asked):
    names = {"name": asked.name}
    return {
        "eyebrow": str(asked.case),
        "heading": _("Withdraw the request to %(name)s") % names,
        "lede": _("You can’t undo this, but you can ask %(name)s again with a new link.") % names,
        "closes": [
            _("Links that were sent to %(name)s stop working at once.") % names,
            _("What %(name)s has typed and not sent yet does not reach you.") % names,
            _("Everyone who can read the case sees that the request was withdrawn."),
        ],
        "action": _("Withdraw request"),
        "back": asked.get_absolute_url(),
        "crumbs": [
            {"label": _("Promotions"), "url": reverse("cases")},
            {"label": asked.case.subject.name, "url": asked.case.get_absolute_url()},
            {"label": _("Withdraw request")},
        ],
    }


@transaction.atomic
def _ask(case, *, by, site, **values):
    asked = ask(case, by=by, **values)
    order_request(asked, by=by, site=site)
    return asked


def _tell(request: Request, words):
    unsent = _("No mail server is set up, so the email is in the data folder. An operator can pass it on.")
    messages.success(request, words if are_sent() else f"{words} {unsent}")
