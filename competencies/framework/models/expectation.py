"""Expectations: what one level asks for in one competency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import (
    Case,
    OuterRef,
    Prefetch,
    Subquery,
    TextField,
    When,
)
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of

from .behaviour import Behaviour
from .citation import Cited
from .level import Level
from .part import Part

if TYPE_CHECKING:
    from .track import Track


class Expectations(Cited["Expectation"]):
    """Expectations with what stands under them."""

    def asked_of(self, track: Track) -> Self:
        """Each expectation with the behaviours that `track` is asked for, their basis and passages."""
        behaviours = (
            Behaviour.objects.asked_of(track).with_basis(track).select_related("track").with_citations()
        )
        return (
            self.select_related("level")
            .prefetch_related(Prefetch("behaviours", queryset=behaviours))
            .with_citations()
        )

    def with_first_behaviour(self, track: Track) -> Self:
        """Annotate `first_behaviour`: where there is no summary, the first text that `track` is asked for."""
        first = Behaviour.objects.asked_of(track).filter(expectation=OuterRef("pk")).order_by("position")
        return self.annotate(
            first_behaviour=Case(
                When(summary="", then=Subquery(first.values("text")[:1])), output_field=TextField()
            )
        )


class Expectation(Part):
    """What one level asks for in one competency."""

    competency = models.ForeignKey("Competency", models.CASCADE, related_name="expectations")
    level = models.ForeignKey(Level, models.CASCADE, related_name="expectations")
    summary = models.TextField(_("summary"))
    pitfall = models.TextField(_("pitfall"), blank=True)
    first_behaviour: str | None  # of `with_first_behaviour()`

    objects = Expectations.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["competency__position", "level__position"]
        verbose_name = _("expectation")
        constraints = [
            models.UniqueConstraint(fields=["competency", "level"], name="framework_one_expectation_per_cell")
        ]

    def get_absolute_url(self) -> str:
        return f"{address_of('competency', self.competency_id)}#level-{self.level.key}"

    @property
    def is_empty(self) -> bool:
        """True where nothing is written for this level: the author left the cell empty."""
        return not (self.summary or self.pitfall or self.behaviours.all())

    def behaviours_for(self, track: Track) -> list[Behaviour]:
        """Return the behaviours that a person on `track` is read against: the shared and its own.

        Uses what was prefetched; `track` is a `Track` or None for the shared ones alone.
        """
        tracks = {None, track.pk if track else None}
        return [behaviour for behaviour in self.behaviours.all() if behaviour.track_id in tracks]
