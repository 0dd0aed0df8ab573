"""Hearings: a case before some people, who vote on it blindly, then together, then speak about it.

Nobody sees another's ballot before all are in; they are opened together, in the instant in which the
last one is cast. Where the rules of the company ask for it a second round follows, after everybody
has read the first. Who is recused neither votes nor counts nor reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now, today
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import Incomplete, NotNow
from competencies.framework.models import Competency
from competencies.trail.models import Seal, canonical, record

from ..limits import TEXT_LIMIT
from ..recusal import BY_RULE, GROUNDS, called, grounds_among, reading_names, recused
from .ballot import MOST_ROUNDS, Ballot, Casting
from .decision import NoQuorum, Release, decided
from .decision_draft import DecisionDraft
from .member import Member, Recusal
from .policy import Policy

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from competencies.people.models import Person

    from .ballot import Ballots
    from .case import PromotionCase
    from .committee import Committee
    from .decision import Decision
    from .member import Members


class Hearings(Guarded["Hearing"]):
    """Hearings by where they stand."""

    def with_related(self) -> Self:
        """Read with each hearing what its page and its state say."""
        return self.select_related(
            "committee",
            "case__subject",
            "case__sponsor",
            "case__track",
            "case__from_level",
            "case__to_level",
            "case__withdrawal",
            "decision__release",
        )

    def seen_by(self, person: Person) -> Self:
        """Mark each with `sits`, `chairs` and `hidden`: whether `person` may not know whose case it is.

        Who sits in a masked hearing does not know it, until they unmask it.
        """
        chair = Member.objects.filter(hearing=OuterRef("pk"), person=person, chair=True)
        unmasked = Unmasking.objects.filter(hearing=OuterRef("pk"), person=person)
        sits = called("", person.pk) & ~recused("", person.pk)
        hidden = Q(masked=True) & sits & Q(~Exists(unmasked))
        marks: dict[str, Q] = {"sits": sits, "hidden": hidden, "chairs": sits & Q(Exists(chair))}
        return self.annotate(
            **{name: ExpressionWrapper(mark, models.BooleanField()) for name, mark in marks.items()}
        )

    def of_first(self) -> Self:
        return self.filter(stage=Hearing.Stage.FIRST)

    def running(self) -> Self:
        """Keep those that nothing was decided in, of cases that nobody withdrew."""
        return self.filter(decision=None, case__withdrawal=None)

    def without_quorum(self, round: int | Combinable) -> Self:
        """Keep those in which fewer votes of `round` (a number or an expression) count than the quorum."""
        votes = Ballot.objects.counting().filter(hearing=OuterRef("pk"), round=round)
        return self.alias(votes=Coalesce(Subquery(votes.number()), 0)).filter(votes__lt=F("quorum"))


class Hearing(models.Model):
    """The review of a case by some people: the first one, or that of its appeal.

    `quorum`, `second_ballot` and `appeal_days` are those of the company's policy on the day on which
    it was convened: a rule that changes later changes nothing here.
    """

    class Stage(models.TextChoices):
        FIRST = "first", _("First hearing")
        APPEAL = "appeal", _("Hearing of the appeal")

    case = models.ForeignKey("promotions.PromotionCase", models.PROTECT, related_name="hearings")
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.FIRST)
    committee = models.ForeignKey(
        "promotions.Committee",
        models.PROTECT,
        null=True,
        related_name="hearings",
        verbose_name=_("committee"),
    )
    quorum = models.PositiveSmallIntegerField(_("quorum"))
    second_ballot = models.CharField(_("second ballot"), max_length=10, choices=Policy.SecondBallot)
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"))
    masked = models.BooleanField(_("masked"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    objects = Hearings.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("hearing")
        constraints = [
            models.UniqueConstraint(fields=["case", "stage"], name="promotions_one_hearing_per_stage"),
            models.CheckConstraint(
                condition=Q(quorum__gte=2) | Q(committee=None), name="promotions_a_quorum_is_two_or_more"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_stage_display()}"

    def get_absolute_url(self) -> str:
        return address_of("hearing", self.pk)

    @property
    def title(self) -> str:
        """Whose case it is and for which step; without the name where `seen_by` says that it is hidden."""
        step = {"from": self.case.from_level, "to": self.case.to_level}
        if getattr(self, "hidden", self.masked):
            return _now("Candidate, %(from)s to %(to)s") % step
        return _now("%(person)s, %(from)s to %(to)s") % {"person": self.case.subject, **step}

    @property
    def state(self) -> str:
        """`voting`, `to-decide` (all rounds are open), `decided`, `released` or `withdrawn`."""
        if getattr(self.case, "withdrawal", None):
            return "withdrawn"
        decision = getattr(self, "decision", None)
        if decision is not None:
            return "released" if getattr(decision, "release", None) else "decided"
        return "voting" if self.round else "to-decide"

    @property
    def round(self) -> int | None:
        """Return the round in which ballots are cast now, 1 or 2, or None once all are open."""
        opened = len(self.counts.all())
        return opened + 1 if opened < self._rounds_due(opened) else None

    @property
    def final_round(self) -> int | None:
        """Return the last round whose ballots are open, or None."""
        return len(self.counts.all()) or None

    @classmethod
    @transaction.atomic
    def empanel(
        cls,
        case: PromotionCase,
        committee: Committee,
        *,
        by: Person,
        masked: bool | None = None,
        also: Sequence[Person] = (),
    ) -> Hearing:
        """Make the hearing of a proposed case, or of the appeal, and call whoever sits in `committee`.

        It has no copies to read yet: who brings a case before a committee calls `packets.convening.convene`.

        Everybody who has a seat there is called, but where names are hidden nobody who is barred for being
        of HR alone; who may not answer the case is recused at once. `also` are called for this case alone,
        and refused as `call` does. Rules of the company that are not given are those of its policy. Refuses
        with `NoQuorum` when too few are left, and with `Incomplete` a committee without a chair who may
        answer it.
        """
        case = locked(by, "promotions.convene_hearing", case)
        policy, first = Policy.here(), case.hearings.of_first().first()
        hearing = cls.objects.create(
            case=case,
            stage=cls.Stage.APPEAL if first else cls.Stage.FIRST,
            committee=committee,
            quorum=policy.quorum,
            second_ballot=policy.second_ballot,
            appeal_days=policy.appeal_days,
            masked=policy.masked if masked is None else masked,
            by=by,
        )
        seats = list(committee.seats.current())
        if hearing.masked:
            grounds = hearing.grounds([seat.person for seat in seats])
            seats = [seat for seat in seats if grounds.get(seat.person_id) != "hr"]
        Member.objects.bulk_create(
            Member(hearing=hearing, person=seat.person, chair=seat.chair, by=by) for seat in seats
        )
        record("hearing.convened", hearing, by=by, about=case.subject, members=len(seats))
        for person in also:
            hearing._add_member(person, by=by)
        hearing._recuse_by_rule(by=by)
        hearing._check_quorum()
        if not hearing.members.sitting().filter(chair=True).exists():
            raise Incomplete(_now("This committee has no chair who can vote on the case."), missing=["chair"])
        return hearing

    @transaction.atomic
    def call(self, person: Person, *, by: Person) -> Member:
        """Call one more member, as long as ballots are being cast; return the `Member`.

        Refuses whoever may not answer the case by rule, has left, or was called already.
        """
        hearing = locked(by, "promotions.call_member", self)
        if hearing.round is None:
            raise NotNow(_now("The ballots are open, so you can’t add members."))
        return hearing._add_member(person, by=by)

    def grounds(self, people: Sequence[Person]) -> dict[int, str]:
        """Return why each of `people` may not answer this case by rule: `{pk: ground}`, as of today."""
        return grounds_among(self.case, people, stage=self.stage, masked=self.masked)

    @transaction.atomic
    def step_aside(self, reason: str, *, by: Person) -> Recusal:
        """Declare a conflict of one's own; return the `Recusal`. Opens the ballots if all others are in.

        Refuses without a reason, once the last ballots are open, and one who voted in the round already.
        """
        hearing = locked(by, "promotions.step_aside", self)
        return hearing._recuse(by, "declared", reason, by=by)

    @transaction.atomic
    def excuse(self, person: Person, reason: str, *, by: Person, ground: str = "absent") -> Recusal:
        """Let HR go on without a member, who has a conflict (`declared`) or cannot take part (`absent`).

        Refuses without a reason, one who voted in the round already, and once any ballots are open:
        nobody is taken out whose opinion is known.
        """
        hearing = locked(by, "promotions.excuse_member", self)
        if hearing.final_round:
            raise NotNow(_now("Ballots are open, so you can’t recuse anyone."))
        return hearing._recuse(person, ground, reason, by=by)

    @transaction.atomic
    def write(
        self,
        *,
        by: Person,
        version: int,
        vote: str,
        reason: str,
        per_competency: Mapping[str, str] | None = None,
    ) -> Ballot:
        """Keep what a member has written of their ballot so far, for themselves alone; return the `Ballot`.

        `per_competency` maps keys of competencies to texts. Refuses with `Stale` when the ballot
        changed since `version`, and keys of competencies that are not of the case's ladder.
        """
        hearing = locked(by, "promotions.cast_ballot", self)
        notes = {key: text for key, text in (per_competency or {}).items() if text.strip()}
        hearing._check_competencies(notes)
        ballot = hearing.ballot_of(by) or Ballot(hearing=hearing, round=hearing.round or 0, person=by)
        written = {"vote": vote, "reason": reason, "per_competency": canonical(notes)}
        if all(getattr(ballot, name) == value for name, value in written.items()):
            return ballot
        ballot.expect(version, offered=written)
        ballot.advance(**written)
        record("ballot.written", ballot, by=by, about=hearing.case.subject)
        return ballot

    @transaction.atomic
    def cast(self, *, by: Person) -> Casting:
        """Hand in one's ballot of this round; return the `Casting`. The last one opens all of them.

        Refuses with `Incomplete` a ballot without a vote, and one without a reason: of one competency at
        least, or in all; with `NotNow` whoever came to HR after they were called, where names are hidden.
        """
        hearing = locked(by, "promotions.cast_ballot", self)
        if hearing.masked and reading_names([by]):
            raise NotNow(
                _now(
                    "You are an HR administrator now and read every case by name. This case is anonymised, "
                    "so recuse yourself."
                )
            )
        ballot = hearing.ballot_of(by) or Ballot()
        if lacking := ballot.lacking:
            raise Incomplete(lacking[1], missing=[lacking[0]])
        casting = Casting.objects.create(ballot=ballot, day=today())
        details = {"round": ballot.round, "digest": Seal.of(ballot, *Ballot.SEALED)}
        record("ballot.cast", ballot, by=by, about=hearing.case.subject, **details)
        hearing._open_if_all_in(by=by)
        return casting

    @transaction.atomic
    def remark(self, text: str, *, by: Person) -> Remark:
        """Add a note to the discussion; return the `Remark`. Notes stay as they were made."""
        hearing = locked(by, "promotions.discuss_hearing", self)
        if not text.strip():
            raise Incomplete(_now("Write a note."), missing=["text"])
        remark = Remark.objects.create(hearing=hearing, by=by, text=text)
        record("remark.made", remark, by=by, about=hearing.case.subject)
        return remark

    @transaction.atomic
    def unmask(self, reason: str, *, by: Person) -> Unmasking:
        """See who the candidate is, for a reason that stays on record; return the `Unmasking`."""
        hearing = locked(by, "promotions.unmask_hearing", self)
        if not reason.strip():
            raise Incomplete(_now("Say why you need to know who it is."), missing=["reason"])
        unmasking = Unmasking.objects.create(hearing=hearing, person=by, reason=reason)
        record("hearing.unmasked", hearing, by=by, about=hearing.case.subject)
        return unmasking

    @transaction.atomic
    def draft_decision(
        self, *, by: Person, version: int, outcome: str, per_competency: Mapping[str, str], **said: Any
    ) -> DecisionDraft:
        """Keep what somebody has written of the decision so far, for themselves alone; return the draft.

        `said` are the texts and days of `DecisionDraft.SAID`. Refuses with `Stale` when it changed since
        `version`, and keys of competencies that are not of the case's ladder.
        """
        hearing = locked(by, "promotions.decide_hearing", self)
        notes = {key: text for key, text in per_competency.items() if text.strip()}
        hearing._check_competencies(notes)
        draft = hearing.draft_of(by) or DecisionDraft(hearing=hearing, person=by)
        written = {"outcome": outcome, "per_competency": canonical(notes)}
        written |= {name: said.get(name, getattr(draft, name)) for name in DecisionDraft.SAID}
        if all(getattr(draft, name) == value for name, value in written.items()):
            return draft
        draft.expect(version, offered=written)
        draft.advance(**written)
        record("decision.drafted", draft, by=by, about=hearing.case.subject)
        return draft

    @transaction.atomic
    def decide(
        self,
        outcome: str,
        *,
        by: Person,
        rationale: str,
        feedback: str,
        per_competency: Mapping[str, str] | None = None,
        conditions: str = "",
        seen: int | None = None,
        **days: date | None,
    ) -> Decision:
        """Record what was decided, for those who sit and HR alone until it is released.

        `seen` is the version of their draft that `by` looked over, if they did; it refuses with `NotNow`
        where the draft has changed since. `days` are `look_again_on` and `effective_on`, dates or None.
        Refuses as `decision.decided` does. What anybody had drafted of it goes.
        """
        hearing = locked(by, "promotions.decide_hearing", self)
        hearing._check_competencies(per_competency or {})
        hearing._check_draft(by, seen)
        hearing.decision_drafts.all().delete()
        return decided(
            hearing,
            outcome,
            by=by,
            rationale=rationale,
            feedback=feedback,
            per_competency=per_competency or {},
            conditions=conditions,
            **days,
        )

    def _check_draft(self, person: Person, seen: int | None) -> None:
        draft = self.draft_of(person)
        if seen is not None and seen != (draft.version if draft else 0):
            raise NotNow(_now("The draft has changed since you looked it over. Check it once more."))

    def ballot_of(self, person: Person) -> Ballot | None:
        """Return the ballot of `person` in the present round, or None."""
        return self.ballots.filter(person=person, round=self.round or 0).first()

    def draft_of(self, person: Person) -> DecisionDraft | None:
        """Return what `person` has drafted of the decision, or None."""
        return self.decision_drafts.filter(person=person).first()

    def votes_in(self, round: int | None) -> Ballots:
        """Return the ballots of one round that count: cast, by those who sit. By name."""
        return self.ballots.counting().filter(round=round or 0).select_related("person", "casting")

    def awaited(self) -> Members:
        """Return the members who sit and have not cast their ballot of the present round. By name."""
        return self.members.sitting().exclude(having_cast(self.round or 0))

    def _rounds_due(self, opened: int) -> int:
        if self.second_ballot == Policy.SecondBallot.ALWAYS:
            return MOST_ROUNDS
        if self.second_ballot == Policy.SecondBallot.IF_SPLIT and opened:
            votes = self.ballots.filter(round=1, casting__isnull=False).values_list("vote", flat=True)
            return MOST_ROUNDS if len(set(votes)) > 1 else 1
        return 1

    def _add_member(self, person: Person, *, by: Person) -> Member:
        if self.members.filter(person=person).exists():
            raise NotNow(_now("%(person)s is already a member on this case.") % {"person": person})
        if not person.is_active:
            raise NotNow(_now("%(person)s has left the company.") % {"person": person})
        if ground := self.grounds([person]).get(person.pk):
            message = _now("%(person)s can’t vote on this case: %(ground)s.")
            raise NotNow(message % {"person": person, "ground": GROUNDS[ground]})
        member = Member.objects.create(hearing=self, person=person, by=by)
        record("hearing.called", self, by=by, about=self.case.subject, member=person.pk)
        return member

    def _recuse(self, person: Person, ground: str, reason: str, *, by: Person) -> Recusal:
        if not reason.strip():
            raise Incomplete(_now("Give a reason."), missing=["reason"])
        if not self.awaited().filter(person=person).exists():
            raise NotNow(_now("Only members who have not voted yet can be recused."))
        recusal = self._set_aside(person, ground, by=by, reason=reason)
        self._open_if_all_in(by=by)
        return recusal

    def _recuse_by_rule(self, *, by: Person) -> None:
        """Set aside everybody who may not answer the case as it stands today, and has not been yet."""
        sitting = [member.person for member in self.members.sitting()]
        grounds = self.grounds(sitting)
        for person in sitting:
            if ground := grounds.get(person.pk):
                reason = "" if ground in BY_RULE else _now("Came to HR after they were called.")
                self._set_aside(person, ground, by=by, reason=reason)

    def _set_aside(self, person: Person, ground: str, *, by: Person, reason: str = "") -> Recusal:
        recusal = Recusal.objects.create(hearing=self, person=person, ground=ground, reason=reason, by=by)
        record("member.recused", recusal, by=by, about=self.case.subject, member=person.pk, ground=ground)
        return recusal

    def _open_if_all_in(self, *, by: Person) -> Count | None:
        """Open the ballots of the round, together, once nobody who may answer is awaited any more."""
        self._recuse_by_rule(by=by)
        if self.awaited().exists() or self.members.sitting().count() < self.quorum:
            return None
        count = Count.objects.create(hearing=self, round=self.round or 0)
        record("ballots.opened", self, by=by, about=self.case.subject, round=count.round)
        return count

    def _check_quorum(self) -> None:
        left = self.members.sitting().count()
        if left < self.quorum:
            raise NoQuorum(quorum=self.quorum, left=left)

    def _check_competencies(self, keys: Mapping[str, str]) -> None:
        known = Competency.objects.filter(edition=self.case.to_level.edition_id, key__in=list(keys))
        if known.count() != len(keys):
            raise NotNow(_now("That competency belongs to another edition of the framework."))


class Count(models.Model):
    """The instant in which the ballots of one round were opened, together."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="counts")
    round = models.PositiveSmallIntegerField(_("round"))
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "round"], name="promotions_each_round_opens_once")
        ]


class Remark(models.Model):
    """A note of the discussion about a case."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="remarks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    text = models.TextField(_("note"), max_length=TEXT_LIMIT)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="promotions_remark_says_something")]


class Unmasking(models.Model):
    """The fact that a member asked who the candidate of a masked case is, and why."""

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="unmaskings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=TEXT_LIMIT)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "person"], name="promotions_unmasked_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="promotions_unmasking_says_why"),
        ]


def having_cast(round: int | Combinable) -> Exists:
    """Return the condition that a member has cast their ballot of `round`, a number or an expression."""
    ballots = Ballot.objects.cast().filter(hearing=OuterRef("hearing"), person=OuterRef("person"))
    return Exists(ballots.filter(round=round))


def counted() -> Q:
    """Return the `Q` of hearings of which any round is open."""
    return Q(Exists(Count.objects.filter(hearing=OuterRef("pk"))))


def all_counted() -> Q:
    """Return the `Q` of hearings whose last round is open: the second where one is due, else the first."""
    second = Count.objects.filter(hearing=OuterRef("pk"), round=2)
    return Q(Exists(second)) | (counted() & ~_second_due())


def _second_due() -> Q:
    votes = Ballot.objects.cast().filter(round=1)
    others = votes.filter(hearing=OuterRef("hearing")).exclude(vote=OuterRef("vote"))
    split = votes.filter(Exists(others), hearing=OuterRef("pk"))
    return Q(second_ballot="always") | (Q(second_ballot="if-split") & Q(Exists(split)))


def heard() -> Q:
    """Return the `Q` of cases that were brought before a committee."""
    return Q(Exists(Hearing.objects.filter(case=OuterRef("pk"))))


def open_to_appeal() -> Q:
    """Return the `Q` of cases whose first decision can be appealed against at this instant."""
    within = Release.objects.filter(
        decision__hearing__case=OuterRef("pk"),
        decision__hearing__stage=Hearing.Stage.FIRST,
        appeal_until__gte=now(),
    )
    return Q(Exists(within)) & Q(appeal=None, withdrawal=None)
