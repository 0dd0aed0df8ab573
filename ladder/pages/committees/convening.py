"""Bringing a case before a committee: first who would sit and who would not, then the hearing."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.refusals import Refusal
from competencies.packets import convening
from competencies.people.models import Person
from competencies.promotions.models import Committee, Policy, PromotionCase
from competencies.promotions.panel import panel_for
from ladder.web.request import Request
from ladder.web.views import get_for, respond, site_of

from .committees import offered
from .emails import call_members
from .forms import ConveningForm, SomebodyForm

PAGE = "committees/convening.html"
MOST_ADDED = 15


@require_http_methods(["GET", "HEAD", "POST"])
def convene(request: Request, pk: int) -> HttpResponse:
    """Choose a committee for a case, see who of it may answer, and call them.

    `?committee=…` chooses, `?also=…` names whom to call besides, for this case alone, and `?person=…` adds
    somebody to them; by htmx that answers with the people who fit.
    """
    case = get_for(PromotionCase.objects.with_state(), request, "promotions.convene_hearing", pk)
    if request.htmx and "person" in request.GET:
        return respond(request, PAGE, offered(request.GET["person"]), fragment="parts/matches.html")
    committees = Committee.objects.allowing(request.user, "promotions.read_committee")
    form = ConveningForm(request.POST if request.method == "POST" else None, committees=committees)
    if form.is_valid():
        try:
            hearing = _convene(case, by=request.user, site=site_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You submitted the case to the committee. Its members get an email."))
            return respond(request, PAGE, {}, done=hearing)
    context = _context(request, case, list(committees))
    added = context["added_form"]
    refused = form.errors or added.errors
    return respond(request, PAGE, context | {"form": form}, status=422 if refused else 200)


def _context(request: Request, case, committees):
    """Return what the page shows of the committees, of the one that is chosen, and of who is added to it."""
    chosen, policy = _chosen(request, committees), Policy.here()
    asked = request.POST if request.method == "POST" else request.GET
    also, added = _also(asked), SomebodyForm(request.GET if request.GET.get("person") else None)
    if chosen and added.is_valid():
        also = _with(case, chosen, also, added)
    return {
        "case": case,
        "committees": committees,
        "chosen": chosen,
        "panel": panel_for(case, chosen, also) if chosen else None,
        "also": also,
        "added_form": added,
        "policy": policy,
        "masked": request.POST.get("masked") if request.method == "POST" else policy.masked,
        "crumbs": [
            {"label": _("Promotions"), "url": reverse("cases")},
            {"label": case.subject.name, "url": case.get_absolute_url()},
            {"label": _("Submit to committee")},
        ],
        **(offered(request.GET["person"]) if added.errors else {}),
    }


def _also(asked):
    """Return the people who are to be called besides, of the ids that were sent; other words name nobody."""
    ids = [int(each) for each in asked.getlist("also")[:MOST_ADDED] if each.isdecimal() and len(each) < 10]
    return list(Person.objects.active().filter(pk__in=ids).order_by("name", "pk"))


def _with(case, committee, also, form):
    """Return the people to call besides, and who the form names where no rule keeps them from voting."""
    person = form.cleaned_data["person"]
    places = {place.person.pk: place for place in panel_for(case, committee, [*also, person]).places}
    place = places[person.pk]
    if place.ground:
        sentence = _("%(person)s can’t vote on this case: %(ground)s.")
        form.add_error("person", sentence % {"person": person, "ground": place.because})
    elif not place.added or person in also:
        form.add_error("person", _("%(person)s is already a member on this case.") % {"person": person})
    return also if form.errors else [*also, person]


@transaction.atomic
def _convene(case, *, by, site, **chosen):
    hearing = convening.convene(case, by=by, **chosen)
    call_members(hearing, by=by, site=site)
    return hearing


def _chosen(request: Request, committees):
    pk = request.POST.get("committee") or request.GET.get("committee")
    found = [committee for committee in committees if str(committee.pk) == pk]
    return found[0] if found else committees[0] if len(committees) == 1 else None
