"""Citations: from what the ladder says to the passage that it was taken from."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from competencies.core.querysets import Guarded, Row
from competencies.sources.models import Passage

from .part import Part

_TARGETS = ("behaviour", "requirement", "track", "level", "competency", "expectation", "area")


def _exactly_one(*fields: str) -> Q:
    """Return the condition that one of the nullable `fields` is set and the others are not."""
    condition = models.Q()
    for chosen in fields:
        condition |= models.Q(**{f"{field}__isnull": field != chosen for field in fields})
    return condition


class Citation(Part):
    """A pointer from a statement of the ladder to the passage it was taken from."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="citations")
    position = models.PositiveSmallIntegerField(default=0)
    behaviour = models.ForeignKey("Behaviour", models.CASCADE, null=True, related_name="citations")
    requirement = models.ForeignKey("Requirement", models.CASCADE, null=True, related_name="citations")
    track = models.ForeignKey("Track", models.CASCADE, null=True, related_name="citations")
    level = models.ForeignKey("Level", models.CASCADE, null=True, related_name="citations")
    competency = models.ForeignKey("Competency", models.CASCADE, null=True, related_name="citations")
    expectation = models.ForeignKey("Expectation", models.CASCADE, null=True, related_name="citations")
    area = models.ForeignKey("Area", models.CASCADE, null=True, related_name="citations")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("citation")
        constraints = [
            models.CheckConstraint(condition=_exactly_one(*_TARGETS), name="framework_citation_of_one_thing")
        ]

    def __str__(self) -> str:
        return str(self.passage)


class Cited(Guarded[Row]):
    """Parts of an edition that rest on passages."""

    def with_citations(self) -> Self:
        """Each row with the passages that it cites: one query more.

        They are joined: SQLite refuses to be asked for more than a thousand passages by their ids.
        """
        return self.prefetch_related(
            Prefetch("citations", queryset=Citation.objects.select_related("passage__source"))
        )
