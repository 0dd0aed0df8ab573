"""Dated changes, for HR: under whom somebody is, and at which level, from a day on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competencies.core.clock import today
from competencies.core.refusals import Refusal
from competencies.framework.in_force import InForce
from competencies.people.models import Person, Placement, ReportingLine
from competencies.people.search import search
from ladder.web.form_fields import add_refusal
from ladder.web.posted_from import posted_from
from ladder.web.request import Request
from ladder.web.views import get_for, respond

from .forms import MATCHES, MoveForm, PlacementForm
from .people import crumbs
from .placements import with_placements


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Put somebody under a manager from a day on. `?manager=…` by htmx answers with the people who fit."""
    person = get_for(Person, request, "people.place_person", pk)
    if request.method != "POST":
        words = request.GET.get("manager", "")
        context = {
            "person": person,
            "form": MoveForm(),
            "matches": matches(words, person),
            "words": words.strip(),
            "crumbs": crumbs(_("Manager"), person),
        }
        return respond(request, "people/line.html", facts(context), fragment="parts/matches.html")
    form = MoveForm(request.POST)
    if form.is_valid():
        manager, day = form.cleaned_data["manager"], form.cleaned_data["starts_on"]
        try:
            person.report_to(manager, starts_on=day, by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _moved(person, manager, day))
            return redirect(person)
    context = {
        "person": person,
        "form": form,
        "matches": matches(request.POST.get("manager", ""), person),
        "crumbs": crumbs(_("Manager"), person),
    }
    return render(request, "people/line.html", facts(context), status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: Request, pk: int) -> HttpResponse:
    """Put somebody on a track and level from a day on."""
    person = get_for(Person, request, "people.place_person", pk)
    in_force = InForce()
    context = {"person": person, "in_force": in_force, "crumbs": crumbs(_("Level and track"), person)}
    if request.method != "POST":
        form = PlacementForm.of(person.placement_on(), in_force)
        return render(request, "people/placement.html", facts(context | {"form": form}))
    form = PlacementForm(request.POST, in_force=in_force)
    if form.is_valid():
        try:
            placement = person.place(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _placed(person, placement))
            return redirect(person)
    return render(request, "people/placement.html", facts(context | {"form": form}), status=422)


@posted_from("person_line", ReportingLine, "people.call_off_line", key="person_id")
def call_off_line(request: Request, pk: int) -> HttpResponse:
    return _call_off(request, get_for(ReportingLine, request, "people.call_off_line", pk))


@posted_from("person_placement", Placement, "people.call_off_placement", key="person_id")
def call_off_placement(request: Request, pk: int) -> HttpResponse:
    return _call_off(request, get_for(Placement, request, "people.call_off_placement", pk))


def _call_off(request: Request, row):
    try:
        row.call_off(by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The planned change is cancelled."))
    return redirect("person", row.person_id)


def matches(words, person):
    """Return the few people who fit the words, where they stand: whom `person` could be put under."""
    words = words.replace("\0", "").strip()[:100]
    if len(words) < 2:
        return []
    ids, _more = search(Person.objects.active().exclude(pk=person.pk), words, most=MATCHES)
    return with_placements(Person.objects.in_order(ids))


def facts(context):
    """Add to the context where the person stands today, and what is planned."""
    person, day = context["person"], today()
    return context | {
        "manager": person.manager_on(),
        "placement": person.placement_on(),
        "planned_lines": person.lines.filter(starts_on__gt=day).select_related("manager"),
        "planned_placements": person.placements.filter(starts_on__gt=day).select_related("level", "track"),
    }


def _moved(person, manager, day):
    words = (
        _("%(person)s will report to %(manager)s from %(day)s.")
        if day > today()
        else _("%(person)s now reports to %(manager)s.")
    )
    return words % {"person": person, "manager": manager, "day": f"{day:%-d %B %Y}"}


def _placed(person, placement):
    words = (
        _("%(person)s will be %(placement)s from %(day)s.")
        if placement.is_planned
        else _("%(person)s is now %(placement)s.")
    )
    return words % {"person": person, "placement": placement, "day": f"{placement.starts_on:%-d %B %Y}"}
