"""Competencies, by area, with what a page about them shows."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import (
    Prefetch,
)
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of

from .behaviour import Behaviour
from .citation import Cited
from .expectation import Expectation
from .part import Part


class Area(Part):
    """A group of competencies that a reader looks at together."""

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    position = models.PositiveSmallIntegerField()

    objects = Cited.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position"]
        verbose_name = _("area")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="framework_one_area_per_key")]

    def __str__(self) -> str:
        return self.title


class Competencies(Cited["Competency"]):
    """Competencies with what a page about them shows."""

    def with_expectations(self) -> Self:
        """Each competency with its expectations, their behaviours and citations: four queries."""
        behaviours = Behaviour.objects.select_related("track").with_citations()
        expectations = Expectation.objects.select_related("level").prefetch_related(
            Prefetch("behaviours", queryset=behaviours)
        )
        return self.select_related("area").prefetch_related(Prefetch("expectations", queryset=expectations))


class Competency(Part):
    """An ability that every level has an expectation of.

    Its key is the same in every edition of its framework; in another framework it names something else.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="competencies")
    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    position = models.PositiveSmallIntegerField()
    evidence = models.JSONField(_("examples of evidence"), default=list, blank=True)

    objects = Competencies.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position"]
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="framework_one_competency_per_key")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("competency", self.pk)

    @property
    def lineage(self) -> tuple[int, str]:
        """What it shares with the same competency of other editions: framework and key. Needs `edition`."""
        return self.edition.framework_id, self.key

    def neighbours(self) -> tuple[Competency | None, Competency | None]:
        """Return the competencies before and after this one in its edition, None at either end."""
        around = Competency.objects.filter(
            edition=self.edition_id, position__in=(self.position - 1, self.position + 1)
        )
        by_position = {competency.position: competency for competency in around}
        return by_position.get(self.position - 1), by_position.get(self.position + 1)
