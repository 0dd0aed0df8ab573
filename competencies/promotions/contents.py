"""What is written in a case, read once for all who ask for it in one breath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.db.models import Prefetch

from competencies.framework.models import Competency

from .models.policy import Policy

if TYPE_CHECKING:
    from .models import Claim, EndorsementRequest, Exhibit, PromotionCase, Statement, Story


@dataclass(frozen=True)
class CaseContents:
    """The parts of one case as they stood when it was made, and the policy it is held to.

    Whoever changes a case makes another one afterwards. Nothing in it says who may read what.
    """

    policy: Policy
    statements: list[Statement]
    claims: list[Claim]
    stories: list[Story]
    exhibits: list[Exhibit]
    requests: list[EndorsementRequest]

    @classmethod
    def of(cls, case: PromotionCase) -> Self:
        """Read what `case` holds. Nine queries, whatever it holds."""
        return cls(
            Policy.here(),
            list(case.statements.select_related("written_by")),
            list(case.claims.select_related("competency__edition", "written_by")),
            list(case.stories.select_related("written_by").prefetch_related("competencies", "evidence")),
            exhibits_of(case),
            list(case.endorsement_requests.select_related("endorsement", "refusal", "recall")),
        )

    @property
    def texts(self) -> dict[str, str]:
        """The texts of the statements, without space around them, by kind."""
        return {row.kind: row.text.strip() for row in self.statements}

    @property
    def endorsed_from_outside(self) -> int:
        """How many endorsements from outside the team are in."""
        return sum(row.outside and row.state == "answered" for row in self.requests)

    @property
    def unanswered(self) -> int:
        """How many people who were asked to endorse can still answer."""
        return sum(row.state == "asked" for row in self.requests)


def exhibits_of(case: PromotionCase) -> list[Exhibit]:
    """Return the exhibits of a case, with the competencies that their evidence speaks for. Two queries."""
    competencies = Prefetch("evidence__competencies", Competency.objects.select_related("edition"))
    return list(case.exhibits.select_related("evidence").prefetch_related(competencies))
