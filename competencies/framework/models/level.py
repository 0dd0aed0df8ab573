"""Levels: the steps of the ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from .inclusion import Inclusions
from .part import Part

if TYPE_CHECKING:
    from competencies.core.querysets import Guarded


class Level(Part):
    """A step of the ladder. It includes all that the levels below it expect.

    `includes` is what was written of that; what follows from it is asked of `Inclusions`.
    """

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    rung = models.PositiveSmallIntegerField(_("rung"))
    position = models.PositiveSmallIntegerField()
    scope = models.TextField(_("scope"))
    summary = models.TextField(_("summary"), blank=True)
    facets = models.JSONField(default=dict, blank=True)
    inferred = models.CharField(max_length=40, blank=True)
    includes = models.ManyToManyField(
        "self", through="Inclusion", symmetrical=False, related_name="included_in"
    )

    class Meta:
        ordering = ["position"]
        verbose_name = _("level")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="framework_one_level_per_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def lineage(self) -> tuple[int, str]:
        """What it shares with the same level of other editions: framework and key. Needs `edition`."""
        return self.edition.framework_id, self.key

    def next_steps(self) -> Guarded[Level]:
        """Return the levels that build directly on this one; more than one where the ladder branches."""
        steps = Inclusions.of([self.edition_id]).next_steps(self.pk)
        return Level.objects.filter(pk__in=steps)
