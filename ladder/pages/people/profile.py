"""One person's page: where they stand, how they came there, who is around them, what there is to read."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.core.clock import today
from competencies.core.prepared import prepared
from competencies.evidence.models import Evidence
from competencies.people.chart import line_above
from competencies.people.models import Person, Placement, ReportingLine
from competencies.promotions.models import PromotionCase
from competencies.promotions.models.case import read_hearings
from competencies.reviews.models import Review
from ladder.web.request import Request
from ladder.web.views import get_for

from .placements import placements_of

REPORTS = 50
HR_DOES = {
    "may_place": "people.place_person",
    "may_describe": "people.describe_person",
    "may_grant": "people.grant_role",
    "may_release": "people.release_person",
    "may_readmit": "people.readmit_person",
    "may_describe_self": "people.describe_self",
}


@dataclass
class Event:
    """One step of somebody's way: `row` is the placement or line that it began."""

    day: date
    kind: str
    row: object = None
    planned: bool = False


@require_safe
def profile(request: Request, pk: int) -> HttpResponse:
    """A person: where they stand, since when, under whom, and what there is to read about them."""
    marked = Person.objects.marking(request.user, reads_plans="people.read_plans", **HR_DOES)
    person = get_for(marked, request, "people.read_person", pk)
    visitor = request.user
    cases = _cases(person.pk, visitor)
    read_hearings(cases)
    has_open_case = any(case.state in ("draft", "proposed") for case in cases)
    history = way(person, plans=person.reads_plans)
    line = line_above(person)
    reports = person.reports().active()
    number_of_reports = reports.count()
    may_read = readable(visitor, [*line, *managers(history)])
    context = {
        "person": person,
        "mine": person == visitor,
        "placement": next((event.row for event in history if holds(event, "placed")), None),
        "years": years(history),
        "line": line,
        "manager": line[-1] if line else None,
        "readable": may_read,
        "crumbs": upward(person, line, may_read),
        "reports": with_level(reports[:REPORTS]),
        "number_of_reports": number_of_reports,
        "reviews": _reviews(person.pk, visitor),
        "cases": cases,
        "evidence": _latest_evidence(person.pk, visitor),
        "may_log": visitor.has_perm("evidence.log_evidence", person),
        "may_nominate": not has_open_case and visitor.has_perm("promotions.nominate_person", person),
        "leaving": person.leaves_on if person.reads_plans or not person.is_active else None,
        "tenure": tenure(person),
        "grants": person.grants.in_force() if person.reads_plans else [],
    }
    return render(request, "people/profile.html", context)


@prepared
def _cases(subject: int, visitor: Person):
    return PromotionCase.objects.filter(subject=subject).allowing(visitor, "promotions.read_case").joined()


@prepared
def _reviews(subject: int, visitor: Person):
    return Review.objects.filter(subject=subject).allowing(visitor, "reviews.read_review").with_state()


@prepared
def _latest_evidence(subject: int, visitor: Person):
    return Evidence.objects.filter(person=subject).allowing(visitor, "evidence.read_evidence")[:5]


@prepared
def _placements(subject: int):
    return Placement.objects.filter(person=subject).select_related("level__edition__framework", "track")


@prepared
def _lines(subject: int):
    return ReportingLine.objects.filter(person=subject).select_related("manager")


def upward(person, line, may_read):
    """Return the reporting line down to `person` as crumbs; nothing for whoever reports to nobody."""
    above = [
        {"label": other.name, "url": other.get_absolute_url() if other.pk in may_read else ""}
        for other in line
    ]
    return [*above, {"label": person.name}] if above else []


def way(person, *, plans):
    """Return the `Event`s of a person, newest first; those still to come only when `plans` is true."""
    day = today()
    placements = _placements(person.pk)
    for row, before in pairwise(placements):
        held, left = row.level.edition.framework, before.level.edition.framework
        row.moved_from = left if held != left else None
    rows = [
        *(Event(row.starts_on, "placed", row) for row in placements),
        *(Event(row.starts_on, "moved", row) for row in _lines(person.pk)),
    ]
    if person.joined_on:
        rows.append(Event(person.joined_on, "joined"))
    if person.leaves_on:
        rows.append(Event(person.leaves_on, "left"))
    for event in rows:
        event.planned = event.day > day
    order = {"joined": 0, "moved": 1, "placed": 2, "left": 3}
    shown = [event for event in rows if plans or not event.planned]
    return sorted(shown, key=lambda event: (event.day, order[event.kind]), reverse=True)


def holds(event, kind):
    """Say whether this event began what holds today."""
    return (
        event.kind == kind
        and not event.planned
        and (event.row.ends_on is None or event.row.ends_on > today())
    )


def years(history):
    """Return `[(heading, events)]`, the latest year first; what is planned stands apart."""
    found: dict[tuple[bool, int], list[Event]] = {}
    for event in history:
        found.setdefault((event.planned, event.day.year), []).append(event)
    return [
        (_("Planned, %(year)d") % {"year": year} if planned else str(year), events)
        for (planned, year), events in found.items()
    ]


def managers(history):
    return [event.row.manager for event in history if event.kind == "moved"]


def readable(visitor, people):
    """Return the ids of those of `people` whose page the visitor may open. One query."""
    return set(_readable(sorted({person.pk for person in people}), visitor))


@prepared
def _readable(pks: list[int], visitor: Person):
    readable = Person.objects.filter(pk__in=pks).allowing(visitor, "people.read_person")
    return readable.order_by().values_list("pk", flat=True)


def with_level(people):
    """Return `[{person, placement}]` as of today: two queries for any number of people."""
    people = list(people)
    placements = placements_of([person.pk for person in people])
    return [{"person": person, "placement": placements.get(person.pk)} for person in people]


def tenure(person):
    """Return for how long a person has been here, or was: "3 years, 2 months"; empty when nobody knows."""
    end = today() if person.is_active else person.leaves_on
    if not person.joined_on or end - person.joined_on < timedelta(days=1):
        return ""
    return timesince(person.joined_on, end, depth=2)
