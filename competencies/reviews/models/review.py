"""Cycles of reviews: each person read by themselves and by their manager against one level.

Not started, draft, submitted, revealed, discussed, signed. Each step is a row that says who and
when; going back is a row with a reason. What was submitted is closed in the database.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import connections, models, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from competencies.core.addresses import address_of
from competencies.core.clock import now, today
from competencies.core.permissions import locked
from competencies.core.prepared import prepared
from competencies.core.querysets import Guarded
from competencies.core.refusals import Denied, Incomplete, NotNow, Refusal
from competencies.framework.models import Competency, Level, ScalePoint, Track
from competencies.people.models import Person, ReportingLine
from competencies.people.querysets import here
from competencies.trail.models import SALT_BYTES, canonical, record

from ..limits import COMMENT_LIMIT
from .cycle import Cycle, Tally
from .rating import Rating
from .reveal import Discussion, Signoff, reveal
from .submission import Reopening, Submission

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from competencies.evidence.models import Evidence
    from competencies.framework.models.competency import Competencies


class Unrated(Incomplete):
    """An assessment was handed in with competencies that nobody rated; `competencies` lists them."""

    code = "unrated"

    def __init__(self, competencies: Sequence[Competency]) -> None:
        self.competencies = competencies
        super().__init__(
            ngettext(
                "Not submitted yet: %(count)d competency is still unrated.",
                "Not submitted yet: %(count)d competencies are still unrated.",
                len(competencies),
            )
            % {"count": len(competencies)},
            missing=[competency.key for competency in competencies],
        )


class TooLong(Refusal):
    """A text is longer than the field keeps."""

    code = "too-long"


class Reviews(Guarded["Review"]):
    """Reviews with what tells their state."""

    def with_state(self) -> Self:
        """Annotate and join what `Review.state` reads, so that a list of reviews costs one query."""
        return self.select_related(
            "cycle__opening", "cycle__closing", "subject", "manager", "level", "track", "reveal", "discussion"
        ).annotate(
            self_in=handed_in("self"),
            manager_in=handed_in("manager"),
            signed_by_subject=Exists(Signoff.objects.filter(review=OuterRef("pk"), by=OuterRef("subject"))),
            signed_by_manager=Exists(
                Signoff.objects.filter(review=OuterRef("pk")).exclude(by=OuterRef("subject"))
            ),
        )

    def with_present_manager(self) -> Self:
        """Annotate `present_manager`, the id of whom the subject reports to today, or None."""
        lines = ReportingLine.objects.current().filter(person=OuterRef("subject"))
        return self.annotate(present_manager=Subquery(lines.values("manager")[:1]))

    def moved(self, since: date) -> Self:
        """Keep the reviews whose subject has another manager today than the one who holds them.

        Nobody's manager has changed but by a line that begins on `since`, the day of the opening, or
        later: these few are read first.
        """
        lines = ReportingLine.objects.current().filter(starts_on__gte=since).values("person")
        return self.with_present_manager().filter(
            ~Q(present_manager=F("manager")), present_manager__isnull=False, subject__in=lines
        )

    def unfinished(self) -> Self:
        """Keep the reviews of those who are here of which a side is not in. Needs `with_state()`."""
        return self.filter(here("subject__"), Q(self_in=False) | Q(manager_in=False))

    def late(self) -> Self:
        """Keep the reviews of which a side that is here should be in by now. Needs `with_state()`."""
        return self.filter(self.is_late())

    @staticmethod
    def is_late() -> Q:
        """Return the condition, on a review with its state, that a side that is here should be in by now."""
        at = now()
        late_manager = Q(manager_in=False, cycle__manager_due_at__lt=at) & here("manager__")
        return here("subject__") & (Q(self_in=False, cycle__self_due_at__lt=at) | late_manager)

    def without_reviewer(self) -> Self:
        """Keep those of people who are here whose manager left without handing in. Needs `with_state()`."""
        return self.filter(
            here("subject__"), manager_in=False, manager__in=Person.objects.left().values("pk")
        )

    def few_of(self, cycle: int) -> Self:
        """Keep those of a cycle, found by what else is asked: its own index holds all of them."""
        unindexed = ExpressionWrapper(F("cycle") + 0, output_field=models.BigIntegerField())
        return self.alias(of_cycle=unindexed).filter(of_cycle=cycle)

    def touched_by_leaving(self) -> Self:
        """Keep the reviews of which a side is not here any more: few, and read from those who left."""
        gone = Person.objects.left().values("pk")
        return self.filter(Q(subject__in=gone) | Q(manager__in=gone))

    def revealed(self) -> Self:
        return self.filter(reveal__isnull=False)

    def below(self, manager: Person | Combinable) -> Self:
        """Keep the reviews of everyone under `manager` today, read from their chains upward."""
        chain = {"manager": manager, "starts_on__lte": today(), "until__gt": today()}
        return self.filter(**{f"subject__chains__{field}": value for field, value in chain.items()})

    def lock(self) -> None:
        """Hold these reviews, always in the same order, until the transaction ends.

        SQLite has one writer, and holds everything from the beginning of a transaction.
        """
        if connections[self.db].features.has_select_for_update:
            list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def handed_in(kind: str) -> Exists:
    """Return the condition, on a review, that its assessment of `kind` is submitted and not reopened."""
    return Exists(Assessment.objects.submitted().filter(review=OuterRef("pk"), kind=kind))


class Review(models.Model):
    """One person in one cycle, read against one level of one edition, both pinned at opening."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reviews")
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews_held")
    track = models.ForeignKey(Track, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name=_("yardstick"))
    held_level = models.ForeignKey(
        Level, models.PROTECT, db_column="standing_id", related_name="+", verbose_name=_("level held")
    )
    aimed_at = models.DateTimeField(_("target level chosen"), null=True, blank=True, editable=False)
    self_in: bool  # these four of `with_state()`
    manager_in: bool
    signed_by_subject: bool
    signed_by_manager: bool
    may_discuss: bool  # these two of `marking()`, as pages ask it
    may_sign: bool

    objects = Reviews.as_manager()

    class Meta:
        ordering = ["-cycle__created_at", "subject__name"]
        verbose_name = _("review")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "subject"], name="reviews_one_review_per_cycle"),
            models.CheckConstraint(condition=~Q(subject=F("manager")), name="reviews_nobody_reviews_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.cycle}"

    def get_absolute_url(self) -> str:
        return address_of("review", self.pk)

    @property
    def state(self) -> str:
        """`waiting`, `half` (one side in), `revealed`, `discussed` or `signed`. Needs `with_state()`."""
        if self.signed_by_subject and self.signed_by_manager:
            return "signed"
        if getattr(self, "discussion", None):
            return "discussed"
        if getattr(self, "reveal", None):
            return "revealed"
        return "half" if self.self_in or self.manager_in else "waiting"

    def get_state_display(self, reader: Person | None = None) -> str:
        """Return the state in words, with who is next: "you" where that is `reader`. Needs `with_state()`."""
        if self.state == "signed":
            return _now("Complete")
        if self.state == "discussed":
            return _now("Awaiting sign-off")
        missing = self._not_in()
        if not missing:
            return _now("Ready to discuss")
        if self.cycle.state == "closed":
            return _now("Closed incomplete")
        if not all(person.is_active for person in missing):
            return _now("Waiting for HR")
        if reader in missing:
            return _now("Waiting for you")
        if self.state == "waiting":
            return _now("Not started")
        return _now("Waiting for %(person)s") % {"person": missing[0]}

    def _not_in(self) -> list[Person]:
        """Return who has not submitted, the person before the manager. Needs `with_state()`."""
        sides = ((self.subject, self.self_in), (self.manager, self.manager_in))
        return [person for person, is_in in sides if not is_in]

    @property
    def is_revealed(self) -> bool:
        return getattr(self, "reveal", None) is not None

    @transaction.atomic
    def aim(self, level: Level, *, by: Person) -> Review:
        """Assess this person at another level, such as the next one, and note when that was chosen.

        Answers that the person has begun stay, and their page says that the level changed. Refuses once
        the manager has begun or a side is submitted, and a level of another edition.
        """
        review = locked(by, "reviews.aim_review", self)
        if level.edition_id != review.level.edition_id:
            raise NotNow(_now("That level belongs to another edition."))

        review.level, review.aimed_at = level, now()
        review.save(update_fields=["level", "aimed_at"])
        record("review.aimed", review, by=by, about=review.subject, level=level.key)
        return review

    @transaction.atomic
    def hand_over(self, manager: Person | None, *, by: Person) -> Review:
        """Give this review to the person's present manager after a change of manager.

        The former manager's assessment stays as it was left; the new manager starts their own.
        Refuses anyone who is not the manager today or has left, the manager who holds it already,
        and a manager assessment that is already in.
        """
        review = locked(by, "reviews.hand_over_review", self)
        if manager is None or not manager.is_active or review.subject.manager_on() != manager:
            raise NotNow(_now("%(person)s is not the manager today.") % {"person": manager})
        if review.manager == manager:
            raise NotNow(_now("%(person)s already has this review.") % {"person": manager})
        if review.assessments.filter(kind=Assessment.Kind.MANAGER).submitted().exists():
            raise NotNow(_now("The manager assessment has already been submitted."))

        review.assessments.filter(kind=Assessment.Kind.MANAGER).update(kind=Assessment.Kind.FORMER)
        Assessment.objects.create(review=review, kind=Assessment.Kind.MANAGER, author=manager)
        review.manager = manager
        review.save(update_fields=["manager"])
        record("review.handed_over", review, by=by, about=review.subject, manager=manager.pk)
        return review

    @transaction.atomic
    def discuss(self, *, by: Person) -> Discussion:
        """Note that the two have talked about it. Refuses before the reveal and a second time."""
        review = locked(by, "reviews.discuss_review", self)
        discussion = Discussion.objects.create(review=review, by=by)
        Tally.step(review.cycle_id, discussed=1)
        record("review.discussed", review, by=by, about=review.subject)
        return discussion

    @transaction.atomic
    def sign(self, *, by: Person) -> Signoff:
        """Note that one has read the result and that it was talked about. Once for each side."""
        review = locked(by, "reviews.sign_review", self)
        signoff = Signoff.objects.create(review=review, by=by)
        Tally.step(review.cycle_id, signed=int(review._completed_by(signoff)))
        record("review.signed", review, by=by, about=review.subject)
        return signoff

    def _completed_by(self, signoff: Signoff) -> bool:
        """Return True if it took this sign-off for both sides to have signed."""
        before = set(self.signoffs.exclude(pk=signoff.pk).values_list("by", flat=True))
        of_subject, of_others = self.subject_id in before, bool(before - {self.subject_id})
        return (
            of_others and not of_subject if signoff.by_id == self.subject_id else of_subject and not of_others
        )


class Assessments(Guarded["Assessment"]):
    """Assessments by whether they are handed in."""

    def submitted(self) -> Self:
        return self.filter(self.is_submitted())

    def unsubmitted(self) -> Self:
        return self.filter(~self.is_submitted())

    @staticmethod
    def is_submitted() -> Q:
        """Return the condition, on an assessment, that its present round is handed in."""
        return Q(Exists(Submission.objects.filter(assessment=OuterRef("pk"), round=OuterRef("round"))))


class Assessment(models.Model):
    """One person's reading of another, or of themselves, against the expectations of one level."""

    class Kind(models.TextChoices):
        SELF = "self", _("Self-assessment")
        MANAGER = "manager", _("Manager assessment")
        FORMER = "former", _("Former manager's assessment")

    review = models.ForeignKey(Review, models.PROTECT, related_name="assessments")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessments")
    round = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(null=True, blank=True)
    may_read: bool  # of `marking()`, as pages ask it
    may_write: bool

    objects = Assessments.as_manager()

    class Meta:
        ordering = ["review", "-kind"]
        verbose_name = _("assessment")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "kind"], condition=~Q(kind="former"), name="reviews_one_assessment_per_side"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.review}"

    def get_absolute_url(self) -> str:
        return address_of("assessment", self.pk)

    @property
    def due_at(self) -> datetime:
        cycle = self.review.cycle
        return cycle.self_due_at if self.kind == self.Kind.SELF else cycle.manager_due_at

    @cached_property
    def submission(self) -> Submission | None:
        """Return the submission of the present round, or None while it is a draft."""
        return next((row for row in self.submissions.all() if row.round == self.round), None)

    def competencies(self) -> Competencies:
        """Return the competencies of the pinned edition, in the order of the ladder."""
        return Competency.objects.filter(edition=self.review.level.edition_id)

    def rated(self) -> set[int]:
        """Return the ids of the competencies that have an answer. One query."""
        rated = self.ratings.order_by().filter(point__isnull=False)
        return set(rated.values_list("competency", flat=True))

    def unrated(self) -> Competencies:
        """Return the competencies that have no answer yet."""
        rated = self.ratings.filter(point__isnull=False)
        return self.competencies().exclude(pk__in=rated.values("competency"))

    @transaction.atomic
    def rate(
        self,
        competency: Competency,
        *,
        by: Person,
        version: int,
        point: ScalePoint | None = None,
        comment: str = "",
        evidence: Sequence[Evidence] | None = None,
    ) -> Rating:
        """Keep the answer for one competency, and return the `Rating`.

        `version` is the one the writer last saw, 0 before the first answer. `point` is a
        `ScalePoint` or None for undecided, `comment` Markdown of at most 20,000 characters, and
        `evidence` the pieces it rests on (None leaves them as they are). An answer that is already
        kept changes nothing, whatever its version: a save that is sent twice is one save. Refuses
        with `Stale` when another tab was first, and with `NotNow` for anything of another edition
        or person.
        """
        assessment = self._locked(by, "reviews.write_assessment")
        assessment._check_answer(competency, point, comment, evidence)
        rating = assessment.ratings.filter(competency=competency).first()
        if rating is None:  # the lock lets nobody else make it
            rating = Rating(assessment=assessment, competency=competency)
        rests = rating.resting() if evidence is not None else set()
        if rating.version and rating.says(point, comment, evidence, rests):
            return rating
        offered = {"point": point, "comment": comment}
        rating.expect(version, offered=offered)
        rating.advance(**offered)
        if evidence is not None:
            rating.rest_on(evidence, instead_of=rests)
        if assessment.started_at is None:
            assessment.started_at = now()
            assessment.save(update_fields=["started_at"])
        record("rating.saved", rating, by=by, about=assessment.review.subject)
        return rating

    @transaction.atomic
    def support(self, competency: Competency, piece: Evidence, *, by: Person) -> Rating:
        """Let the answer for one competency rest on one more piece of evidence; return the `Rating`."""
        self._locked(by, "reviews.write_assessment")
        rating = self.ratings.filter(competency=competency).first()
        if rating is None:
            return self.rate(competency, by=by, version=0, evidence=[piece])
        evidence = [*rating.evidence.all(), piece]
        return self.rate(
            competency,
            by=by,
            version=rating.version,
            point=rating.point,
            comment=rating.comment,
            evidence=evidence,
        )

    @transaction.atomic
    def submit(self, *, by: Person) -> Submission:
        """Hand the assessment in, freeze what it says, and reveal the review when both sides are in.

        Refuses with `Unrated` while a competency has no answer. A second submit is `Denied`.
        """
        assessment = self._locked(by, "reviews.submit_assessment")
        if unrated := list(assessment.unrated()):
            raise Unrated(unrated)

        text = canonical(assessment.snapshot() | {"salt": secrets.token_hex(SALT_BYTES)})
        submission = Submission.objects.create(
            assessment=assessment,
            round=assessment.round,
            by=by,
            snapshot=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
        review, both = assessment.review, both_are_in(assessment.review)
        revealed = reveal(review) if both else None
        Tally.step(
            review.cycle_id, both=int(both), revealed=int(revealed is not None), **{assessment._counted: 1}
        )
        details = {"round": submission.round, "digest": submission.digest}
        record("assessment.submitted", assessment, by=by, about=review.subject, **details)
        if revealed:
            record("review.revealed", review, by=by, about=review.subject)
        return submission

    @transaction.atomic
    def reopen(self, *, by: Person, reason: str) -> Reopening:
        """Let the author change what was handed in. The former text stays in its submission.

        Refuses without a reason, once anybody has signed, and once the cycle is closed.
        """
        assessment = self._locked(by, "reviews.reopen_assessment")
        if not reason.strip():
            raise Incomplete(
                _now("Give a reason for reopening it. The author will read it."), missing=["reason"]
            )

        submission = assessment.submissions.get(round=assessment.round)
        reopening = Reopening.objects.create(submission=submission, by=by, reason=reason)
        both = both_are_in(assessment.review)
        discussions, _rows = Discussion.objects.filter(review=assessment.review_id).delete()
        assessment.round += 1
        assessment.save(update_fields=["round"])
        steps = {assessment._counted: -1, "both": -int(both), "discussed": -discussions}
        Tally.step(assessment.review.cycle_id, **steps)
        record("assessment.reopened", assessment, by=by, about=assessment.review.subject)
        return reopening

    @property
    def _counted(self) -> str:
        """Return the field of the tally in which this side is counted."""
        return "selves" if self.kind == self.Kind.SELF else "managers"

    def snapshot(self) -> dict[str, Any]:
        """Return what the assessment says, as plain JSON values with ids in place of names."""
        ratings = (
            self.ratings.select_related("competency", "point")
            .prefetch_related("evidence")
            .order_by("competency__position")
        )
        return {
            "format": 1,
            "kind": self.kind,
            "author": self.author_id,
            "subject": self.review.subject_id,
            "edition": self.review.level.edition.digest,
            "yardstick": self.review.level.key,
            "ratings": [rating.frozen() for rating in ratings],
        }

    def _locked(self, by: Person, action: str) -> Assessment:
        """Return the assessment as it stands, once `by` may take `action` on it under its review's lock.

        Every step of a review queues at the review, so that both sides and the cycle meet in one order.
        """
        Review.objects.filter(pk=self.review_id).lock()
        found = ALLOWED[action](by, self.pk)
        if not found:
            raise Denied(action)
        return found[0]

    def _check_answer(
        self,
        competency: Competency,
        point: ScalePoint | None,
        comment: str,
        evidence: Sequence[Evidence] | None,
    ) -> None:
        edition = self.review.level.edition_id
        if competency.edition_id != edition or (point and point.edition_id != edition):
            raise NotNow(_now("That belongs to another edition of the framework."))
        if len(comment) > COMMENT_LIMIT:
            raise TooLong(
                _now("A comment can have at most %(limit)d characters. This one has %(length)d.")
                % {"limit": COMMENT_LIMIT, "length": len(comment)},
                limit=COMMENT_LIMIT,
            )
        if any(piece.person_id != self.review.subject_id for piece in evidence or ()):
            raise NotNow(_now("That evidence is of someone else’s work."))


def _assessment_allowing(action: str) -> Callable[[Person, int], list[Assessment]]:
    """Return what reads an assessment by its key, if somebody may take `action` on it."""

    @prepared
    def found(person: Person, key: int) -> QuerySet[Assessment]:
        rows = Assessment.objects.select_related("review__level__edition", "review__subject")
        return rows.allowing(person, action).filter(pk=key)

    return found


ALLOWED = {
    action: _assessment_allowing(action)
    for action in (
        "reviews.write_assessment",
        "reviews.submit_assessment",
        "reviews.reopen_assessment",
    )
}
SIDES = {Assessment.Kind.SELF, Assessment.Kind.MANAGER}


def both_are_in(review: Review) -> bool:
    """Return True if both assessments of `review` are submitted and not given back."""
    return set(review.assessments.submitted().values_list("kind", flat=True)) >= SIDES
