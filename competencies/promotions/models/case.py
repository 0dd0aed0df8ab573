"""Promotion cases: what is claimed for somebody at the next level, on what evidence, and the answer.

Draft, proposed, decided. The text of a case is its sponsor's, and the candidate's whom they let write along,
until it is proposed, and closed from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Max, Prefetch, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import Incomplete, NotNow, Refusal, refuse
from competencies.framework.models import Competency, Level, Track
from competencies.reviews.models import Cycle
from competencies.trail.models import record

from ..checklist import blocking
from ..limits import MOST_CLAIMS
from .case_text import Claim, Exhibit, Statement, Story
from .decision import released
from .decision_draft import DecisionDraft
from .hearing import Hearing, heard, open_to_appeal
from .policy import Policy

if TYPE_CHECKING:
    from competencies.evidence.models import Evidence
    from competencies.people.models import Person

    from .decision import Decision


class Cases(Guarded["PromotionCase"]):
    """Cases by where they stand."""

    def with_state(self) -> Self:
        """Read with each case what its state is made of. Two queries."""
        return self.joined().prefetch_related(hearings())

    def joined(self) -> Self:
        """Read with each case what its state is made of, but for the hearings: see `read_hearings`."""
        return self.select_related(
            "subject",
            "sponsor",
            "track",
            "from_level",
            "to_level__edition__framework",
            "presenter",
            "cycle",
            "sharing__by",
            "proposal",
            "withdrawal",
            "appeal",
        )

    def open(self) -> Self:
        """Keep those to which no final answer is out: an appeal opens a case again."""
        appealed = Q(appeal__isnull=False) & ~released(Hearing.Stage.APPEAL)
        return self.filter(~released() | appealed, withdrawal=None)

    def drafts(self) -> Self:
        return self.filter(withdrawal=None, proposal=None)

    def proposed(self) -> Self:
        return self.filter(~heard(), withdrawal=None, proposal__isnull=False)

    def in_review(self) -> Self:
        """Keep those before a committee: the first time, or by an appeal."""
        return self.filter(heard() | Q(appeal__isnull=False)).open()

    def decided(self) -> Self:
        """Keep those with a decision that is out and that no appeal questions."""
        return self.filter(released(), withdrawal=None).exclude(pk__in=self.model.objects.open().values("pk"))

    def withdrawn(self) -> Self:
        return self.filter(withdrawal__isnull=False)

    def appealable(self) -> Self:
        """Keep those whose decision can be appealed against now."""
        return self.filter(open_to_appeal())

    def barring(self, subjects: Iterable[Person], sponsor: Person) -> Self:
        """Keep the open cases that stand in the way of a new one for any of `subjects` by `sponsor`.

        The draft of a former manager is nobody's any more: it bars nothing and is told to no one.
        """
        return self.open().filter(Q(sponsor=sponsor) | Q(proposal__isnull=False), subject__in=subjects)


def read_hearings(cases: Sequence[PromotionCase]) -> None:
    """Read the hearings of cases that are read already, as `with_state` does. One query."""
    models.prefetch_related_objects(cases, hearings())


def hearings() -> Prefetch[Any]:
    return Prefetch("hearings", queryset=Hearing.objects.select_related("decision__release", "decision__by"))


class PromotionCase(models.Model):
    """The claim that somebody already works at a next level.

    `presenter` speaks for it before a committee, the sponsor where that is nobody; `cycle` is the round in
    which it is to be answered.
    """

    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases")
    sponsor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases_sponsored")
    track = models.ForeignKey(Track, models.PROTECT, related_name="+")
    from_level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    to_level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    wanted_from = models.DateField(_("wanted from"), null=True, blank=True)
    presenter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("presenter"),
    )
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("target cycle")
    )
    opened_at = models.DateTimeField(default=now, editable=False)

    may_freeze: bool  # of `marking()`, as a preview asks it
    may_write: bool

    objects = Cases.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("promotion case")
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject=F("sponsor")), name="promotions_nobody_sponsors_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(from_level=F("to_level")), name="promotions_to_another_level"
            ),
            models.CheckConstraint(
                condition=~Q(subject=F("presenter")) | Q(presenter=None),
                name="promotions_nobody_presents_oneself",
            ),
        ]

    def __str__(self) -> str:
        return _now("%(person)s to %(level)s") % {"person": self.subject, "level": self.to_level}

    def get_absolute_url(self) -> str:
        return address_of("case", self.pk)

    @property
    def state(self) -> str:
        """`draft`, `proposed`, `in-review`, `decided`, `appealed`, `closed` or `withdrawn`.

        A decision counts once it is released: before, the case is in review for whoever asks.
        """
        if getattr(self, "withdrawal", None):
            return "withdrawn"
        hearings = {hearing.stage: hearing for hearing in self.hearings.all()}
        if self.decision is None:
            return "in-review" if hearings else "proposed" if getattr(self, "proposal", None) else "draft"
        if getattr(self, "appeal", None):
            return "closed" if self.decision.hearing.stage == Hearing.Stage.APPEAL else "appealed"
        until = self.decision.release.appeal_until
        return "decided" if until and now() <= until else "closed"

    @property
    def decision(self) -> Decision | None:
        """The last decision that is released, or None. Uses what was prefetched."""
        decisions = (getattr(hearing, "decision", None) for hearing in self.hearings.all())
        out = [decision for decision in decisions if decision and decision.is_released]
        return max(out, key=lambda decision: decision.release.at, default=None)

    @property
    def speaker(self) -> Person:
        """Who speaks for the case."""
        return self.presenter or self.sponsor

    @property
    def is_shared(self) -> bool:
        """Whether the candidate writes along."""
        return getattr(self, "sharing", None) is not None

    @classmethod
    @transaction.atomic
    def nominate(
        cls,
        subject: Person,
        to_level: Level,
        *,
        by: Person,
        wanted_from: date | None = None,
        presenter: Person | None = None,
        cycle: Cycle | None = None,
    ) -> PromotionCase:
        """Open a case for one of one's reports towards a next step from the level they hold.

        Refuses a person without a level, a level that is no next step, a second open case, and what
        `describe` refuses.
        """
        subject = locked(by, "promotions.nominate_person", subject)
        placement = subject.placement_on()
        if placement is None:
            raise NotNow(_now("%(person)s has no level yet. Ask HR to assign one.") % {"person": subject})
        if to_level.edition.framework_id != placement.level.edition.framework_id:
            raise NotNow(
                _now("%(person)s has a level in %(own)s, but %(to)s is a level in %(other)s.")
                % {
                    "person": subject,
                    "own": placement.level.edition.framework,
                    "to": to_level,
                    "other": to_level.edition.framework,
                }
            )
        from_level = Level.objects.filter(edition=to_level.edition_id, key=placement.level.key).first()
        track = Track.objects.filter(edition=to_level.edition_id, key=placement.track.key).first()
        if not from_level or not track or not from_level.next_steps().filter(pk=to_level.pk).exists():
            raise NotNow(
                _now("%(to)s is not a next level after %(from)s.") % {"to": to_level, "from": placement.level}
            )
        if cls.objects.barring([subject], by).exists():
            raise NotNow(_now("%(person)s already has an open case.") % {"person": subject})
        cls._check_framing(subject, by, presenter, cycle)

        case = cls.objects.create(
            subject=subject,
            sponsor=by,
            track=track,
            from_level=from_level,
            to_level=to_level,
            wanted_from=wanted_from,
            presenter=presenter,
            cycle=cycle,
        )
        Statement.objects.bulk_create(Statement(case=case, kind=kind) for kind in Statement.Kind.values)
        record("case.opened", case, by=by, about=subject, level=to_level.key)
        return case

    def statement(self, kind: str) -> Statement:
        """Return the text of one kind. Uses what was prefetched."""
        return next(row for row in self.statements.all() if row.kind == kind)

    def missing(self) -> list[str]:
        """Return what has to be there before it is proposed and is not: a list of sentences."""
        return [gap.words for gap in blocking(self)]

    @transaction.atomic
    def describe(
        self, *, by: Person, wanted_from: date | None, presenter: Person | None, cycle: Cycle | None
    ) -> PromotionCase:
        """Change from when the level is wanted, who speaks for the case, and for which cycle it is meant.

        Refuses as presenter the candidate and whoever does not stand around the sponsor, and a closed cycle.
        """
        case = locked(by, "promotions.describe_case", self)
        case._check_framing(case.subject, by, presenter, cycle)
        case.wanted_from, case.presenter, case.cycle = wanted_from, presenter, cycle
        case.save(update_fields=["wanted_from", "presenter", "cycle"])
        record("case.described", case, by=by, about=case.subject)
        return case

    @staticmethod
    def _check_framing(subject: Person, by: Person, presenter: Person | None, cycle: Cycle | None) -> None:
        found: list[Refusal] = []
        if presenter and presenter.pk == subject.pk:
            found.append(NotNow(_now("The candidate can’t present their own case."), field="presenter"))
        elif presenter and not by.has_perm("promotions.choose_presenter", presenter):
            words = _now("Choose a manager above you, a peer or one of your direct reports as presenter.")
            found.append(NotNow(words, field="presenter"))
        if cycle and not by.has_perm("promotions.choose_cycle", cycle):
            words = _now("That cycle is over or does not exist. Choose another one.")
            found.append(NotNow(words, field="cycle"))
        refuse(found)

    @transaction.atomic
    def share(self, *, by: Person) -> Sharing:
        """Open the draft to the candidate, who writes along from then on. Returns the `Sharing`.

        Refuses where the policy leaves the writing to the sponsor.
        """
        case = locked(by, "promotions.share_case", self)
        if not Policy.here().together:
            raise NotNow(_now("The promotion policy has the sponsor write the case alone. HR can change it."))
        sharing = Sharing.objects.create(case=case, by=by)
        record("case.shared", case, by=by, about=case.subject)
        return sharing

    @transaction.atomic
    def unshare(self, *, by: Person) -> None:
        """Close the draft to the candidate again. What they wrote stays in it."""
        case = locked(by, "promotions.unshare_case", self)
        case.sharing.delete()
        record("case.unshared", case, by=by, about=case.subject)

    @transaction.atomic
    def propose(self, *, by: Person) -> Proposal:
        """Hand the case in: its text is closed and the candidate, HR and those above can read it.

        Refuses with `Incomplete` while something a committee needs is missing.
        """
        case = locked(by, "promotions.propose_case", self)
        if missing := case.missing():
            raise Incomplete(_now("You can’t propose the case yet: something is missing."), missing=missing)

        proposal = Proposal.objects.create(case=case, by=by)
        record("case.proposed", case, by=by, about=case.subject)
        return proposal

    @transaction.atomic
    def withdraw(self, *, by: Person, reason: str = "") -> Withdrawal:
        """Take the case back at any time before a decision is released.

        Refuses with `Incomplete` to do so without a reason once somebody else could read it.
        """
        case = locked(by, "promotions.withdraw_case", self)
        proposed = Proposal.objects.filter(case=case).exists()
        if not reason.strip() and (proposed or case.is_shared):
            raise Incomplete(
                _now("Other people can read this case. Say why you are withdrawing it."), missing=["reason"]
            )
        withdrawal = Withdrawal.objects.create(case=case, by=by, reason=reason)
        DecisionDraft.objects.filter(hearing__case=case).delete()
        record("case.withdrawn" if proposed else "case.dropped", case, by=by, about=case.subject)
        return withdrawal

    @transaction.atomic
    def claim(self, competency: Competency, *, by: Person, text: str, result: str) -> Claim:
        """Add one of at most three claims to the summary: a competency and the result that shows it.

        Refuses a fourth, and a competency of another edition.
        """
        case = self._to_write(by)
        if case.claims.count() >= MOST_CLAIMS:
            raise NotNow(_now("A summary can have three claims at most. Choose the strongest."))
        case._check_edition([competency])
        claim = Claim(case=case, competency=competency, text=text, result=result)
        claim.write_as(by)
        claim.save()
        record("claim.added", claim, by=by, about=case.subject)
        return claim

    @transaction.atomic
    def tell(
        self,
        *,
        by: Person,
        title: str,
        competencies: Iterable[Competency] = (),
        evidence: Iterable[Evidence] = (),
        **texts: str,
    ) -> Story:
        """Add an impact story and return it. `texts` are the fields of `Story.TEXTS`."""
        case = self._to_write(by)
        last = case.stories.aggregate(last=Max("position"))["last"] or 0
        story = Story(case=case, title=title, position=last + 1, **texts)
        story.write_as(by)
        story.save()
        story.show(competencies, evidence)
        record("story.added", story, by=by, about=case.subject)
        return story

    @transaction.atomic
    def choose(self, evidence: Sequence[Evidence], *, by: Person) -> None:
        """Make `evidence` the pieces that the case shows. Refuses evidence of somebody else's work."""
        case = self._to_write(by)
        if any(piece.person_id != case.subject_id for piece in evidence):
            raise NotNow(_now("That evidence is about someone else’s work."))
        keep = {piece.pk for piece in evidence}
        case.exhibits.exclude(evidence__in=keep).delete()
        have = set(case.exhibits.values_list("evidence", flat=True))
        Exhibit.objects.bulk_create(Exhibit(case=case, evidence_id=pk) for pk in sorted(keep - have))
        record("case.evidence_chosen", case, by=by, about=case.subject, pieces=len(keep))

    @transaction.atomic
    def arrange(self, stories: Sequence[Story], *, by: Person) -> None:
        """Put the stories into the given order. Refuses unless each story of the case is there once."""
        case = self._to_write(by)
        if sorted(story.pk for story in stories) != sorted(case.stories.values_list("pk", flat=True)):
            raise NotNow(_now("The stories in this case have changed. Reload the page and try again."))
        for position, story in enumerate(stories, start=1):
            Story.objects.filter(pk=story.pk).update(position=position)
        record("case.stories_arranged", case, by=by, about=case.subject)

    def _to_write(self, by: Person) -> PromotionCase:
        """Return the case, locked, once `by` may write it."""
        return locked(by, "promotions.write_case", self)

    def _check_edition(self, competencies: Iterable[Competency]) -> None:
        if any(competency.edition_id != self.to_level.edition_id for competency in competencies):
            raise NotNow(_now("That competency belongs to another edition of the framework."))


class Sharing(models.Model):
    """The fact that the sponsor opened the draft to the candidate. Undoing it removes the row."""

    case = models.OneToOneField(PromotionCase, models.PROTECT, related_name="sharing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Proposal(models.Model):
    """The fact that a case was handed in. Its text is closed from then on."""

    case = models.OneToOneField(PromotionCase, models.PROTECT, related_name="proposal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Withdrawal(models.Model):
    """The fact that a case was taken back."""

    case = models.OneToOneField(PromotionCase, models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    reason = models.TextField(_("reason"), blank=True)
