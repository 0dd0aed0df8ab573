"""What was handed in, and what was given back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.trail.models import record

if TYPE_CHECKING:
    from competencies.people.models import Person


class Submission(models.Model):
    """The fact that an assessment was handed in, with what it said. One row for each round.

    The snapshot holds random bits, so that its digest confirms no guess; those from before hold none.
    """

    assessment = models.ForeignKey("Assessment", models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    snapshot = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "round"], name="reviews_one_submission_per_round")
        ]

    def note_redaction(self, *, by: Person, receipt: UUID) -> None:
        """Write into the trail that an erasure with that receipt changed what was handed in."""
        details = {"round": self.round, "digest": hashlib.sha256(self.snapshot.encode()).hexdigest()}
        subject = self.assessment.review.subject
        record("assessment.redacted", self.assessment, by=by, about=subject, receipt=str(receipt), **details)


class Reopening(models.Model):
    """The fact that something handed in was given back to its author, and why."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="reopening")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    reason = models.TextField(_("reason"))
