"""The preview of an import: what it would do, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.refusals import NotNow
from competencies.people.models import Person

from ..plan import CHANGE, CREATE, END, REFUSED, UNCHANGED

if TYPE_CHECKING:
    from ..plan import Plan


MANY_LEAVE = 0.05  # of everybody here: from there on, how many leave has to be typed


class Preview(models.Model):
    """What an import would do, as it was last worked out."""

    of = models.OneToOneField("Import", models.CASCADE, related_name="preview")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    mapping = models.JSONField()
    counts = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "people_preview"

    @property
    def doing(self) -> int:
        """Return how many rows would change something."""
        return sum(self.counts[kind] for kind in (CREATE, CHANGE, END))

    @property
    def to_confirm(self) -> int:
        """Return how many would leave for not being in the file, where that has to be confirmed; else 0."""
        absent = self.counts["absent"]
        return absent if absent > MANY_LEAVE * self.counts["here"] else 0

    def check_ready(self, *, skip_refused: bool, confirmed: int | None) -> None:
        """Refuse with `NotNow` what has to be said before this can be applied."""
        if not self.doing:
            raise NotNow(_now("There’s nothing to apply: everyone already matches the file."))
        if self.counts[REFUSED] and not skip_refused:
            raise NotNow(_now("Some rows are rejected. Fix the file, or choose to skip them."))
        if self.to_confirm and confirmed != self.to_confirm:
            raise NotNow(
                _now("%(number)d people would be offboarded. Type this number to confirm.")
                % {"number": self.to_confirm}
            )

    def hold_people(self) -> None:
        """Lock whoever the preview speaks of until the transaction ends."""
        spoken_of = self.findings.exclude(person=None).values("person")
        people = Person.objects.select_for_update(no_key=True).filter(pk__in=spoken_of).order_by("pk")
        list(people.values_list("pk", flat=True))


def hold_people(pks: Sequence[int]) -> None:
    """Lock these people until the transaction ends, in one order for everybody who does."""
    pks = sorted(pks)
    for first in range(0, len(pks), 1_000):
        some = Person.objects.select_for_update(no_key=True).filter(pk__in=pks[first : first + 1_000])
        list(some.order_by("pk").values_list("pk", flat=True))


def digest_of(plan: Plan) -> str:
    """Return the SHA-256 (hex) of what a plan would do, by which a change of the world shows."""
    rows = [(row.line, row.kind, row.person, row.changes) for row in plan.verdicts]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


class Finding(models.Model):
    """What a preview says of one row: what would be created, changed or ended, or why it is refused.

    `line` is 0 for somebody who would leave because the file does not name them. While one `is_unread`,
    because it may be about anybody, nobody does.
    """

    class Kind(models.TextChoices):
        REFUSED = REFUSED, _("Refused")
        CREATE = CREATE, _("New")
        CHANGE = CHANGE, _("Changed")
        END = END, _("Leaving")
        UNCHANGED = UNCHANGED, _("Unchanged")

    preview = models.ForeignKey(Preview, models.CASCADE, related_name="findings")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    is_unread = models.BooleanField(default=False)

    class Meta:
        db_table = "people_finding"
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["preview", "kind", "line"], name="people_finding_by_kind")]
