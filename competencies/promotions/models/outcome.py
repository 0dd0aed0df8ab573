"""The outcomes that a case can have."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What a member votes for, and what is decided."""

    PROMOTE = "promote", _("Promote")
    NOT_YET = "not-yet", _("Not yet")
    DECLINE = "decline", _("Decline")
