"""Behaviours: what a person at a level can be seen to do, and what that rests on."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Self

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of

from .citation import Citation, Cited
from .part import Part
from .track import Track


class Behaviours(Cited["Behaviour"]):
    """Behaviours by the track they are asked of, and by what they rest on there."""

    def asked_of(self, track: Track) -> Self:
        """Keep the shared ones and those of `track`."""
        return self.filter(Q(track=None) | Q(track=track))

    def with_basis(self, track: Track) -> Self:
        """Annotate `rests_on`: what `Behaviour.basis` says for a person on `track`, said by the database."""
        stated = Citation.objects.filter(
            behaviour=OuterRef("pk"),
            passage__source__coverages__track=track,
            passage__source__coverages__level=OuterRef("expectation__level"),
        )
        return self.annotate(
            rests_on=Case(
                When(~Exists(Citation.objects.filter(behaviour=OuterRef("pk"))), then=Value("uncited")),
                When(inferred__contains="borrowed", then=Value("borrowed")),
                When(~Q(inferred=""), then=Value("split")),
                When(Exists(stated), then=Value("stated")),
                default=Value("carried"),
                output_field=TextField(),
            )
        )

    def count_by_basis(self) -> dict[int, dict[str, int]]:
        """Return `{expectation id: {basis: how many}}` of annotated behaviours. One query."""
        counts: dict[int, dict[str, int]] = {}
        rows = self.order_by().values_list("expectation", "rests_on").annotate(Count("pk"))  # type: ignore[misc]
        for expectation, basis, count in rows:
            counts.setdefault(expectation, {})[basis] = count
        return counts


class Behaviour(Part):
    """Something a person at a level can be seen to do, with the sentences it was taken from."""

    expectation = models.ForeignKey("Expectation", models.CASCADE, related_name="behaviours")
    track = models.ForeignKey(Track, models.CASCADE, null=True, blank=True, related_name="behaviours")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("behaviour"))
    inferred = models.CharField(_("inferred"), max_length=40, blank=True)

    objects = Behaviours.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position"]
        verbose_name = _("behaviour")

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Return its place on the page of its competency, on its own track where it has one."""
        chosen = f"?track={self.track.key}" if self.track else ""
        return f"{address_of('competency', self.expectation.competency_id)}{chosen}#b-{self.pk}"

    def basis(self, track: Track, stated_by: AbstractSet[int]) -> str:
        """Say on what the behaviour rests for a person on `track` at its level.

        `stated_by` is the set of source ids that cover that track and level. Returns `stated`
        when nothing is inferred and a covering source is cited, `split` or `borrowed` where the
        level was inferred, `carried` where another role's document says it, and `uncited` where none does.
        """
        cited = {citation.passage.source_id for citation in self.citations.all()}
        if not cited:
            return "uncited"
        if self.inferred:
            return "borrowed" if "borrowed" in self.inferred else "split"
        return "stated" if cited & stated_by else "carried"
