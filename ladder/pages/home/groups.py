"""What a person has to do, under the cycle that it belongs to, with how far they have come in it."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.reviews.models import Cycle

from .tasks import Task

SHOWN = 8


@dataclass
class Group:
    """Tasks under one heading, the most pressing first; `done` of `total` where they are counted."""

    heading: str
    url: str
    tasks: list[Task]
    done: int = 0
    total: int = 0
    counts_reviews: bool = False
    shown: list[Task] = field(init=False)
    more: int = field(init=False)

    def __post_init__(self):
        self.shown, self.more = self.tasks[:SHOWN], max(0, len(self.tasks) - SHOWN)


def grouped(tasks: list[Task], assessments: list[Any]) -> list[Group]:
    """Return the groups of sorted `tasks`, the one with the most pressing task first.

    A cycle counts the `assessments` of the reader in it, or for whoever runs it and writes none the reviews
    that are shared.
    """
    by_key: dict[object, list[Task]] = {}
    for task in tasks:
        by_key.setdefault(task.cycle or task.of_promotions, []).append(task)
    return [_group(key, rows, assessments) for key, rows in by_key.items()]


def _group(key: object, tasks: list[Task], assessments: list[Any]) -> Group:
    if isinstance(key, Cycle):
        return _of_cycle(key, tasks, assessments)
    if key:
        return Group(_("Promotions"), reverse("cases"), tasks)
    return Group(_("Other"), "", tasks)


def _of_cycle(cycle: Cycle, tasks: list[Task], assessments: list[Any]) -> Group:
    counted = [row for row in assessments if row.review.cycle_id == cycle.pk and (row.may_write or row.is_in)]
    done, total = sum(row.is_in for row in counted), len(counted)
    if not counted and getattr(cycle, "tally", None):
        shared, reviews = cycle.tally.revealed, cycle.tally.reviews
        return Group(cycle.name, cycle.get_absolute_url(), tasks, shared, reviews, counts_reviews=True)
    return Group(cycle.name, reverse("reviews"), tasks, done, total)
