"""One's ballot: kept for oneself while it is written, handed in once."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Denied, Incomplete, NotNow, Stale
from competencies.promotions.models import Ballot, Hearing
from competencies.trail.audit_reads import note
from ladder.web.autosave import keep
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .context import PAGE, ballot_form, bar_of, crumbs, hearings_for, packet_of, show, titled, told_apart

CASTING = "committees/casting.html"


@posted_from("hearing", Hearing, "promotions.read_hearing")
def write_ballot(request: Request, pk: int) -> HttpResponse:
    """Keep what was typed into one's ballot."""
    hearing = get_for(hearings_for, request, "promotions.cast_ballot", pk)
    bar = bar_of(packet_of(hearing, request.user))
    filled = ballot_form(hearing, bar, hearing.ballot_of(request.user), request.POST)

    def write(version, **values):
        try:
            return hearing.write(by=request.user, version=version, **values)
        except Stale as refusal:
            raise told_apart(refusal, "vote") from None

    save_status = keep(filled["save_status"], filled["ballot_form"], write)
    if save_status.status == 200 or request.htmx:
        kept = hearing.ballot_of(request.user) or Ballot()
        context = {"hearing": hearing, "save_status": save_status, "lacking": kept.lacking}
        fragment = "committees/_ballot_kept.html"
        return respond(
            request, PAGE, context, fragment=fragment, done=save_status.place, status=save_status.status
        )
    return respond(
        request,
        PAGE,
        show(request, hearing, **filled | {"save_status": save_status}),
        status=save_status.status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cast(request: Request, pk: int) -> HttpResponse:
    """Look one's ballot over, and hand it in. Whose ballot is in, from another tab perhaps, is told so."""
    hearing = get_for(hearings_for, request, "promotions.read_hearing", pk, noting=False)
    if not hearing.may_cast:
        return _cast_before(request, hearing)
    note("promotions.cast_ballot", [hearing], by=request.user)
    refusal = None
    if request.method == "POST":
        try:
            hearing.cast(by=request.user)
        except Denied:  # another tab was quicker
            return _cast_before(request, hearing)
        except (Incomplete, NotNow) as found:
            refusal = found
        else:
            messages.success(
                request, _message_of(get_for(hearings_for, request, "promotions.read_hearing", pk))
            )
            return respond(request, CASTING, {}, done=hearing)
    ballot = hearing.ballot_of(request.user)
    bar = bar_of(packet_of(hearing, request.user))
    context = {
        "hearing": hearing,
        "ballot": ballot,
        "notes": titled(ballot.notes, bar) if ballot else [],
        "others": [row.person for row in hearing.awaited() if row.person_id != request.user.pk],
        "lacking": (ballot or Ballot()).lacking,
        "refusal": refusal,
        "crumbs": crumbs(hearing, {"label": _("Cast ballot")}),
    }
    return respond(request, CASTING, context, status=422 if refusal else 200)


def _cast_before(request: Request, hearing):
    if not hearing.ballots.filter(person=request.user, casting__isnull=False).exists():
        raise Http404("nothing here")
    messages.info(request, _("You have already cast your ballot."))
    return redirect(hearing)


def _message_of(hearing):
    if hearing.final_round and hearing.round is None:
        return _("You cast your ballot. Everyone has voted, so all ballots are open below.")
    if hearing.final_round:
        return _("You cast your ballot. Everyone has voted, and a second ballot follows.")
    return _("You cast your ballot. Nobody reads it until everyone has voted.")
