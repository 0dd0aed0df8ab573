"""Ballots, decisions and endorsements, held against the digests that the trail has of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from django.db.models import QuerySet

from competencies.trail.models import Entry, Seal
from competencies.trail.row_checks import RowCheck, register

from .models import Ballot, Decision, Endorsement

Sealed = TypeVar("Sealed", Ballot, Decision, Endorsement)


class SealedCheck(RowCheck[Sealed]):
    """Rows of which an entry keeps a `Seal` of their `SEALED` fields; entries from before keep none."""

    model: type[Sealed]

    def found(self, keys: Collection[str]) -> dict[str, list[Sealed]]:
        return {str(row.pk): [row] for row in self.model._base_manager.filter(pk__in=keys)}

    def everything(self) -> QuerySet[Sealed]:
        return self.model._base_manager.all()

    def digest_of(self, row: Sealed, entry: Entry) -> str:
        return Seal.of(row, *row.SEALED).digest(entry.salt)


@register
class BallotCheck(SealedCheck[Ballot]):
    """A ballot says what it said when it was cast."""

    label, model = "ballots", Ballot
    actions, redacted = ("ballot.cast",), ("ballot.redacted",)

    def everything(self) -> QuerySet[Ballot]:
        return super().everything().filter(casting__isnull=False)

    def agrees(self, row: Ballot, entry: Entry) -> bool:
        return bool(row.round == entry.details.get("round", row.round))


@register
class DecisionCheck(SealedCheck[Decision]):
    """A decision says what it said when it was made."""

    label, model = "decisions", Decision
    actions, redacted = ("decision.made",), ("decision.redacted",)

    def everything(self) -> QuerySet[Decision]:
        """Those of a committee: the trail told of those before in another way."""
        return super().everything().exclude(hearing__committee=None)

    def agrees(self, row: Decision, entry: Entry) -> bool:
        return bool(row.outcome == entry.details.get("outcome", row.outcome))


@register
class EndorsementCheck(SealedCheck[Endorsement]):
    """An endorsement says what it said when it was given. Entries name its request."""

    label, model = "endorsements", Endorsement
    actions, redacted = ("endorsement.given",), ("endorsement.redacted",)

    def found(self, keys: Collection[str]) -> dict[str, list[Endorsement]]:
        rows = self.model._base_manager.filter(request__in=[*map(int, keys)])
        return {str(row.request_id): [row] for row in rows}

    def key_of(self, row: Endorsement) -> str:
        return str(row.request_id)
