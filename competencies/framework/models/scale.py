"""The scale in whose words the expectations of an edition are rated."""

from __future__ import annotations

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .part import Part


class RatingScale(Part):
    """The words in which an edition's expectations are read."""

    edition = models.OneToOneField("Edition", models.CASCADE, related_name="scale")

    @cached_property
    def bar(self) -> int | None:
        """The value from which an expectation counts as met."""
        return min(
            (point.value for point in self.points.all() if point.bar and point.value is not None),
            default=None,
        )


class ScalePoint(Part):
    """One answer of the scale, with a described anchor. Not observed has no value."""

    scale = models.ForeignKey(RatingScale, models.CASCADE, related_name="points")
    key = models.SlugField(_("key"), max_length=60)
    label = models.CharField(_("label"), max_length=60)
    anchor = models.TextField(_("anchor"))
    value = models.PositiveSmallIntegerField(_("value"), null=True, blank=True)
    bar = models.BooleanField(_("the bar"), default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        verbose_name = _("scale point")
        constraints = [models.UniqueConstraint(fields=["scale", "key"], name="framework_one_point_per_key")]

    def __str__(self) -> str:
        return self.label
