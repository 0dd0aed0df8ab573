"""A role: one track at one level, with all that it asks for and what that rests on."""

from collections import Counter

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from competencies.framework.models import Area, Citation, Coverage, Expectation, Requirement, Track
from ladder.web.request import Request
from ladder.web.views import get_for

from .standpoint import look

FACETS = {
    "reach": _("Scope of impact"),
    "lever": _("Works through"),
    "answers_for": _("Accountable for"),
    "grows": _("Helps to grow"),
    "plans": _("Plans"),
}


@require_safe
def role(request: Request, track_pk, level_pk) -> HttpResponse:
    track = get_for(
        Track.objects.select_related("edition__framework", "edition__publication"),
        request,
        "framework.read_track",
        track_pk,
    )
    standpoint = look(request, track.edition, track=track)
    level = next((level for level in standpoint.levels if level.pk == level_pk), None)
    if level is None:
        raise Http404("nothing here")
    areas = _areas(track, level)
    track_cited, level_cited = _cited(track, level)
    context = {
        "standpoint": standpoint,
        "query": standpoint.passage_query(),
        "track": track,
        "level": level,
        "crumbs": [
            *standpoint.crumbs,
            {"label": _now("%(level)s, %(track)s") % {"level": level.title, "track": track.title}},
        ],
        "tabs": standpoint.tabs(lambda other: reverse("role", args=[other.pk, level.pk])),
        "facets": [(_facet(name), text) for name, text in level.facets.items()],
        "coverages": Coverage.objects.filter(track=track, level=level).select_related("source"),
        "track_cited": track_cited,
        "level_cited": level_cited,
        "areas": areas,
        "bases": _bases(areas),
        "competency_count": sum(len(expectations) for _area, expectations in areas),
        "includes": standpoint.includes(level),
        "steps": standpoint.next_steps(level),
        "beside": [other for other in standpoint.levels if other.rung == level.rung and other != level],
        "skills": _skills(track),
    }
    return render(request, "framework/role.html", context)


def _facet(name):
    return FACETS.get(name) or capfirst(name.replace("-", " "))


def _areas(track, level):
    """Return `[(area, [expectation])]` of the level, ready to read on the track."""
    expectations: dict[int, list[Expectation]] = {}
    rows = Expectation.objects.filter(level=level).asked_of(track).select_related("competency")
    for expectation in rows:
        expectations.setdefault(expectation.competency.area_id, []).append(expectation)
    areas = Area.objects.filter(edition=track.edition_id)
    return [(area, expectations.get(area.pk, [])) for area in areas]


def _bases(areas):
    """Return how many behaviours the role asks for, in all and by what they rest on."""
    counts = Counter(
        behaviour.rests_on
        for _area, expectations in areas
        for expectation in expectations
        for behaviour in expectation.behaviours.all()
    )
    return {
        "total": counts.total(),
        "stated": counts["stated"],
        "carried": counts["carried"],
        "inferred": counts["split"] + counts["borrowed"],
        "uncited": counts["uncited"],
    }


def _cited(track, level):
    """Return `(citations of the track, citations of the level)`. One query."""
    found = Citation.objects.filter(track=track) | Citation.objects.filter(level=level)
    rows = list(found.select_related("passage__source"))
    return [row for row in rows if row.track_id], [row for row in rows if row.level_id]


def _skills(track):
    """Return `[(firmness, [requirement])]`, the firmest first, choices of several kept together."""
    rows = Requirement.objects.filter(track=track).with_choices().select_related("skill").with_citations()
    order = list(Requirement.Strength.values)
    groups: dict[str, list[Requirement]] = {}
    for row in sorted(rows, key=lambda row: (order.index(row.strength), row.choices == 1, row.choice)):
        groups.setdefault(row.firmness, []).append(row)
    return list(groups.items())
