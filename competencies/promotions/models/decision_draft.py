"""Drafts of decisions: what somebody who may record one has written so far, for themselves alone."""

from __future__ import annotations

import json
from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from competencies.core.querysets import Guarded
from competencies.core.versions import Versioned

from ..limits import TEXT_LIMIT
from .decision import lacking_in
from .outcome import Outcome


class DecisionDraft(Versioned):
    """What one person has written of a decision that is not recorded yet. Theirs alone, and gone with it."""

    hearing = models.ForeignKey("Hearing", models.PROTECT, related_name="decision_drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    rationale = models.TextField(_("reasons"), blank=True, max_length=TEXT_LIMIT)
    per_competency = models.TextField(_("reasons per competency"), default="{}")
    conditions = models.TextField(_("what is missing, or conditions"), blank=True, max_length=TEXT_LIMIT)
    feedback = models.TextField(_("feedback to the candidate"), blank=True, max_length=TEXT_LIMIT)
    look_again_on = models.DateField(_("revisit on"), null=True, blank=True)
    effective_on = models.DateField(_("holds from"), null=True, blank=True)

    objects = Guarded.as_manager()

    SAID = ("rationale", "conditions", "feedback", "look_again_on", "effective_on")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "person"], name="promotions_one_draft_of_a_decision")
        ]

    @property
    def notes(self) -> dict[str, str]:
        """Return the reasons per competency: `{key: text}`."""
        notes: dict[str, str] = json.loads(self.per_competency)
        return notes

    @property
    def said(self) -> dict[str, str | date | None]:
        """Return what `Hearing.decide` takes besides the outcome and the reasons per competency."""
        return {name: getattr(self, name) for name in self.SAID}

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """Return what keeps it from being recorded, each as its field and a sentence."""
        return lacking_in(self.outcome, self.rationale, self.feedback, self.conditions, self.look_again_on)
