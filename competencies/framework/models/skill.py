"""Skills, and how firmly each track asks for them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import (
    Count,
    IntegerField,
    OuterRef,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of

from .citation import Cited
from .competency import Competency
from .part import Part
from .track import Track


class Skill(Part):
    """A tool or technique that tracks ask for by name."""

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    competency = models.ForeignKey(Competency, models.CASCADE, related_name="skills")
    group = models.CharField(_("group"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        verbose_name = _("skill")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="framework_one_skill_per_key")]

    def __str__(self) -> str:
        return self.title


class Requirements(Cited["Requirement"]):
    """What tracks ask for by name, with what counts as well."""

    def with_choices(self) -> Self:
        """Annotate `choices`: how many skills of the same track stand for the same choice, 0 for none."""
        alike = (
            self.model._base_manager.filter(track=OuterRef("track"), choice=OuterRef("choice"))
            .exclude(choice="")
            .order_by()
            .values("choice")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(choices=Coalesce(Subquery(alike, output_field=IntegerField()), 0))


class Requirement(Part):
    """How firmly one track asks for a skill, in the words its document uses."""

    choices: int  # of `with_choices`

    class Strength(models.TextChoices):
        REQUIRED = "required", _("Required")
        STANDARD = "standard", _("Standard")
        VALUED = "valued", _("Valued")
        ANY_OF = "any-of", _("One of several")

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="requirements")
    track = models.ForeignKey(Track, models.CASCADE, related_name="requirements")
    strength = models.CharField(_("strength"), max_length=20, choices=Strength)
    choice = models.CharField(_("one of"), max_length=60, blank=True)
    note = models.TextField(_("qualifier"), blank=True)

    objects = Requirements.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["skill__position"]
        verbose_name = _("requirement")
        constraints = [
            models.UniqueConstraint(fields=["skill", "track"], name="framework_one_requirement_per_track")
        ]

    def get_absolute_url(self) -> str:
        page = address_of("competency", self.skill.competency_id)
        return f"{page}?track={self.track.key}#skill-{self.skill_id}"

    @property
    def firmness(self) -> str:
        """The strength in words. A choice with one member is an example, not one of several.

        Needs `choices` of `Requirement.objects.with_choices()`.
        """
        lone = self.strength == self.Strength.ANY_OF and self.choices < 2
        return _now("Named as an example") if lone else self.get_strength_display()

    @property
    def qualifier(self) -> str:
        """The note without the name of the skill that it opens with."""
        name, _colon, rest = self.note.partition(": ")
        said_already = all(word in self.skill.title.lower() for word in name.lower().split())
        return rest if rest and said_already else self.note
