"""What keeps a piece of evidence where it is: the apps above say what of theirs rests on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from competencies.people.models import Person

    from .models import Evidence


Reason = Callable[["Evidence", "Person"], str | None]

_reasons: list[Reason] = []


def keeps(reason: Reason) -> Reason:
    """Register `reason(evidence, by)`: the words in which `by` is told what rests on it, or None.

    It may only speak of what `by` can read: that somebody's draft rests on a piece is nobody else's to know.
    """
    _reasons.append(reason)
    return reason


def reason_to_stay(evidence: Evidence, by: Person) -> str | None:
    """Return the first reason why `evidence` cannot be withdrawn, in words for `by`, or None."""
    return next(filter(None, (reason(evidence, by) for reason in _reasons)), None)
