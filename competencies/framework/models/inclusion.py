"""What levels cover and what follows them, worked out from the inclusions as they were written.

A file may write that Principal includes Staff and Senior where Staff includes Senior already, or leave
the second out. Both say the same ladder: what a level covers is the closure of the inclusions, what builds
directly on it their reduction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models

from .part import Part

if TYPE_CHECKING:
    from .edition import Edition


class Inclusion(Part):
    """The fact that one level asks for all of another, as it was written. See `Inclusions`."""

    level = models.ForeignKey("Level", models.CASCADE, related_name="inclusions")
    included = models.ForeignKey("Level", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "included"], name="framework_one_inclusion_per_pair"),
            models.CheckConstraint(
                condition=~models.Q(level=models.F("included")), name="framework_level_not_in_itself"
            ),
        ]


class Inclusions:
    """The inclusions of some editions, by the ids of levels."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        self.written: dict[int, set[int]] = defaultdict(set)
        for level, included in pairs:
            self.written[level].add(included)
        self.known: dict[int, frozenset[int]] = {}

    @classmethod
    def of(cls, editions: Iterable[Edition | int]) -> Inclusions:
        """Return those of `editions` (ids or rows). One query."""
        rows = Inclusion.objects.filter(edition__in=editions).order_by("pk")
        return cls(rows.values_list("level", "included"))

    def covered(self, level: int) -> frozenset[int]:
        """Return the ids of all levels of which the level with this id asks everything, at any depth."""
        if level not in self.known:
            found: set[int] = set()
            front = set(self.written.get(level, ()))
            while front:
                found |= front
                front = {below for row in front for below in self.written.get(row, ())} - found
            self.known[level] = frozenset(found - {level})
        return self.known[level]

    def directly_below(self, level: int) -> frozenset[int]:
        """Return the ids of the levels that one adds to: it covers them, and no other that it covers does."""
        covered = self.covered(level)
        return covered - {row for other in covered for row in self.covered(other)}

    def next_steps(self, level: int) -> set[int]:
        """Return the ids of the levels that build directly on the one with this id."""
        return {other for other in self.written if level in self.directly_below(other)}
