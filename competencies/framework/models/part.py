"""What belongs to an edition, and is closed with it from its publication on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now

from competencies.core.clock import now
from competencies.core.querysets import Guarded
from competencies.trail.models import Closed


class Publication(models.Model):
    """The fact that an edition was published. From then on it is closed."""

    edition = models.OneToOneField("Edition", models.PROTECT, related_name="publication")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Part(models.Model):
    """A row that belongs to an edition and is closed with it."""

    edition = models.ForeignKey("framework.Edition", models.CASCADE)

    objects = Guarded.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        refuse_published(self.edition_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_published(self.edition_id)
        return super().delete(*args, **kwargs)


def refuse_published(edition_pk: int | None) -> None:
    """Return quietly while the edition is a draft; refuse with `Closed` from its publication on."""
    if Publication.objects.filter(edition=edition_pk).exists():
        raise Closed(_now("A published edition never changes."))
