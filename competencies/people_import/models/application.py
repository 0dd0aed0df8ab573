"""The facts that an import was applied, and that it was undone, with what both changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models

from competencies.core.clock import now

from ..packing import unpack


class Application(models.Model):
    """The fact that an import was applied. One at most, so a double click applies once."""

    of = models.OneToOneField("Import", models.CASCADE, related_name="application")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    counts = models.JSONField()

    class Meta:
        db_table = "people_application"


class Memory(models.Model):
    """What an application changed, from what to what, for as long as it can be undone."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="memory")
    packed = models.BinaryField()

    class Meta:
        db_table = "people_memory"

    def rows(self) -> dict[int, dict[str, Any]]:
        """Return `{person: …}` as `importing.prepare` gave it."""
        return {int(pk): row for pk, row in unpack(self.packed).items()}


class Undoing(models.Model):
    """The fact that an application was undone."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="undoing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    taken_out = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "people_undoing"


class Withdrawal(models.Model):
    """The fact that undoing an import took out somebody it had made. Another import may bring them back."""

    undoing = models.ForeignKey(Undoing, models.CASCADE, related_name="withdrawals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        db_table = "people_withdrawal"

    @classmethod
    def days(cls) -> dict[int, date]:
        """Return whom the undoing of an import took out, with the day: `{person: day}`."""
        return dict(cls.objects.order_by("pk").values_list("person_id", "day"))
