"""Promotion cases: what is claimed for somebody at the next level, on what evidence, and the answer.

Draft, proposed, decided. The text of a case is its sponsor's until it is proposed, and closed from then on.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.access.clock import now, today
from competencies.access.querysets import Guarded
from competencies.access.refusal import Denied, Incomplete, NotNow
from competencies.access.rules import locked
from competencies.access.versions import Versioned
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency, Level, Track
from competencies.trail.models import record

TEXT_LIMIT = 20_000
MOST_CLAIMS = 3


class Cases(Guarded):
    """Cases by where they stand."""

    def with_state(self):
        return self.select_related(
            "subject",
            "sponsor",
            "track",
            "from_level",
            "to_level__edition__framework",
            "proposal",
            "decision",
            "withdrawal",
        )

    def open(self):
        return self.filter(decision=None, withdrawal=None)

    def drafts(self):
        return self.open().filter(proposal=None)

    def proposed(self):
        return self.open().filter(proposal__isnull=False)

    def decided(self):
        return self.filter(decision__isnull=False, withdrawal=None)

    def withdrawn(self):
        return self.filter(withdrawal__isnull=False)

    def barring(self, subjects, sponsor):
        """Keep the open cases that stand in the way of a new one for any of `subjects` by `sponsor`.

        The draft of a former manager is nobody's any more: it bars nothing and is told to no one.
        """
        return self.open().filter(Q(sponsor=sponsor) | Q(proposal__isnull=False), subject__in=subjects)


class PromotionCase(models.Model):
    """The claim that somebody already works at a next level."""

    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases")
    sponsor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases_sponsored")
    track = models.ForeignKey(Track, models.PROTECT, related_name="+")
    from_level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    to_level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    wanted_from = models.DateField(_("wanted from"), null=True, blank=True)
    opened_at = models.DateTimeField(default=now, editable=False)

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
        ]

    def __str__(self):
        return _now("%(person)s to %(level)s") % {"person": self.subject, "level": self.to_level}

    def get_absolute_url(self):
        return reverse("case", args=[self.pk])

    @property
    def state(self):
        """`draft`, `proposed`, `decided` or `withdrawn`."""
        for name, row in (("withdrawn", "withdrawal"), ("decided", "decision"), ("proposed", "proposal")):
            if getattr(self, row, None):
                return name
        return "draft"

    @classmethod
    @transaction.atomic
    def nominate(cls, subject, to_level, *, by, wanted_from=None):
        """Open a case for one of one's reports towards a next step from the level they hold.

        Refuses a person without a level, a level that is no next step, and a second open case.
        """
        subject = locked(by, "promotions.nominate_person", subject)
        placement = subject.placement_on()
        if placement is None:
            raise NotNow(_now("%(person)s stands at no level yet.") % {"person": subject})
        from_level = Level.objects.filter(edition=to_level.edition_id, key=placement.level.key).first()
        track = Track.objects.filter(edition=to_level.edition_id, key=placement.track.key).first()
        if not from_level or not track or not from_level.next_steps().filter(pk=to_level.pk).exists():
            raise NotNow(
                _now("%(to)s is not a next step from %(from)s.") % {"to": to_level, "from": placement.level}
            )
        if cls.objects.barring([subject], by).exists():
            raise NotNow(_now("There is an open case for %(person)s.") % {"person": subject})

        case = cls.objects.create(
            subject=subject,
            sponsor=by,
            track=track,
            from_level=from_level,
            to_level=to_level,
            wanted_from=wanted_from,
        )
        Statement.objects.bulk_create(Statement(case=case, kind=kind) for kind in Statement.Kind.values)
        record("case.opened", case, by=by, about=subject, level=to_level.key)
        return case

    def statement(self, kind):
        """Return the text of one kind. Uses what was prefetched."""
        return next(row for row in self.statements.all() if row.kind == kind)

    def missing(self):
        """Return what a committee will look for and not find: a list of sentences, empty when complete."""
        texts = {row.kind: row.text.strip() for row in self.statements.all()}
        gaps = [
            (texts.get("ask"), _now("The summary does not say what is asked for.")),
            (self.claims.exists(), _now("No claim names a competency and its result.")),
            (self.stories.exists(), _now("There is no impact story.")),
            (self.exhibits.exists(), _now("No evidence is chosen.")),
            (texts.get("gaps"), _now("Gaps and risks are not written; a case without any is not believed.")),
            (texts.get("manager"), _now("The manager's statement is empty.")),
        ]
        return [sentence for present, sentence in gaps if not present]

    @transaction.atomic
    def propose(self, *, by):
        """Hand the case in: its text is closed and the candidate, HR and those above can read it.

        Refuses with `Incomplete` while something a committee needs is missing.
        """
        case = locked(by, "promotions.write_case", self)
        if missing := case.missing():
            raise Incomplete(_now("Not proposed yet: something is missing."), missing=missing)

        proposal = Proposal.objects.create(case=case, by=by)
        record("case.proposed", case, by=by, about=case.subject)
        return proposal

    @transaction.atomic
    def withdraw(self, *, by, reason=""):
        """Take the case back at any time before it is decided."""
        case = locked(by, "promotions.withdraw_case", self)
        withdrawal = Withdrawal.objects.create(case=case, by=by, reason=reason)
        proposed = Proposal.objects.filter(case=case).exists()
        record("case.withdrawn" if proposed else "case.dropped", case, by=by, about=case.subject)
        return withdrawal

    @transaction.atomic
    def decide(self, outcome, *, by, rationale, feedback="", look_again_on=None, effective_on=None):
        """Answer the case. A promotion writes the dated placement from `effective_on` (today when None).

        Refuses without a rationale, and `not yet` without a day to look again that lies ahead.
        """
        case = locked(by, "promotions.decide_case", self)
        if not rationale.strip():
            raise Incomplete(_now("A decision needs its reasons."), missing=["rationale"])
        if outcome == Decision.Outcome.NOT_YET and (look_again_on is None or look_again_on <= today()):
            raise Incomplete(
                _now("Not yet needs a day ahead on which to look again."), missing=["look_again_on"]
            )

        decision = Decision.objects.create(
            case=case,
            by=by,
            outcome=outcome,
            rationale=rationale,
            feedback=feedback,
            look_again_on=look_again_on,
        )
        if outcome == Decision.Outcome.PROMOTE:  # before the trail is held: who places holds the person first
            case.subject.place(
                track=case.track,
                level=case.to_level,
                starts_on=effective_on or today(),
                by=by,
                reason=_now("Promotion"),
            )
        record("case.decided", case, by=by, about=case.subject, outcome=outcome)
        return decision

    @transaction.atomic
    def claim(self, competency, *, by, text, result):
        """Add one of at most three claims to the summary: a competency and the result that shows it.

        Refuses a fourth, and a competency of another edition.
        """
        case = self._to_write(by)
        if case.claims.count() >= MOST_CLAIMS:
            raise NotNow(_now("A summary makes three claims at most: choose the strongest."))
        case._check_edition([competency])
        claim = Claim.objects.create(case=case, competency=competency, text=text, result=result)
        record("claim.added", claim, by=by, about=case.subject)
        return claim

    @transaction.atomic
    def tell(self, *, by, title, competencies=(), evidence=(), **texts):
        """Add an impact story and return it. `texts` are the fields of `Story.TEXTS`."""
        case = self._to_write(by)
        last = case.stories.aggregate(last=Max("position"))["last"] or 0
        story = Story.objects.create(case=case, title=title, position=last + 1, **texts)
        story.show(competencies, evidence)
        record("story.added", story, by=by, about=case.subject)
        return story

    @transaction.atomic
    def choose(self, evidence, *, by):
        """Make `evidence` the pieces that the case shows. Refuses evidence of somebody else's work."""
        case = self._to_write(by)
        if any(piece.person_id != case.subject_id for piece in evidence):
            raise NotNow(_now("That evidence is of somebody else's work."))
        keep = {piece.pk for piece in evidence}
        case.exhibits.exclude(evidence__in=keep).delete()
        have = set(case.exhibits.values_list("evidence", flat=True))
        Exhibit.objects.bulk_create(Exhibit(case=case, evidence_id=pk) for pk in sorted(keep - have))
        record("case.evidence_chosen", case, by=by, about=case.subject, pieces=len(keep))

    @transaction.atomic
    def arrange(self, stories, *, by):
        """Put the stories into the given order. Refuses unless each story of the case is there once."""
        case = self._to_write(by)
        if sorted(story.pk for story in stories) != sorted(case.stories.values_list("pk", flat=True)):
            raise NotNow(_now("The stories of this case have changed meanwhile: look again."))
        for position, story in enumerate(stories, start=1):
            Story.objects.filter(pk=story.pk).update(position=position)
        record("case.stories_arranged", case, by=by, about=case.subject)

    def _to_write(self, by):
        """Return the case, locked, once `by` may write it."""
        return locked(by, "promotions.write_case", self)

    def _check_edition(self, competencies):
        if any(competency.edition_id != self.to_level.edition_id for competency in competencies):
            raise NotNow(_now("That competency belongs to another edition of the ladder."))


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


class Decision(models.Model):
    """The answer to a case, always with its reasons."""

    class Outcome(models.TextChoices):
        PROMOTE = "promote", _("Promote")
        NOT_YET = "not-yet", _("Not yet")
        DECLINE = "decline", _("Decline")

    case = models.OneToOneField(PromotionCase, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    rationale = models.TextField(_("reasons"), max_length=TEXT_LIMIT)
    feedback = models.TextField(_("feedback to the candidate"), blank=True, max_length=TEXT_LIMIT)
    look_again_on = models.DateField(_("look again on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(rationale=""), name="promotions_decision_has_reasons"),
            models.CheckConstraint(
                condition=~Q(outcome="not-yet") | Q(look_again_on__isnull=False),
                name="promotions_not_yet_says_when",
            ),
        ]


def _still_there(row):
    """Return `row` as it stands, locked. Refuses with `Denied` what was removed meanwhile."""
    found = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise Denied("promotions.write_case")
    return found


class Statement(Versioned):
    """One of the texts of a case, written by its sponsor."""

    class Kind(models.TextChoices):
        ASK = "ask", _("What is asked for")
        SCOPE = "scope", _("Scope and influence")
        GAPS = "gaps", _("Gaps and risks")
        NEED = "need", _("Business need")
        MANAGER = "manager", _("Manager's statement")

    case = models.ForeignKey(PromotionCase, models.CASCADE, related_name="statements")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.TextField(_("text"), blank=True, max_length=TEXT_LIMIT)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="promotions_one_statement_per_kind")
        ]

    @transaction.atomic
    def write(self, text, *, by, version):
        """Keep the text; one that says what is stored already changes nothing.

        Refuses with `Stale` when it changed since `version`.
        """
        self.case._to_write(by)
        statement = Statement.objects.select_for_update().get(pk=self.pk)
        if text == statement.text:
            return statement
        statement.expect(version, offered={"text": text})
        statement.advance(text=text)
        record("statement.written", statement, by=by, about=self.case.subject)
        return statement


class Claim(Versioned):
    """One sentence of the summary: a competency at the next level and the result that shows it."""

    case = models.ForeignKey(PromotionCase, models.CASCADE, related_name="claims")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name=_("competency"))
    text = models.TextField(_("claim"), max_length=600)
    result = models.TextField(_("result"), max_length=600)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["pk"]

    @transaction.atomic
    def rewrite(self, *, by, version, **fields):
        """Change the claim; what is stored already changes nothing.

        Refuses with `Stale` when it changed since `version`.
        """
        case = self.case._to_write(by)
        case._check_edition([fields["competency"]] if "competency" in fields else [])
        claim = _still_there(self)
        if all(getattr(claim, name) == value for name, value in fields.items()):
            return claim
        claim.expect(version, offered=fields)
        claim.advance(**fields)
        record("claim.rewritten", claim, by=by, about=self.case.subject)
        return claim

    @transaction.atomic
    def remove(self, *, by):
        """Take the claim out of the summary."""
        self.case._to_write(by)
        claim = _still_there(self)
        record("claim.removed", claim, by=by, about=self.case.subject)
        claim.delete()


class Story(Versioned):
    """One piece of work told whole: why it mattered, what the person did, what came of it."""

    TEXTS = ("context", "problem", "scope", "own_role", "decisions", "result")

    case = models.ForeignKey(PromotionCase, models.CASCADE, related_name="stories")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    context = models.TextField(_("context"), blank=True, max_length=TEXT_LIMIT)
    problem = models.TextField(_("problem"), blank=True, max_length=TEXT_LIMIT)
    scope = models.TextField(_("scope"), blank=True, max_length=TEXT_LIMIT)
    own_role = models.TextField(_("own role"), blank=True, max_length=TEXT_LIMIT)
    decisions = models.TextField(_("decisions"), blank=True, max_length=TEXT_LIMIT)
    result = models.TextField(_("result"), blank=True, max_length=TEXT_LIMIT)
    competencies = models.ManyToManyField(
        Competency, blank=True, related_name="+", verbose_name=_("competencies")
    )
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="+", verbose_name=_("evidence"))

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("impact story")
        verbose_name_plural = _("impact stories")

    def __str__(self):
        return self.title

    @property
    def told(self):
        """The texts that are written, each under its label, in the order of `TEXTS`."""
        labels = {name: self._meta.get_field(name).verbose_name for name in self.TEXTS}
        texts = {name: getattr(self, name) for name in self.TEXTS}
        return [(labels[name].capitalize(), text) for name, text in texts.items() if text.strip()]

    @property
    def parts_told(self):
        return len(self.told)

    def show(self, competencies, evidence):
        """Tie the story to competencies and to evidence of the candidate's own work."""
        self.case._check_edition(competencies)
        if any(piece.person_id != self.case.subject_id for piece in evidence):
            raise NotNow(_now("That evidence is of somebody else's work."))
        self.competencies.set(competencies)
        self.evidence.set(evidence)

    @transaction.atomic
    def rewrite(self, *, by, version, competencies, evidence, **fields):
        """Change the story; what is stored already changes nothing.

        Refuses with `Stale` when it changed since `version`.
        """
        self.case._to_write(by)
        story = _still_there(self)
        if story._says(competencies, evidence, **fields):
            return story
        story.expect(version, offered=fields)
        story.advance(**fields)
        story.show(competencies, evidence)
        record("story.rewritten", story, by=by, about=self.case.subject)
        return story

    @transaction.atomic
    def remove(self, *, by):
        """Take the story out of the case."""
        self.case._to_write(by)
        story = _still_there(self)
        record("story.removed", story, by=by, about=self.case.subject)
        story.delete()

    def _says(self, competencies, evidence, **fields):
        same = all(getattr(self, name) == value for name, value in fields.items())
        shown = (set(self.competencies.all()), set(self.evidence.all()))
        return same and shown == (set(competencies), set(evidence))


class Exhibit(models.Model):
    """The fact that a case shows a piece of evidence."""

    case = models.ForeignKey(PromotionCase, models.CASCADE, related_name="exhibits")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["evidence__happened_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "evidence"], name="promotions_one_exhibit_per_pair")
        ]
