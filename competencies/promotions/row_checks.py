"""Ballots, decisions and endorsements, held against the digests that the trail has of them."""

from competencies.trail.models import Seal
from competencies.trail.row_checks import RowCheck, register

from .models import Ballot, Decision, Endorsement


class SealedCheck(RowCheck):
    """Rows of which an entry keeps a `Seal` of their `SEALED` fields; entries from before keep none."""

    model: type

    def found(self, keys):
        return {str(row.pk): [row] for row in self.model._base_manager.filter(pk__in=keys)}

    def everything(self):
        return self.model._base_manager.all()

    def digest_of(self, row, entry):
        return Seal.of(row, *row.SEALED).digest(entry.salt)


@register
class BallotCheck(SealedCheck):
    """A ballot says what it said when it was cast."""

    label, model = "ballots", Ballot
    actions, redacted = ("ballot.cast",), ("ballot.redacted",)

    def everything(self):
        return super().everything().filter(casting__isnull=False)

    def agrees(self, row, entry):
        return row.round == entry.details.get("round", row.round)


@register
class DecisionCheck(SealedCheck):
    """A decision says what it said when it was made."""

    label, model = "decisions", Decision
    actions, redacted = ("decision.made",), ("decision.redacted",)

    def everything(self):
        """Those of a committee: the trail told of those before in another way."""
        return super().everything().exclude(hearing__committee=None)

    def agrees(self, row, entry):
        return row.outcome == entry.details.get("outcome", row.outcome)


@register
class EndorsementCheck(SealedCheck):
    """An endorsement says what it said when it was given. Entries name its request."""

    label, model = "endorsements", Endorsement
    actions, redacted = ("endorsement.given",), ("endorsement.redacted",)

    def found(self, keys):
        rows = self.model._base_manager.filter(request__in=keys)
        return {str(row.request_id): [row] for row in rows}

    def key_of(self, row):
        return str(row.request_id)
