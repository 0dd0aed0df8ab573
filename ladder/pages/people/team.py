"""The people in a scope at a glance: who is at which level, what is open, and the map of their ratings."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from competencies.framework.in_force import InForce
from competencies.people.chart import reports_of
from competencies.trail.audit_reads import note_readings
from ladder.web.csv_files import as_csv
from ladder.web.request import Request
from ladder.web.scope import BELOW, BY_MANAGER, DIRECT, EVERYONE, Scope, Scopes, scopes_for
from ladder.web.views import organisation_of, query

from .heat_map import file_of, heat_of
from .members import Members
from .people import number_here

PER_PAGE = 50
SORTED_AT_MOST = 200  # people whose ratings are all read to find the widest gaps


@require_safe
def team(request: Request) -> HttpResponse:
    scopes = _scopes(request)
    scope = scopes.shown
    context = {"scope": scope, "offered": scopes.offered, "query": query(request)}
    context["tabs"] = scopes.tabs(reverse("team"))
    if not scopes.offered:
        return render(request, "people/team.html", context)
    if scope.is_overview:
        return render(request, "people/team.html", context | _managers(request, scopes))
    listed = TeamPage(request, scope)
    heat = heat_of(listed.members, InForce(), change=listed.shows_change)
    shown = {
        "page": listed.page,
        "members": listed.members,
        "columns": {name for name in COLUMNS if any(COLUMNS[name](member) for member in listed.members)},
        "heat": heat,
        "any_rated": any(block["rows"] for block in heat),
        "left_out": len(listed.members) - sum(len(block["rows"]) for block in heat),
        "by_gap": listed.by_gap,
        "shows_change": listed.shows_change,
        "ways": listed.ways(),
        "list_query": urlencode(scope.query),
    }
    return render(request, "people/team.html", context | shown)


@require_GET
def ratings_csv(request: Request) -> StreamingHttpResponse:
    """The map that is shown, as a file; whose ratings are in it can read that they were taken."""
    scopes = _scopes(request)
    scope = scopes.widest() if scopes.shown.is_overview else scopes.shown
    listed = TeamPage(request, scope)
    taken = [(member.shared, member.person) for member in listed.members if member.ratings]
    note_readings("review.exported", taken, by=request.user)
    heat = heat_of(listed.members, InForce(), change=listed.shows_change)
    response = StreamingHttpResponse(as_csv(*file_of(heat)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="manager-ratings.csv"'
    return response


COLUMNS = {
    "manager": lambda member: member.manager,
    "level": lambda member: member.placement,
    "review": lambda member: member.review,
    "evidence": lambda member: member.latest_evidence,
    "case": lambda member: member.case,
    "reports": lambda member: member.reports,
}


class TeamPage:
    """A page of the people in a scope, ordered and shown as the address asks."""

    def __init__(self, request: Request, scope: Scope):
        self.scope = scope
        self.shows_change = request.GET.get("view") == "change"
        people = scope.people().active().order_by("name", "pk")
        paginator = Paginator(people, PER_PAGE)
        if scope.kind == EVERYONE:
            paginator.count = number_here()
        self.may_sort = paginator.count <= SORTED_AT_MOST
        self.by_gap = self.may_sort and request.GET.get("sort") == "gap"
        number = request.GET.get("page")
        if self.by_gap:
            members = self._of(people, request)
            members.sort(key=lambda member: -member.gap)
            self.page = Paginator(members, PER_PAGE).get_page(number)
            self.members = list(self.page)
        else:
            self.page = paginator.get_page(number)
            self.members = self._of(self.page, request)

    def _of(self, people, request: Request):
        read = Members(
            request.user,
            with_managers=self.scope.kind in (BELOW, EVERYONE),
            with_reports=self.scope.kind in (DIRECT, BY_MANAGER),
            with_earlier=self.shows_change,
        )
        return read.of(list(people))

    def ways(self):
        """Return the addresses of the same people in another order, shown otherwise, and as a file."""
        sort = {"sort": "gap"} if self.by_gap else {}
        view = {"view": "change"} if self.shows_change else {}
        page = {"page": str(self.page.number)} if self.page.number > 1 else {}
        return {
            "by_name": self._address("team", view),
            "by_gap": self._address("team", view | {"sort": "gap"}) if self.may_sort else "",
            "ratings": self._address("team", sort | page),
            "change": self._address("team", sort | page | {"view": "change"}),
            "csv": self._address("team_csv", sort | view | page),
        }

    def _address(self, name, parameters):
        return f"{reverse(name)}?{urlencode(self.scope.query | parameters)}"


def _scopes(request: Request) -> Scopes:
    return scopes_for(request, everyone=organisation_of(request).may_browse)


def _managers(request: Request, scopes: Scopes):
    page = Paginator(scopes.managers(), PER_PAGE).get_page(request.GET.get("page"))
    reports = reports_of(manager.pk for manager in page)
    return {"managers": page, "rows": [(manager, reports.get(manager.pk, 0)) for manager in page]}
