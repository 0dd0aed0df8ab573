"""Cycles of reviews: each person read by themselves and by their manager against one level.

Not started, draft, submitted, revealed, discussed, signed. Each step is a row that says who and
when; going back is a row with a reason. What was submitted is closed in the database.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.permissions import demand, locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import Denied, Incomplete, NotNow, Refusal
from competencies.core.versions import Versioned
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency, Edition, Framework, Level, ScalePoint, Track
from competencies.people.models import Organisation
from competencies.trail.models import SALT_BYTES, canonical, record

from .querysets import Assessments, Cycles, Reviews

COMMENT_LIMIT = 20_000
FARTHEST = timedelta(days=5 * 366)  # a due date beyond it is a slip of the keyboard


class Unrated(Incomplete):
    """An assessment was handed in with competencies that nobody rated; `competencies` lists them."""

    code = "unrated"

    def __init__(self, competencies):
        self.competencies = competencies
        super().__init__(
            _now("Not handed in yet: %(count)d of the competencies are still unrated.")
            % {"count": len(competencies)},
            missing=[competency.key for competency in competencies],
        )


class TooLong(Refusal):
    """A text is longer than the field keeps."""

    code = "too-long"


class Cycle(Versioned):
    """One round of reviews, with the instants at which each side is due.

    It holds one edition of each framework it spans; everybody is read on that of their own framework.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    editions = models.ManyToManyField(
        Edition, through="Spanning", related_name="cycles", verbose_name=_("editions")
    )
    self_due_at = models.DateTimeField(_("self-assessments due"))
    manager_due_at = models.DateTimeField(_("manager assessments due"))
    blind = models.BooleanField(_("double blind"), default=True)
    everyone = models.BooleanField(_("everyone"), default=True)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("people")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)

    objects = Cycles.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("cycle")
        constraints = [
            models.CheckConstraint(
                condition=Q(manager_due_at__gte=F("self_due_at")), name="reviews_manager_due_not_before_self"
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cycle", args=[self.pk])

    @property
    def state(self):
        """`preparing`, `open` or `closed`."""
        if getattr(self, "closing", None):
            return "closed"
        return "open" if getattr(self, "opening", None) else "preparing"

    @classmethod
    @transaction.atomic
    def prepare(cls, *, by, editions, people=(), **fields):
        """Set up a cycle that is not open yet. `people` is who takes part unless `everyone`.

        `editions` holds one of each framework that it spans. Refuses none, two of one framework and one that
        is not published, a name that is taken, managers who are due before the people they review, due
        dates in another age, and a cycle for chosen people that names none.
        """
        demand(by, "people.run_cycles", Organisation.here())
        Organisation.hold()  # of two cycles of one name, the second is refused in words
        cls._check(cls.objects.all(), people, editions, **fields)
        cycle = cls.objects.create(created_by=by, **fields)
        cycle._span(editions)
        cycle.people.set([] if cycle.everyone else people)
        record("cycle.prepared", cycle, by=by)
        return cycle

    @transaction.atomic
    def change(self, *, by, version, editions, people=(), **fields):
        """Change a cycle that is not open yet; what is stored already changes nothing.

        Refuses with `Stale` when it changed since `version`.
        """
        cycle = locked(by, "reviews.open_cycle", self)
        if cycle._says(people, editions, **fields):
            return cycle
        cycle.expect(version, offered={})
        self._check(Cycle.objects.exclude(pk=cycle.pk), people, editions, **fields)
        cycle.advance(**fields)
        cycle._span(editions)
        cycle.people.set([] if cycle.everyone else people)
        record("cycle.changed", cycle, by=by)
        return cycle

    def _says(self, people, editions, **fields):
        if any(getattr(self, name) != value for name, value in fields.items()):
            return False
        if set(self.spannings.values_list("edition", flat=True)) != {edition.pk for edition in editions}:
            return False
        return self.everyone or set(self.people.all()) == set(people)

    @transaction.atomic
    def close(self, *, by):
        """End the cycle. Drafts that were not handed in stay their authors' own; nothing moves after."""
        cycle = locked(by, "reviews.close_cycle", self)
        cycle.reviews.lock()  # whoever is saving ends first, and whoever comes next finds the cycle closed
        closing = Closing.objects.create(cycle=cycle, by=by)
        record("cycle.closed", cycle, by=by)
        return closing

    def _span(self, editions):
        """Let the cycle be of exactly these editions."""
        self.spannings.exclude(edition__in=editions).delete()
        held = set(self.spannings.values_list("edition", flat=True))
        Spanning.objects.bulk_create(
            Spanning(cycle=self, edition=edition, framework_id=edition.framework_id)
            for edition in editions
            if edition.pk not in held
        )

    @staticmethod
    def _check(others, people, editions, *, name, self_due_at, manager_due_at, everyone=True, **_rest):
        if not editions:
            raise Incomplete(_now("Choose a framework that the cycle is of."), missing=["editions"])
        if any(edition.state != "published" for edition in editions):
            raise NotNow(_now("Reviews can only be held on a published edition."))
        if len({edition.framework_id for edition in editions}) < len(editions):
            raise NotNow(_now("A cycle is of one edition of each framework."))
        if others.filter(name=name).exists():
            raise NotNow(_now("There is a cycle called %(name)s already.") % {"name": name})
        if manager_due_at < self_due_at:
            raise NotNow(_now("Managers cannot be due before the people they review."))
        if not all(now() - FARTHEST < due < now() + FARTHEST for due in (self_due_at, manager_due_at)):
            raise NotNow(_now("That is more than five years from now: check the year of the due dates."))
        if not everyone and not people:
            raise Incomplete(_now("Choose who takes part, or everyone."), missing=["people"])


class Spanning(models.Model):
    """The fact that a cycle reviews the people of a framework, on one edition of it."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="spannings")
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="spannings")

    class Meta:
        ordering = ["framework__title", "framework"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "framework"], name="reviews_one_edition_per_framework_of_a_cycle"
            )
        ]


class Opening(models.Model):
    """The fact that a cycle was opened. Its reviews were made then."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="opening")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Tally(models.Model):
    """How far the reviews of an opened cycle have come, counted as they move.

    Counting a hundred thousand reviews takes longer than everything else on a page. Each transition
    counts its step in its own transaction and before it writes to the trail, so that all who wait,
    wait in one order.
    """

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="tally")
    reviews = models.PositiveIntegerField(_("reviews"), default=0)
    selves = models.PositiveIntegerField(_("self-assessments in"), default=0)
    managers = models.PositiveIntegerField(_("manager assessments in"), default=0)
    both = models.PositiveIntegerField(_("both sides in"), default=0)
    revealed = models.PositiveIntegerField(_("revealed"), default=0)
    discussed = models.PositiveIntegerField(_("discussed"), default=0)
    signed = models.PositiveIntegerField(_("signed by both"), default=0)

    @property
    def unfinished(self):
        """The number of reviews of which a side is not in, less those of people who left. One query."""
        return (
            self.reviews - self.both - self._of_leavers(Q(self_in=False) | Q(manager_in=False), "unfinished")
        )

    @property
    def late(self):
        """The number of reviews of which a side that is here should have been in by now. One query."""
        at = now()
        if self.cycle.manager_due_at < at:
            due = Q(self_in=False) | Q(manager_in=False)
            return self.reviews - self.both - self._of_leavers(due, "late")
        if self.cycle.self_due_at < at:
            return self.reviews - self.selves - self._of_leavers(Q(self_in=False), "late")
        return 0

    def _of_leavers(self, condition, kept):
        """Count the reviews that meet `condition`, and that `kept` leaves out because somebody is gone."""
        rows = self.cycle.reviews.with_state().touched_by_leaving().filter(condition)
        return rows.exclude(pk__in=getattr(rows, kept)().values("pk")).count()

    @classmethod
    def step(cls, cycle, **steps):
        """Count `steps` (a number for each field) in the cycle with this id."""
        cls.objects.filter(cycle=cycle).update(**{field: F(field) + by for field, by in steps.items()})


class Closing(models.Model):
    """The fact that a cycle is over."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="closing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Review(models.Model):
    """One person in one cycle, read against one level of one edition, both pinned at opening."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reviews")
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews_held")
    track = models.ForeignKey(Track, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name=_("yardstick"))
    standing = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name=_("level held"))

    objects = Reviews.as_manager()

    class Meta:
        ordering = ["-cycle__created_at", "subject__name"]
        verbose_name = _("review")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "subject"], name="reviews_one_review_per_cycle"),
            models.CheckConstraint(condition=~Q(subject=F("manager")), name="reviews_nobody_reviews_oneself"),
        ]

    def __str__(self):
        return f"{self.subject} · {self.cycle}"

    def get_absolute_url(self):
        return reverse("review", args=[self.pk])

    @property
    def state(self):
        """`waiting`, `half` (one side in), `revealed`, `discussed` or `signed`. Needs `with_state()`."""
        if self.signed_by_subject and self.signed_by_manager:
            return "signed"
        if getattr(self, "discussion", None):
            return "discussed"
        if getattr(self, "reveal", None):
            return "revealed"
        return "half" if self.self_in or self.manager_in else "waiting"

    def get_state_display(self):
        """Return the state in words. Needs `with_state()`."""
        return {
            "waiting": _now("Not handed in"),
            "half": _now("One side handed in"),
            "revealed": _now("Revealed"),
            "discussed": _now("Discussed"),
            "signed": _now("Signed"),
        }[self.state]

    @property
    def is_revealed(self):
        return getattr(self, "reveal", None) is not None

    @transaction.atomic
    def aim(self, level, *, by):
        """Read this person against another level, such as the next one, before anyone has begun.

        Refuses once an assessment was started, and a level of another edition.
        """
        review = locked(by, "reviews.aim_review", self)
        if level.edition_id != review.level.edition_id:
            raise NotNow(_now("That level belongs to another edition."))

        review.level = level
        review.save(update_fields=["level"])
        record("review.aimed", review, by=by, about=review.subject, level=level.key)
        return review

    @transaction.atomic
    def hand_over(self, manager, *, by):
        """Give this review to the person's present manager after a change of manager.

        The former manager's assessment stays as it was left; the new manager starts their own.
        Refuses anyone who is not the manager today or has left, the manager who holds it already,
        and a manager assessment that is already in.
        """
        review = locked(by, "reviews.hand_over_review", self)
        if manager is None or not manager.is_active or review.subject.manager_on() != manager:
            raise NotNow(_now("%(person)s is not the manager today.") % {"person": manager})
        if review.manager == manager:
            raise NotNow(_now("%(person)s holds this review already.") % {"person": manager})
        if review.assessments.filter(kind=Assessment.Kind.MANAGER).submitted().exists():
            raise NotNow(_now("The manager assessment is already handed in."))

        review.assessments.filter(kind=Assessment.Kind.MANAGER).update(kind=Assessment.Kind.FORMER)
        Assessment.objects.create(review=review, kind=Assessment.Kind.MANAGER, author=manager)
        review.manager = manager
        review.save(update_fields=["manager"])
        record("review.handed_over", review, by=by, about=review.subject, manager=manager.pk)
        return review

    @transaction.atomic
    def discuss(self, *, by):
        """Say that the two have talked about it. Refuses before the reveal and a second time."""
        review = locked(by, "reviews.discuss_review", self)
        discussion = Discussion.objects.create(review=review, by=by)
        Tally.step(review.cycle_id, discussed=1)
        record("review.discussed", review, by=by, about=review.subject)
        return discussion

    @transaction.atomic
    def sign(self, *, by):
        """Say that one has read the result and that it was talked about. Once for each side."""
        review = locked(by, "reviews.sign_review", self)
        signoff = Signoff.objects.create(review=review, by=by)
        Tally.step(review.cycle_id, signed=int(review._completed_by(signoff)))
        record("review.signed", review, by=by, about=review.subject)
        return signoff

    def _completed_by(self, signoff):
        """Say whether it took this sign-off for both sides to have signed."""
        before = set(self.signoffs.exclude(pk=signoff.pk).values_list("by", flat=True))
        of_subject, of_others = self.subject_id in before, bool(before - {self.subject_id})
        return (
            of_others and not of_subject if signoff.by_id == self.subject_id else of_subject and not of_others
        )


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

    objects = Assessments.as_manager()

    class Meta:
        ordering = ["review", "-kind"]
        verbose_name = _("assessment")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "kind"], condition=~Q(kind="former"), name="reviews_one_assessment_per_side"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.review}"

    def get_absolute_url(self):
        return reverse("assessment", args=[self.pk])

    @property
    def due_at(self):
        cycle = self.review.cycle
        return cycle.self_due_at if self.kind == self.Kind.SELF else cycle.manager_due_at

    @cached_property
    def submission(self):
        """The submission of the present round, or None while it is a draft."""
        return next((row for row in self.submissions.all() if row.round == self.round), None)

    def competencies(self):
        """Return the competencies of the pinned edition, in the order of the ladder."""
        return Competency.objects.filter(edition=self.review.level.edition_id)

    def rated(self):
        """Return the ids of the competencies that have an answer. One query."""
        rated = self.ratings.order_by().filter(point__isnull=False)
        return set(rated.values_list("competency", flat=True))

    def unrated(self):
        """Return the competencies that have no answer yet."""
        rated = self.ratings.filter(point__isnull=False)
        return self.competencies().exclude(pk__in=rated.values("competency"))

    @transaction.atomic
    def rate(self, competency, *, by, version, point=None, comment="", evidence=None):
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
        rests = rating.resting() if evidence is not None else None
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
    def support(self, competency, piece, *, by):
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
    def submit(self, *, by):
        """Hand the assessment in, freeze what it says, and reveal the review when both sides are in.

        Refuses with `Unrated` while a competency has no answer. A second submit is `Denied`.
        """
        from .revealing import both_are_in, reveal

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
        told = {"round": submission.round, "digest": submission.digest}
        record("assessment.submitted", assessment, by=by, about=review.subject, **told)
        if revealed:
            record("review.revealed", review, by=by, about=review.subject)
        return submission

    @transaction.atomic
    def reopen(self, *, by, reason):
        """Let the author change what was handed in. The former text stays in its submission.

        Refuses without a reason, once anybody has signed, and once the cycle is closed.
        """
        from .revealing import both_are_in

        assessment = self._locked(by, "reviews.reopen_assessment")
        if not reason.strip():
            raise Incomplete(_now("Say why it is reopened: the author will read it."), missing=["reason"])

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
    def _counted(self):
        """The field of the tally in which this side is counted."""
        return "selves" if self.kind == self.Kind.SELF else "managers"

    def snapshot(self):
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

    def _locked(self, by, action):
        """Return the assessment as it stands, once `by` may take `action` on it under its review's lock.

        Every step of a review queues at the review, so that both sides and the cycle meet in one order.
        """
        Review.objects.filter(pk=self.review_id).lock()
        rows = Assessment.objects.select_related("review__level__edition", "review__subject")
        assessment = rows.allowing(by, action).filter(pk=self.pk).order_by("pk").first()
        if assessment is None:
            raise Denied(action)
        return assessment

    def _check_answer(self, competency, point, comment, evidence):
        edition = self.review.level.edition_id
        if competency.edition_id != edition or (point and point.edition_id != edition):
            raise NotNow(_now("That belongs to another edition of the ladder."))
        if len(comment) > COMMENT_LIMIT:
            raise TooLong(
                _now("A comment holds at most %(limit)d characters; this one has %(length)d.")
                % {"limit": COMMENT_LIMIT, "length": len(comment)},
                limit=COMMENT_LIMIT,
            )
        if any(piece.person_id != self.review.subject_id for piece in evidence or ()):
            raise NotNow(_now("That evidence is of somebody else's work."))


class Rating(Versioned):
    """The answer for one competency in one assessment, with the evidence it rests on."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="ratings")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+")
    point = models.ForeignKey(ScalePoint, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(_("comment"), blank=True, validators=[MaxLengthValidator(COMMENT_LIMIT)])
    evidence = models.ManyToManyField(Evidence, through="Support", related_name="ratings")

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["competency__position"]
        verbose_name = _("rating")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "competency"], name="reviews_one_rating_per_competency"
            )
        ]

    def resting(self):
        """Return the ids of the pieces that this rating rests on."""
        if self.pk is None:
            return set()
        return set(self.supports.values_list("evidence", flat=True))

    def says(self, point, comment, evidence, rests):
        """Say whether this answer is already kept here; `evidence` None stands for what there is."""
        if (self.point_id, self.comment) != (point and point.pk, comment):
            return False
        return evidence is None or {piece.pk for piece in evidence} == rests

    def rest_on(self, evidence, *, instead_of):
        """Make `evidence` the pieces that this rating rests on, in place of those with these ids."""
        wanted = {piece.pk for piece in evidence}
        if gone := instead_of - wanted:
            self.supports.filter(evidence__in=gone).delete()
        if new := wanted - instead_of:
            Support.objects.bulk_create(Support(rating=self, evidence_id=pk) for pk in sorted(new))

    def frozen(self):
        """Return the rating as plain JSON values."""
        return {
            "competency": self.competency.key,
            "point": self.point
            and {"key": self.point.key, "label": self.point.label, "value": self.point.value},
            "comment": self.comment,
            "evidence": [
                {
                    "id": piece.pk,
                    "title": piece.title,
                    "on": piece.happened_on.isoformat(),
                    "text": piece.text,
                    "link": piece.link,
                }
                for piece in self.evidence.all()
            ],
        }


class Support(models.Model):
    """The fact that a rating rests on a piece of evidence."""

    rating = models.ForeignKey(Rating, models.CASCADE, related_name="supports")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="supports")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating", "evidence"], name="reviews_one_support_per_pair")
        ]


class Submission(models.Model):
    """The fact that an assessment was handed in, with what it said. One row for each round.

    The snapshot holds random bits, so that its digest confirms no guess; those from before hold none.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    snapshot = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "round"], name="reviews_one_submission_per_round")
        ]

    def note_redaction(self, *, by, receipt):
        """Write into the trail that an erasure with that receipt changed what was handed in."""
        told = {"round": self.round, "digest": hashlib.sha256(self.snapshot.encode()).hexdigest()}
        subject = self.assessment.review.subject
        record("assessment.redacted", self.assessment, by=by, about=subject, receipt=str(receipt), **told)


class Reopening(models.Model):
    """The fact that something handed in was given back to its author, and why."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="reopening")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    reason = models.TextField(_("reason"))


class Reveal(models.Model):
    """The instant at which both sides of a review came to see each other's assessment."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="reveal")
    at = models.DateTimeField(default=now, editable=False)


class Discussion(models.Model):
    """The fact that manager and engineer have talked about a review."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="discussion")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Signoff(models.Model):
    """The fact that one side has read a discussed review. It says nothing about agreeing."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="signoffs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "by"], name="reviews_one_signoff_per_side")]
