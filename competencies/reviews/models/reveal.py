"""The reveal, by which both sides of a review come to see each other's assessment, and what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from competencies.core.clock import now

if TYPE_CHECKING:
    from .review import Review


class Reveal(models.Model):
    """The instant at which both sides of a review came to see each other's assessment."""

    review = models.OneToOneField("Review", models.PROTECT, related_name="reveal")
    at = models.DateTimeField(default=now, editable=False)


def reveal(review: Review) -> Reveal | None:
    """Write the `Reveal` of `review` and return it, or None where it is revealed already.

    Runs inside the transaction of a submit, which holds the review: two last submits at once make
    one reveal.
    """
    reveal, created = Reveal.objects.get_or_create(review=review)
    return reveal if created else None


class Discussion(models.Model):
    """The fact that manager and engineer have talked about a review."""

    review = models.OneToOneField("Review", models.PROTECT, related_name="discussion")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Signoff(models.Model):
    """The fact that one side has read a discussed review. It says nothing about agreeing."""

    review = models.ForeignKey("Review", models.PROTECT, related_name="signoffs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "by"], name="reviews_one_signoff_per_side")]
