"""What is written in a case, read once for all who ask for it in one breath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Prefetch, prefetch_related_objects

from competencies.core.prepared import prepared
from competencies.framework.models import Competency

from .models.policy import Policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
            _statements(case.pk),
            _claims(case.pk),
            _stories_of(case),
            exhibits_of(case),
            _requests(case.pk),
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
    exhibits = _exhibits(case.pk)
    prefetch_related_objects(exhibits, _with_edition("evidence__competencies"))
    return exhibits


def _stories_of(case: PromotionCase) -> list[Story]:
    stories = _stories(case.pk)
    prefetch_related_objects(stories, _with_edition("competencies"))
    return stories


def _with_edition(path: str) -> Prefetch[Any]:
    """Return the competencies at `path` with their edition, which their `lineage` asks for."""
    return Prefetch(path, Competency.objects.select_related("edition"))


def _rows(name: str) -> QuerySet[Any]:
    """Return all rows of a model of this app: cases ask this file, so their parts are asked for late."""
    rows: QuerySet[Any] = apps.get_model("promotions", name)._default_manager.all()
    return rows


@prepared
def _statements(case: int) -> QuerySet[Statement]:
    return _rows("Statement").filter(case=case).select_related("written_by")


@prepared
def _claims(case: int) -> QuerySet[Claim]:
    return _rows("Claim").filter(case=case).select_related("competency__edition", "written_by")


@prepared
def _stories(case: int) -> QuerySet[Story]:
    return _rows("Story").filter(case=case).select_related("written_by").prefetch_related("evidence")


@prepared
def _exhibits(case: int) -> QuerySet[Exhibit]:
    return _rows("Exhibit").filter(case=case).select_related("evidence")


@prepared
def _requests(case: int) -> QuerySet[EndorsementRequest]:
    return _rows("EndorsementRequest").filter(case=case).select_related("endorsement", "refusal", "recall")
