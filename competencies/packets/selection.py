"""Which promotion cases an export is of: by cycle, unit, level and outcome."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from competencies.people.models import Person
from competencies.promotions.models import Outcome, PromotionCase, Release
from competencies.promotions.models.decision import released
from competencies.reviews.models import Review

if TYPE_CHECKING:
    from competencies.promotions.models.case import Cases


WAITING = "waiting"
OUTCOMES = {WAITING: _("Not decided yet"), **dict(Outcome.choices)}


@dataclass(frozen=True)
class Choice:
    """What HR asks for. Each part narrows, and an empty one does not.

    `cycle` and `below` are the ids of a review cycle and of a manager, whose people are meant at any depth.
    A case is of the cycle it is meant for; one that is meant for none, of those its candidate is reviewed in.
    `team` is the name of a team, `level` the level aimed at as `framework/level` by keys, `outcome` a key of
    `OUTCOMES`.
    """

    cycle: int | None = None
    team: str = ""
    below: int | None = None
    level: str = ""
    outcome: str = ""

    def plain(self) -> dict[str, int | str]:
        """Return what was asked for as JSON values, less what does not narrow."""
        return {name: value for name, value in asdict(self).items() if value}

    def cases(self) -> Cases:
        """Return the cases that fit: proposed and not withdrawn. A draft is known to its writer alone."""
        cases = exportable().select_related("subject", "from_level", "to_level", "track")
        if self.cycle:
            reviewed = Q(cycle=None, subject__in=Review.objects.filter(cycle=self.cycle).values("subject"))
            cases = cases.filter(Q(cycle=self.cycle) | reviewed)
        if self.team:
            cases = cases.filter(subject__team=self.team)
        if self.below:
            people = Person.objects.below(Person(pk=self.below))
            cases = cases.filter(subject__in=people.values("pk"))
        if self.level:
            framework, _slash, level = self.level.rpartition("/")
            cases = cases.filter(to_level__key=level, to_level__edition__framework__key=framework)
        return _that_came_to(cases, self.outcome).order_by("subject__name", "pk")


def exportable() -> Cases:
    """Return the cases that an export can be of, whoever asks."""
    return PromotionCase.objects.filter(proposal__isnull=False, withdrawal=None)


def _that_came_to(cases: Cases, outcome: str) -> Cases:
    """Narrow by the last decision that is released: what is not counts as not decided."""
    if outcome == WAITING:
        return cases.filter(~released())
    if not outcome:
        return cases
    last = Release.objects.filter(decision__hearing__case=OuterRef("pk")).order_by("-at", "-pk")
    return cases.annotate(came_to=Subquery(last.values("decision__outcome")[:1])).filter(came_to=outcome)
