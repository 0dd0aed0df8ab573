"""Decisions: what came of a hearing, its release at one instant, and the appeal against it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now, today
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import Incomplete, NotNow, refuse
from competencies.trail.models import Seal, canonical, record

from ..limits import TEXT_LIMIT
from .outcome import Outcome

if TYPE_CHECKING:
    from competencies.people.models import Person

    from .case import PromotionCase
    from .hearing import Hearing


class NoQuorum(Incomplete):
    """Fewer people are left who may answer the case than the rules ask for."""

    code = "no-quorum"

    def __init__(self, *, quorum: int, left: int) -> None:
        message = _now("Members who can vote on this case: %(left)d. The quorum is %(quorum)d.")
        super().__init__(
            message % {"left": left, "quorum": quorum}, missing=["quorum"], quorum=quorum, left=left
        )


class Decisions(Guarded["Decision"]):
    """Decisions by whether they are out."""

    def with_related(self) -> Self:
        return self.select_related(
            "hearing__case__subject",
            "hearing__case__sponsor",
            "hearing__case__track",
            "hearing__case__to_level",
            "hearing__case__from_level",
            "release",
        )

    def awaiting_release(self) -> Self:
        return self.filter(release=None, hearing__case__withdrawal=None)


class Decision(models.Model):
    """What a hearing came to, always with its reasons. Unknown outside until it is released."""

    Outcome = Outcome

    hearing = models.OneToOneField("Hearing", models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    rationale = models.TextField(_("reasons"), max_length=TEXT_LIMIT)
    per_competency = models.TextField(_("reasons per competency"), default="{}")
    conditions = models.TextField(_("what is missing, or conditions"), blank=True, max_length=TEXT_LIMIT)
    feedback = models.TextField(_("feedback to the candidate"), blank=True, max_length=TEXT_LIMIT)
    look_again_on = models.DateField(_("look again on"), null=True, blank=True)
    effective_on = models.DateField(_("holds from"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    objects = Decisions.as_manager()

    SEALED = (
        "hearing_id", "outcome", "rationale", "per_competency", "conditions", "feedback", "look_again_on",
        "effective_on",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(rationale=""), name="promotions_decision_has_reasons"),
            models.CheckConstraint(
                condition=~Q(outcome="not-yet") | Q(look_again_on__isnull=False),
                name="promotions_not_yet_says_when",
            ),
        ]

    @property
    def case(self) -> PromotionCase:
        return self.hearing.case

    def note_redaction(self, *, by: Person, receipt: UUID) -> None:
        """Write into the trail that an erasure with that receipt changed the decision."""
        details = {"receipt": str(receipt), "digest": Seal.of(self, *self.SEALED)}
        record("decision.redacted", self, by=by, about=self.case.subject, **details)

    @property
    def notes(self) -> dict[str, str]:
        """Return the reasons per competency: `{key: text}`."""
        notes: dict[str, str] = json.loads(self.per_competency)
        return notes

    @property
    def is_released(self) -> bool:
        return getattr(self, "release", None) is not None

    @transaction.atomic
    def publish(self, *, by: Person, at: datetime | None = None) -> Release:
        """Release the decision to the candidate and to those who may read the case; return the `Release`.

        A promotion writes the dated placement, from the day it was decided to hold from, today at the
        earliest where none was named. `at` is the instant that several share: see `packets.releasing`.
        """
        decision = locked(by, "promotions.release_decision", self)
        case, at = decision.case, at or now()
        release = Release.objects.create(
            decision=decision, by=by, at=at, appeal_until=decision._appeal_until(at)
        )
        if decision.outcome == Outcome.PROMOTE:  # before the trail is held: who places holds the person first
            case.subject.place(
                track=case.track,
                level=case.to_level,
                starts_on=decision.effective_on or today(),
                by=by,
                reason=_now("Promotion"),
            )
        record("case.decided", case, by=by, about=case.subject, outcome=decision.outcome)
        return release

    @property
    def may_be_appealed(self) -> bool:
        """Return True if the candidate may appeal against it once it is released."""
        hearing = self.hearing
        refused = self.outcome != Outcome.PROMOTE
        return bool(refused and hearing.stage == hearing.Stage.FIRST and hearing.appeal_days)

    def _appeal_until(self, at: datetime) -> datetime | None:
        return at + timedelta(days=self.hearing.appeal_days) if self.may_be_appealed else None


def decided(
    hearing: Hearing,
    outcome: str,
    *,
    by: Person,
    rationale: str,
    feedback: str,
    per_competency: Mapping[str, str],
    conditions: str,
    **days: date | None,
) -> Decision:
    """Write the decision of `hearing`, which is locked and may be decided by `by`; return it.

    The majority is kept: what more than half voted for in the last round is the outcome, and without
    a majority nobody is promoted. Refuses with `Incomplete` without a rationale and without feedback to
    the candidate, and `not yet` without what is missing and a day ahead; with `NoQuorum` where too few
    votes count; with `NotNow` an outcome against the majority.
    """
    look_again_on, effective_on = days.get("look_again_on"), days.get("effective_on")
    if missing := lacking_in(outcome, rationale, feedback, conditions, look_again_on):
        first = Incomplete(missing[0][1], missing=[name for name, _message in missing])
        refuse([first, *(Incomplete(message, missing=[name]) for name, message in missing[1:])])

    _check_votes(hearing, outcome)
    decision = Decision.objects.create(
        hearing=hearing,
        by=by,
        outcome=outcome,
        rationale=rationale,
        feedback=feedback,
        per_competency=canonical({key: text for key, text in per_competency.items() if text.strip()}),
        conditions=conditions,
        look_again_on=look_again_on if outcome == Outcome.NOT_YET else None,
        effective_on=(effective_on or today()) if outcome == Outcome.PROMOTE else None,
    )
    details = {"outcome": str(outcome), "digest": Seal.of(decision, *Decision.SEALED)}
    record("decision.made", decision, by=by, about=hearing.case.subject, **details)
    return decision


def lacking_in(
    outcome: str, rationale: str, feedback: str, conditions: str, look_again_on: date | None
) -> list[tuple[str, str]]:
    """Return what keeps a decision of these words from being recorded, each as its field and a sentence."""
    required: list[tuple[str, str | bool, str]] = [
        ("outcome", outcome, _now("Choose the outcome.")),
        ("rationale", rationale.strip(), _now("Give the reasons for the decision.")),
        ("feedback", feedback.strip(), _now("Write the feedback that the candidate will read.")),
    ]
    if outcome == Outcome.NOT_YET:
        ahead = look_again_on is not None and look_again_on > today()
        required += [
            ("conditions", conditions.strip(), _now("Say what is missing.")),
            ("look_again_on", ahead, _now("Enter a date in the future on which to revisit the case.")),
        ]
    return [(name, message) for name, there, message in required if not there]


def majority(votes: Sequence[str]) -> str | None:
    """Return the outcome that more than half of `votes` (a list of outcomes) name, or None."""
    return next((vote for vote in dict.fromkeys(votes) if 2 * votes.count(vote) > len(votes)), None)


def _check_votes(hearing: Hearing, outcome: str) -> None:
    votes = [ballot.vote for ballot in hearing.votes_in(hearing.final_round)]
    if len(votes) < hearing.quorum:
        raise NoQuorum(quorum=hearing.quorum, left=len(votes))
    winner = majority(votes)
    if winner and winner != outcome:
        message = _now("The majority voted for “%(outcome)s”. Choose that outcome.") % {
            "outcome": Outcome(winner).label
        }
        raise NotNow(message, field="outcome")
    if not winner and outcome == Outcome.PROMOTE:
        raise NotNow(
            _now("There is no majority for a promotion. Choose “Not yet” or “Decline”."), field="outcome"
        )


class Release(models.Model):
    """The instant from which the candidate and those concerned know a decision."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="release")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    appeal_until = models.DateTimeField(_("appeal until"), null=True, editable=False)


class Appeal(models.Model):
    """The candidate's answer to a decision: that others should hear the case once more."""

    case = models.OneToOneField("promotions.PromotionCase", models.PROTECT, related_name="appeal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    grounds = models.TextField(_("grounds"), max_length=TEXT_LIMIT)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(grounds=""), name="promotions_appeal_has_grounds")]

    @classmethod
    @transaction.atomic
    def lodge(cls, case: PromotionCase, grounds: str, *, by: Person) -> Appeal:
        """Ask for another hearing, within the days the policy gave. Refuses without grounds."""
        case = locked(by, "promotions.appeal_decision", case)
        if not grounds.strip():
            raise Incomplete(_now("Say what was overlooked or misjudged."), missing=["grounds"])
        appeal = cls.objects.create(case=case, by=by, grounds=grounds)
        record("case.appealed", case, by=by, about=case.subject)
        return appeal


def released(stage: str | None = None) -> Q:
    """Return the `Q` of cases of which a decision is out: of one stage, or of any."""
    releases = Release.objects.filter(decision__hearing__case=OuterRef("pk"))
    if stage:
        releases = releases.filter(decision__hearing__stage=stage)
    return Q(Exists(releases))
