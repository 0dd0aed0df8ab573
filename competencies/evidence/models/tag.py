"""Tags: which competencies a piece of evidence speaks for."""

from __future__ import annotations

from django.db import models

from competencies.framework.models import Competency


class Tag(models.Model):
    """The claim that a piece of evidence speaks for a competency."""

    evidence = models.ForeignKey("Evidence", models.CASCADE, related_name="tags")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="tags")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "competency"], name="evidence_one_tag_per_pair")
        ]
