"""How far the reviews of each manager's direct reports have come: how many are shared, how many late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from competencies.core.prepared import prepared
from competencies.people.models import Person, ReportingLine

from .models import Review

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competencies.people.models.person_queryset import People

    from .models import Cycle


@dataclass(frozen=True)
class ManagerProgress:
    """The reviews, in one cycle, of who reports to a manager today. A draft counts as nothing."""

    manager: Person
    reviews: int
    shared: int
    late: int


def progress_of(managers: Sequence[Person], cycle: Cycle, *, reader: Person) -> list[ManagerProgress]:
    """Return the `ManagerProgress` of each of `managers`, of what `reader` may read. One query."""
    rows: list[Any] = _reviews(reader, [manager.pk for manager in managers], cycle.pk)
    reviews = Counter(manager for manager, _is_shared, _is_late in rows)
    shared = Counter(manager for manager, is_shared, _is_late in rows if is_shared)
    late = Counter(manager for manager, _is_shared, is_late in rows if is_late)
    return [ManagerProgress(one, reviews[one.pk], shared[one.pk], late[one.pk]) for one in managers]


def managers_reviewed(managers: People, cycle: Cycle) -> People:
    """Keep those of `managers` to whom somebody reports today who is reviewed in `cycle`."""
    reviewed = Review.objects.filter(cycle=cycle, subject=OuterRef("person"))
    lines = ReportingLine.objects.current().filter(Exists(reviewed), manager=OuterRef("pk"))
    return managers.filter(Exists(lines))


@prepared
def _reviews(reader: Person, managers: list[int], cycle: int) -> QuerySet[Any, Any]:
    subjects = ReportingLine.objects.current().filter(manager__in=managers).values("person")
    rows = Review.objects.filter(cycle=cycle, subject__in=subjects).allowing(reader, "reviews.read_review")
    rows = rows.with_state().with_present_manager()
    is_shared, is_late = _told(Q(reveal__isnull=False)), _told(rows.is_late())
    told = rows.order_by().annotate(is_shared=is_shared, is_late=is_late)
    return told.values_list("present_manager", "is_shared", "is_late")


def _told(condition: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(condition, output_field=BooleanField())
