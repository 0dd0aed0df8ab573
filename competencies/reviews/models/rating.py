"""Ratings: the answer for one competency, with the evidence that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from competencies.core.querysets import Guarded
from competencies.core.versions import Versioned
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency, ScalePoint

from ..limits import COMMENT_LIMIT


class Rating(Versioned):
    """The answer for one competency in one assessment, with the evidence it rests on."""

    assessment = models.ForeignKey("Assessment", models.CASCADE, related_name="ratings")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    point = models.ForeignKey(ScalePoint, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(_("comment"), blank=True, validators=[MaxLengthValidator(COMMENT_LIMIT)])
    evidence = models.ManyToManyField(Evidence, through="Support", related_name="ratings")

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["competency__position"]
        verbose_name = _("rating")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "competency"], name="reviews_one_rating_per_competency"
            )
        ]

    def resting(self) -> set[int]:
        """Return the ids of the pieces that this rating rests on."""
        if self.pk is None:
            return set()
        return set(self.supports.values_list("evidence", flat=True))

    def says(
        self,
        point: ScalePoint | None,
        comment: str,
        evidence: Sequence[Evidence] | None,
        rests: AbstractSet[int] | None,
    ) -> bool:
        """Return True if this answer is already kept here; `evidence` None stands for what there is."""
        if (self.point_id, self.comment) != (point and point.pk, comment):
            return False
        return evidence is None or {piece.pk for piece in evidence} == rests

    def rest_on(self, evidence: Sequence[Evidence], *, instead_of: AbstractSet[int]) -> None:
        """Make `evidence` the pieces that this rating rests on, in place of those with these ids."""
        pks = {piece.pk for piece in evidence}
        if gone := instead_of - pks:
            self.supports.filter(evidence__in=gone).delete()
        if new := pks - instead_of:
            Support.objects.bulk_create(Support(rating=self, evidence_id=pk) for pk in sorted(new))

    def frozen(self) -> dict[str, Any]:
        """Return the rating as plain JSON values."""
        return {
            "competency": self.competency.key,
            "point": self.point
            and {"key": self.point.key, "label": self.point.label, "value": self.point.value},
            "comment": self.comment,
            "evidence": [
                {
                    "id": piece.pk,
                    "title": piece.title,
                    "on": piece.happened_on.isoformat(),
                    "text": piece.text,
                    "link": piece.link,
                }
                for piece in self.evidence.all()
            ],
        }


class Support(models.Model):
    """The fact that a rating rests on a piece of evidence."""

    rating = models.ForeignKey(Rating, models.CASCADE, related_name="supports")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="supports")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating", "evidence"], name="reviews_one_support_per_pair")
        ]
