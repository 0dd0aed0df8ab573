"""Ballots: what each member thinks of a case, closed once it is cast."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.querysets import Guarded
from competencies.core.versions import Versioned
from competencies.trail.models import Seal, record

from ..limits import TEXT_LIMIT
from .member import recusals
from .outcome import Outcome

if TYPE_CHECKING:
    from competencies.people.models import Person


MOST_ROUNDS = 2


class Ballots(Guarded["Ballot"]):
    """Ballots by whether they count."""

    def cast(self) -> Self:
        return self.filter(casting__isnull=False)

    def counting(self) -> Self:
        """Keep those that were cast, by members who were not recused. By name."""
        return self.cast().exclude(Exists(recusals())).order_by("person__name", "person")

    def number(self) -> QuerySet[Ballot, Any]:
        """Return how many of them there are, as a query of one number, for a subquery of a hearing."""
        return self.order_by().values("hearing").annotate(number=models.Count("pk")).values("number")

    def of_majority(self, *, among: Ballots) -> QuerySet[Ballot, Any]:
        """Keep the vote that more than half of the ballots `among` name, where any of these names it."""
        twice = self.order_by().values("vote").annotate(twice=2 * models.Count("pk"))
        return twice.filter(twice__gt=models.Subquery(among.number()))


class Ballot(Versioned):
    """What one member thinks of a case in one round. Theirs alone until it is cast and all are opened."""

    hearing = models.ForeignKey("Hearing", models.PROTECT, related_name="ballots")
    round = models.PositiveSmallIntegerField(_("round"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    vote = models.CharField(_("vote"), max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(_("reason"), blank=True, max_length=TEXT_LIMIT)
    per_competency = models.TextField(_("reasons per competency"), default="{}")

    objects = Ballots.as_manager()

    SEALED = ("hearing_id", "round", "person_id", "vote", "reason", "per_competency")

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hearing", "round", "person"], name="promotions_one_ballot_a_round"
            ),
            models.CheckConstraint(
                condition=Q(round__gte=1, round__lte=MOST_ROUNDS), name="promotions_two_rounds_at_most"
            ),
        ]

    def note_redaction(self, *, by: Person, receipt: UUID) -> None:
        """Write into the trail that an erasure with that receipt changed the ballot."""
        details = {"receipt": str(receipt), "digest": Seal.of(self, *self.SEALED)}
        record("ballot.redacted", self, by=by, about=self.hearing.case.subject, **details)

    @property
    def lacking(self) -> tuple[str, str] | None:
        """Return the first thing without which it is not cast, as its field and a sentence, or None."""
        if not self.vote:
            return "vote", _now("Choose your vote.")
        if not (self.reason.strip() or self.notes):
            return "reason", _now("Give a reason for your vote: overall, or for at least one competency.")
        return None

    @property
    def notes(self) -> dict[str, str]:
        """Return the reasons per competency: `{key: text}`."""
        notes: dict[str, str] = json.loads(self.per_competency)
        return notes


class Casting(models.Model):
    """The fact that a ballot was handed in. It is closed from then on."""

    ballot = models.OneToOneField(Ballot, models.PROTECT, related_name="casting")
    day = models.DateField(_("day"))
    at = models.DateTimeField(default=now, editable=False)
