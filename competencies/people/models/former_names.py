"""What people were known by before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class FormerNames(models.QuerySet["FormerName"]):
    def remember(self, changes: Mapping[int, Mapping[str, str | None]]) -> None:
        """Keep what people were known by: `{person: {field: value before}}`. Other fields are left out."""
        kinds = self.model.Kind.values
        rows = [
            self.model(person_id=pk, kind=kind, text=text)
            for pk, before in changes.items()
            for kind in kinds
            if (text := before.get(kind))
        ]
        self.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)

    def still_theirs(self) -> Self:
        """Leave out emails and staff numbers that somebody else has now."""
        others = get_user_model().objects.exclude(pk=OuterRef("person"))
        kinds = self.model.Kind
        return self.exclude(
            Q(kind=kinds.EMAIL) & Exists(others.filter(email=OuterRef("text")))
            | Q(kind=kinds.NUMBER) & Exists(others.filter(number=OuterRef("text")))
        )


class FormerName(models.Model):
    """The fact that somebody was known by another name, email or staff number.

    Packets that were frozen and texts that were written meanwhile hold it. It is kept to be found when they
    are erased, and goes with them; nobody is shown it.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("Name")
        EMAIL = "email", _("Email")
        NUMBER = "number", _("Staff number")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_names")
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(max_length=254)

    objects = FormerNames.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "text"], name="people_former_name_once")
        ]
