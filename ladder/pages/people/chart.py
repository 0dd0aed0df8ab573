"""The organisation, one person in focus: the line above them, their reports, and how many stand below.

Who may be seen is one rule, what is counted another: numbers and levels below somebody are for those who
may open that person's page.
"""

from django.core.cache import caches
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from competencies.core.clock import today
from competencies.framework.models import Level
from competencies.people.chart import heads_below, levels_below, line_above, reports_of, version
from competencies.people.models import Person
from ladder.web.request import Request
from ladder.web.views import get_for, query, respond

from .placements import placements_of

REPORTS_A_PAGE = 50
COUNTED_FOR = 60  # seconds, though a change of the chart is seen at once


@require_safe
def chart(request: Request) -> HttpResponse:
    """The chart around oneself."""
    return _around(request, request.user)


@require_safe
def chart_of(request: Request, pk: int) -> HttpResponse:
    """The chart around somebody; by htmx, their reports alone, to unfold below them."""
    return _around(request, get_for(Person, request, "people.see_in_chart", pk))


def _around(request: Request, focus):
    visitor = request.user
    rows = focus.reports().active().allowing(visitor, "people.see_in_chart")
    page = Paginator(rows, REPORTS_A_PAGE).get_page(request.GET.get("page"))
    line = line_above(focus)
    nodes = Nodes([*line, focus, *page.object_list], visitor)
    context = {
        "focus": nodes.of(focus),
        "line": [nodes.of(person) for person in line if person.pk in nodes.seen],
        "reports": [nodes.of(person) for person in page.object_list],
        "levels": levels(focus) if focus.pk in nodes.readable else [],
        "page": page,
        "query": query(request),
        "mine": focus == visitor,
        "may_browse": "hr" in visitor.roles,
    }
    return respond(request, "people/chart.html", context, fragment="people/_branch.html")


class Nodes:
    """People as the chart draws them, for one visitor: six queries for any number."""

    def __init__(self, people, visitor):
        pks = [person.pk for person in people]
        some = Person.objects.filter(pk__in=pks)
        self.seen = set(some.allowing(visitor, "people.see_in_chart").values_list("pk", flat=True))
        self.readable = set(some.allowing(visitor, "people.read_person").values_list("pk", flat=True))
        self.placements = placements_of(self.readable)
        self.reports = reports_of(self.readable)
        self.heads = counted(self.readable)

    def of(self, person):
        """Return `{person, readable, placement, reports, heads}` of one of them."""
        return {
            "person": person,
            "readable": person.pk in self.readable,
            "placement": self.placements.get(person.pk),
            "reports": self.reports.get(person.pk, 0),
            "heads": self.heads.get(person.pk, 0),
        }


def counted(people):
    """Return how many stand below each of `people` (ids), counted again when the chart has changed."""
    of_now = f"{today()}:{version()}"
    keys = {f"heads:{of_now}:{pk}".replace(" ", ""): pk for pk in people}
    known = caches["process"].get_many(keys)
    if missing := [pk for key, pk in keys.items() if key not in known]:
        numbers = heads_below(missing)
        fresh = {key: numbers.get(pk, 0) for key, pk in keys.items() if key not in known}
        caches["process"].set_many(fresh, COUNTED_FOR)
        known |= fresh
    return {pk: known[key] for key, pk in keys.items()}


def levels(person):
    """Return `[(Level, number)]` of those below somebody today, of each framework from the first rung up."""
    key = f"levels:{today()}:{version()}:{person.pk}".replace(" ", "")
    numbers = caches["process"].get_or_set(key, lambda: levels_below(person), COUNTED_FOR) or {}
    found: dict[tuple[int, str], tuple[Level, int]] = {}
    rows = Level.objects.filter(pk__in=numbers).select_related("edition__framework")
    for level in rows.order_by("edition__framework__title", "edition__framework", "rung", "position", "-pk"):
        title, number = found.get(level.lineage, (level, 0))
        found[level.lineage] = (title, number + numbers[level.pk])
    return list(found.values())
