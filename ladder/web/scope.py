"""Whose rows a list shows: direct reports, everyone below, the reports of one manager, or everyone."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from competencies.core.prepared import prepared
from competencies.people.models import Person, ReportingLine
from competencies.people.models.person_queryset import People
from competencies.reviews.models import Review

from .request import Request
from .views import get_for

DIRECT, BELOW, BY_MANAGER, EVERYONE = "direct", "below", "managers", "everyone"


@dataclass(frozen=True)
class Scope:
    """The people whose rows a visitor asks for. Which of the rows they may read, the rules say."""

    kind: str
    visitor: Person
    manager: Person | None = None

    @property
    def is_overview(self) -> bool:
        """Return True if it is a list of managers to choose from."""
        return self.kind == BY_MANAGER and self.manager is None

    @property
    def query(self) -> dict[str, str]:
        """Return what the address says of it."""
        return {"manager": str(self.manager.pk)} if self.manager else {"scope": self.kind}

    @property
    def title(self) -> str:
        if self.manager:
            return _("Direct reports of %(name)s") % {"name": self.manager}
        return {
            DIRECT: _("Your direct reports"),
            BELOW: _("Everyone below you"),
            BY_MANAGER: _("By manager"),
            EVERYONE: _("Everyone in the company"),
        }[self.kind]

    def people(self) -> People:
        """Return the people in it, those who left among them where it is everyone."""
        if self.kind == EVERYONE:
            return Person.objects.all()
        if self.kind == BELOW:
            return Person.objects.below(self.visitor)
        return (self.manager or self.visitor).reports()


@dataclass(frozen=True)
class Scopes:
    """The scopes that a visitor chooses between, and the one that is shown."""

    offered: list[str]
    shown: Scope

    def widest(self) -> Scope:
        """Return the scope of all whom the visitor may choose."""
        kinds = [kind for kind in (EVERYONE, BELOW) if kind in self.offered]
        return Scope(kinds[0] if kinds else DIRECT, self.shown.visitor)

    def managers(self) -> People:
        """Return the managers between whom the visitor may choose, by name."""
        return self.widest().people().active().managing().order_by("name", "pk")

    def tabs(self, address: str, **kept: str) -> list[dict[str, object]]:
        """Return a tab for each scope, and none where there is no choice; `kept` stays in their addresses."""
        labels = {
            DIRECT: _("Direct reports"),
            BELOW: _("Everyone below"),
            BY_MANAGER: _("By manager"),
            EVERYONE: _("Everyone"),
        }
        if len(self.offered) < 2:
            return []
        return [
            {
                "label": labels[kind],
                "url": f"{address}?{urlencode({'scope': kind} | kept)}",
                "current": kind == self.shown.kind,
            }
            for kind in self.offered
        ]


def scopes_for(request: Request, *, everyone: bool) -> Scopes:
    """Return the scopes of the visitor and the one that the address names: one query, two with a manager.

    Where it names none, the first that holds a review is shown. `everyone` says whether that is a choice of
    the visitor. A manager whom they may not read is missing: `Http404`.
    """
    reach = _reach(request.user)
    leads_leaders, reviewed, reviewed_below = (any(row[fact] for row in reach) for fact in range(3))
    offers = {
        DIRECT: bool(reach),
        BELOW: leads_leaders,
        BY_MANAGER: leads_leaders or everyone,
        EVERYONE: everyone,
    }
    offered = [kind for kind, is_offered in offers.items() if is_offered]
    asked = named_scope(request)
    if asked and (asked.manager or asked.kind in offered):
        return Scopes(offered, asked)
    with_reviews = {DIRECT: reviewed, BELOW: reviewed_below, EVERYONE: everyone}
    first = next((kind for kind, has_some in with_reviews.items() if has_some), DIRECT)
    return Scopes(offered, Scope(first, request.user))


def named_scope(request: Request) -> Scope | None:
    """Return the scope that the address names, or None. A manager who may not be read is `Http404`."""
    asked: Mapping[str, str] = request.GET
    if (key := asked.get("manager", "")).isdecimal() and len(key) < 19:
        manager = get_for(Person, request, "people.read_person", int(key))
        if manager == request.user:
            return Scope(DIRECT, request.user)
        return Scope(BY_MANAGER, request.user, manager)
    kind = BELOW if "further" in asked else asked.get("scope")
    return Scope(kind, request.user) if kind in (DIRECT, BELOW, BY_MANAGER, EVERYONE) else None


@prepared
def _reach(person: Person):
    """Return of the reports of `person` whether they have reports, reviews, and reviews below them.

    As a few rows that differ, and none where nobody reports to them.
    """
    lines = ReportingLine.objects.current()
    facts = {
        "led": Exists(lines.filter(manager=OuterRef("person"))),
        "reviewed": Exists(Review.objects.filter(subject=OuterRef("person"))),
        "reviewed_below": Exists(Review.objects.below(OuterRef("person"))),
    }
    return lines.filter(manager=person).order_by().annotate(**facts).values_list(*facts).distinct()
