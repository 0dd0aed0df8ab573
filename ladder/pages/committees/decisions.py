"""What the committee decided: written for oneself alone, then looked over and recorded once.

It is unread outside until it is released.
"""

import re
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Denied, Refusal, Stale
from competencies.promotions.models import DecisionDraft
from competencies.trail.audit_reads import note
from ladder.web.autosave import SaveStatus, keep
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import bar_of, crumbs, hearings_for, opened, packet_of, titled, told_apart
from .forms import NOTE, DecisionForm

VERSION = re.compile("[0-9]{1,9}")
PAGE, RECORDING = "committees/decision.html", "committees/recording.html"
KEPT, STATUS = "committees/_decision_kept.html", "promotions/_save_status.html"


@require_http_methods(["GET", "HEAD", "POST"])
def draft_decision(request: Request, pk: int) -> HttpResponse:
    """Write the decision of a hearing, with the ballots in sight; by POST keep it for oneself alone."""
    hearing = get_for(hearings_for, request, "promotions.read_hearing", pk, noting=False)
    if not hearing.may_decide:
        return _decided_before(request, hearing)
    note("promotions.decide_hearing", [hearing], by=request.user)
    bar = bar_of(packet_of(hearing, request.user))
    last_round = opened(hearing, request.user, bar, by=request.user)[0]
    draft = hearing.draft_of(request.user) or DecisionDraft(hearing=hearing)
    form = _form(request, draft, bar, last_round.winner)
    if request.method != "POST":
        save_status = _save_status_of(hearing, draft.version)
        return respond(request, PAGE, _context(hearing, draft, form, bar, last_round, save_status))
    try:
        draft, save_status = _kept(hearing, draft, form, by=request.user)
    except Denied:  # somebody else recorded one meanwhile
        return _decided_before(request, hearings_for(request.user, pk).get())
    context = _context(hearing, draft, form, bar, last_round, save_status)
    fragment, status = (KEPT, 200) if save_status.status == 200 else (STATUS, 422)
    return respond(request, PAGE, context, fragment=fragment, done=save_status.place, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def record_decision(request: Request, pk: int) -> HttpResponse:
    """Look what one wrote of a decision over, and record it. Who comes second is told so."""
    hearing = get_for(hearings_for, request, "promotions.read_hearing", pk, noting=False)
    if not hearing.may_decide:
        return _decided_before(request, hearing)
    note("promotions.decide_hearing", [hearing], by=request.user)
    draft = hearing.draft_of(request.user) or DecisionDraft(hearing=hearing)
    refusal = None
    if request.method == "POST":
        try:
            hearing.decide(
                draft.outcome, by=request.user, per_competency=draft.notes, seen=_seen(request), **draft.said
            )
        except Denied:  # somebody else was quicker
            return _decided_before(request, hearings_for(request.user, pk).get())
        except Refusal as found:
            refusal, draft = found, hearing.draft_of(request.user) or draft
        else:
            sentence = _("You recorded the decision. Nobody outside reads it until HR releases it.")
            messages.success(request, sentence)
            return respond(request, RECORDING, {}, done=hearing)
    context = {
        "hearing": hearing,
        "draft": draft,
        "notes": titled(draft.notes, bar_of(packet_of(hearing, request.user))),
        "lacking": draft.lacking,
        "refusal": refusal,
        "place": _save_status_of(hearing, 0).place,
        "crumbs": crumbs(hearing, {"label": _("Record decision")}),
    }
    return respond(request, RECORDING, context, status=422 if refusal else 200)


def _seen(request: Request) -> int | None:
    """Return the version of the draft that the page showed, or None where a form does not say."""
    version = request.POST.get("seen", "")
    return int(version) if VERSION.fullmatch(version) else None


def _kept(hearing, draft, form, *, by):
    """Keep what was typed into the draft; return it as it is then, and how saving went."""
    kept = [draft]

    def write(version, **values):
        try:
            kept.append(hearing.draft_decision(by=by, version=version, **values))
        except Stale as refusal:
            raise told_apart(refusal, "outcome") from None
        return kept[-1]

    save_status = keep(_save_status_of(hearing, draft.version), form, write)
    return kept[-1], save_status


def _context(hearing, draft, form, bar, last_round, save_status):
    return {
        "hearing": hearing,
        "form": form,
        "save_status": save_status,
        "lacking": draft.lacking,
        "rounds": [last_round],
        "winner": last_round.outcome,
        "asked": [{"row": row, "field": form[f"{NOTE}{row['key']}"]} for row in bar],
        "crumbs": crumbs(hearing, {"label": _("Decision")}),
    }


def _form(request: Request, draft, bar, winner):
    initial = {"outcome": draft.outcome or winner, **draft.said}
    if draft.pk is None:
        initial["effective_on"] = draft.hearing.case.wanted_from
    initial |= {f"{NOTE}{key}": text for key, text in draft.notes.items()}
    data = request.POST if request.method == "POST" else None
    return DecisionForm(data, bar=bar, winner=winner, initial=initial)


def _decided_before(request: Request, hearing):
    """Tell whoever comes after the decision that it is recorded; a form that saves itself beside itself."""
    if hearing.state not in ("decided", "released"):
        raise Http404("nothing here")
    told = _("The decision has already been recorded.")
    if request.htmx and request.method == "POST":
        save_status = replace(_save_status_of(hearing, 0), problems=[told])
        return render(request, STATUS, {"save_status": save_status}, status=422)
    messages.info(request, told)
    return redirect(hearing)


def _save_status_of(hearing, version):
    return SaveStatus(f"decision-{hearing.pk}", version, reverse("hearing_decision", args=[hearing.pk]))
