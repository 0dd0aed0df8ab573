"""Tracks: role profiles, and which documents speak of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from competencies.sources.models import Source

from .level import Level
from .part import Part


class Track(Part):
    """A role profile: the shared ladder, with behaviours and skills of its own."""

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveSmallIntegerField()
    summary = models.TextField(_("summary"))
    suits = models.TextField(_("suits"), blank=True)
    hiring = models.TextField(_("hiring guidance"), blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("track")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="framework_one_track_per_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def lineage(self) -> tuple[int, str]:
        """What it shares with the same track of other editions: framework and key. Needs `edition`."""
        return self.edition.framework_id, self.key


class Coverage(Part):
    """The fact that a source speaks of a track at a level: what it says there is stated, not carried."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="coverages")
    track = models.ForeignKey(Track, models.CASCADE, related_name="coverages")
    level = models.ForeignKey(Level, models.CASCADE, related_name="coverages")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "track", "level"], name="framework_one_coverage_per_pair"
            )
        ]
