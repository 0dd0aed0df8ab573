"""The ladder as a matrix: what each level expects in each competency."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Min, Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from competencies.framework.in_force import InForce
from competencies.framework.models import Area, Behaviour, Edition, Expectation, Level
from competencies.people.models import Person, Placement
from ladder.ops.warming_up import made_ahead
from ladder.web.drawn_once import kept
from ladder.web.request import Request
from ladder.web.views import get_for

from .standpoint import address_of, look, look_from, switch

PAGE = "framework/ladder.html"
MOST = 12  # places of which the matrix is drawn before somebody asks for it


@dataclass(frozen=True)
class Cell:
    """One expectation of the matrix, with how many behaviours stand under it and on what they rest."""

    level: Level
    expectation: Expectation
    bases: dict

    @property
    def total(self):
        return sum(self.bases.values())

    @property
    def stated(self):
        return self.bases.get("stated", 0)

    @property
    def carried(self):
        return self.bases.get("carried", 0)

    @property
    def uncited(self):
        return self.bases.get("uncited", 0)

    @property
    def inferred(self):
        return self.total - self.stated - self.carried - self.uncited

    @property
    def dots(self):
        """One mark for each behaviour, the firmest first."""
        return [
            basis
            for basis in ("stated", "carried", "inferred", "uncited")
            for _number in range(getattr(self, basis))
        ]

    @property
    def opening(self):
        """What stands in the matrix: the summary, or else the first behaviour."""
        return self.expectation.summary or self.expectation.first_behaviour or ""

    @property
    def is_empty(self):
        return not self.opening and not self.total


@require_safe
def ladder(request: Request) -> HttpResponse:
    """The edition in force of `?framework=` or of one's own; else the frameworks, or who can publish one."""
    in_force = InForce()
    if not in_force.editions:
        authors = Person.objects.active().holding("author")
        return render(request, "framework/unpublished.html", {"authors": authors})
    placement = request.user.placement_on()
    own = in_force.of(placement) or (None if in_force.several else in_force.editions[0])
    named = next(
        (row for row in in_force.editions if row.framework.key == request.GET.get("framework")), None
    )
    if edition := named or own:
        frameworks = switch(in_force, edition, lambda other: address_of(other.framework, opened=other == own))
        return _matrix(request, edition, frameworks)
    rows = Edition.objects.in_force().with_sizes().prefetch_related("track_set", "level_set")
    return render(request, "framework/frameworks.html", {"editions": rows, "placement": placement})


@require_safe
def matrix(request: Request, pk: int) -> HttpResponse:
    edition = get_for(Edition.objects.with_standing(), request, "framework.read_edition", pk)
    return _matrix(request, edition)


def _matrix(request: Request, edition, frameworks=()):
    standpoint = look(request, edition)
    context = {
        "edition": edition,
        "standpoint": standpoint,
        "query": standpoint.passage_query(),
        "drawn": _drawn(standpoint),
        "crumbs": [] if standpoint.is_in_force else standpoint.crumbs,
        "tabs": standpoint.tabs(standpoint.address_on) if frameworks else standpoint.tabs(),
        "frameworks": frameworks,
    }
    return render(request, PAGE, context)


def _drawn(standpoint):
    """Return the table and the levels as HTML, and whether something has no source.

    Of a published edition they are the same for all who stand at one level of it.
    """
    edition = standpoint.edition
    if edition.state == "draft":
        return _draw(standpoint)
    where = (
        edition.pk,
        edition.digest,
        standpoint.track.pk,
        standpoint.own_level,
        standpoint.passage_query(),
    )
    return kept("matrix", *where, draw=lambda: _draw(standpoint))


@made_ahead
def matrices():
    """Give what draws the ladder for the places of people on it, and for whoever stands on the only one."""
    in_force = InForce()
    for placement in [None, *_one_of_each_place()]:
        if edition := in_force.of(placement):
            yield partial(_drawn, look_from(placement, edition, in_force))


def _one_of_each_place():
    """Return one placement for all who stand on one level of one track today."""
    places = Placement.objects.current().order_by().values("track", "level")
    ones = places.annotate(one=Min("pk")).values("one")
    return Placement.objects.filter(pk__in=ones).select_related("track", "level__edition__framework")[:MOST]


def _draw(standpoint):
    areas = _areas(standpoint)
    context = {"standpoint": standpoint, "query": standpoint.passage_query(), "areas": areas}
    return {
        "table": render_to_string("framework/_matrix.html", context),
        "rungs": render_to_string("framework/_rungs.html", {"standpoint": standpoint}),
        "uncited": any(cell.uncited for _area, rows in areas for _row, cells in rows for cell in cells),
    }


def _areas(standpoint):
    """Return `[(area, [(competency, [cell of each level])])]`."""
    edition, track = standpoint.edition, standpoint.track
    counts = Behaviour.objects.filter(edition=edition).asked_of(track).with_basis(track).count_by_basis()
    expectations = Prefetch("competencies__expectations", Expectation.objects.with_first_behaviour(track))
    areas = Area.objects.filter(edition=edition).with_citations().prefetch_related(expectations)
    return [
        (area, [(row, _cells(row, standpoint.levels, counts)) for row in area.competencies.all()])
        for area in areas
    ]


def _cells(competency, levels, counts):
    expectations = {row.level_id: row for row in competency.expectations.all()}
    return [
        Cell(level, expectations[level.pk], counts.get(expectations[level.pk].pk, {})) for level in levels
    ]
