"""Committees: who sits in them, what is before them, and what they have heard."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.refusals import NotNow
from competencies.people.models import Person
from competencies.people.search import search
from competencies.promotions.models import Committee, Decision, Hearing, PromotionCase
from ladder.web.form_fields import add_refusal
from ladder.web.posted_from import posted_from
from ladder.web.views import get_for, organisation_of, require, respond

from .forms import NameForm, SeatForm

LIST, PAGE = "committees/committees.html", "committees/committee.html"
WAITING, A_PAGE, MATCHES = 100, 25, 8  # hearings that wait, hearings that are over, people who are offered


@require_safe
def show_committees(request):
    """What waits for the visitor's answer, and the committees they sit in; HR sees all."""
    return respond(request, LIST, _listed(request, NameForm()))


@posted_from("committees")
def found(request):
    """Make a committee that nobody sits in yet."""
    require(request, "promotions.seat_committees", organisation_of(request))
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            committee = Committee.found(form.cleaned_data["name"], by=request.user)
        except NotNow as refusal:
            add_refusal(form, refusal)
        else:
            return respond(request, LIST, {}, done=committee)
    return respond(request, LIST, _listed(request, form), status=422)


@require_safe
def show_committee(request, pk):
    """One committee. `?person=…` by htmx answers with the people who fit."""
    committee = get_for(committees_for, request, "promotions.read_committee", pk)
    if request.htmx and committee.may_seat and "person" in request.GET:
        return respond(request, PAGE, offered(request.GET["person"]), fragment="parts/matches.html")
    return respond(request, PAGE, context_of(request, committee))


@posted_from("committee", Committee, "promotions.read_committee")
def rename(request, pk):
    """Call a committee otherwise."""
    committee = get_for(committees_for, request, "promotions.seat_committee", pk)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            committee.rename(form.cleaned_data["name"], by=request.user)
        except NotNow as refusal:
            add_refusal(form, refusal)
    if form.errors:
        return respond(request, PAGE, context_of(request, committee, name_form=form), status=422)
    return respond(request, PAGE, {}, done=committee)


def committees_for(person, pk):
    return Committee.objects.filter(pk=pk).marking(person, may_seat="promotions.seat_committee")


def context_of(request, committee, **replaced):
    """Return what the page of a committee shows; `replaced` holds the forms that were refused."""
    hearings = (
        Hearing.objects.filter(committee=committee)
        .allowing(request.user, "promotions.read_hearing")
        .with_related()
        .seen_by(request.user)
    )
    context = {
        "committee": committee,
        "seats": list(committee.seats.current()),
        "running": list(hearings.running()[:WAITING]),
        "heard": _paged(request, hearings.exclude(pk__in=hearings.running().values("pk"))),
        "crumbs": [
            {"label": _("Committees"), "url": reverse("committees")},
            {"label": committee.name},
        ],
    }
    if committee.may_seat:
        context |= {"name_form": NameForm(initial={"name": committee.name}), "seat_form": SeatForm()}
    return context | replaced


def offered(words):
    """Return the few people who fit the words, for `parts/matches.html`."""
    words = words.replace("\0", "").strip()[:100]
    ids = search(Person.objects.active(), words, most=MATCHES)[0] if len(words) >= 2 else []
    people = Person.objects.in_order(ids)
    return {"matches": [{"person": person} for person in people], "words": words}


def _paged(request, hearings):
    return Paginator(hearings, A_PAGE).get_page(request.GET.get("page"))


def _listed(request, form):
    person = request.user
    readable = Hearing.objects.allowing(person, "promotions.read_hearing").with_related().seen_by(person)
    to_cast = Hearing.objects.allowing(person, "promotions.cast_ballot").values("pk")
    to_decide = Hearing.objects.allowing(person, "promotions.decide_hearing").values("pk")
    rest = readable.running().exclude(pk__in=to_cast).exclude(pk__in=to_decide)
    committees = Committee.objects.allowing(person, "promotions.read_committee")
    held = Count("seats", filter=Q(seats__ended_at=None), distinct=True)
    founding = person.has_perm("promotions.seat_committees", organisation_of(request))
    waiting = PromotionCase.objects.with_state().allowing(person, "promotions.convene_hearing")
    return {
        "groups": [
            {"key": key, "title": title, "rows": rows}
            for key, title, rows in (
                ("cast", _("Waiting for your vote"), list(readable.filter(pk__in=to_cast)[:WAITING])),
                ("decide", _("Ready to decide"), list(readable.filter(pk__in=to_decide)[:WAITING])),
                ("rest", _("Waiting for others"), list(rest[:WAITING])),
                ("heard", _("Decided"), _paged(request, readable.exclude(decision=None))),
            )
            if rows
        ],
        "committees": committees.annotate(held=held),
        "may_found": founding,
        "waiting": list(waiting[:WAITING]) if founding else [],
        "releasable": Decision.objects.allowing(person, "promotions.release_decision").count()
        if founding
        else 0,
        "form": form,
    }
