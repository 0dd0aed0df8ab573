"""The text of a case: statements, claims, impact stories, and the evidence that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.bulk import fields_of
from competencies.core.clock import now
from competencies.core.permissions import demand
from competencies.core.querysets import Guarded
from competencies.core.refusals import Denied, NotNow, Stale
from competencies.core.versions import Versioned
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency
from competencies.trail.models import record

from ..limits import TEXT_LIMIT

if TYPE_CHECKING:
    from competencies.people.models import Person


Part = TypeVar("Part", "Claim", "Story")


def _still_there(row: Part) -> Part:
    """Return `row` as it stands, locked. Refuses with `Denied` what was removed meanwhile."""
    found = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise Denied("promotions.write_case")
    return found


class Written(Versioned):
    """A part of a case that knows who wrote it last, and when: two may write."""

    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    written_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def write_as(self, by: Person) -> None:
        self.written_by, self.written_at = by, now()

    def expect(self, version: int, *, offered: Mapping[str, object]) -> None:
        """Refuse as before; the refusal also says who wrote what is stored: `details["writer"]`."""
        try:
            super().expect(version, offered=offered)
        except Stale as refusal:
            refusal.details["writer"] = self.written_by and self.written_by.name
            raise

    def advance(self, *, by: Person, **values: Any) -> None:  # type: ignore[override]  # asks who writes
        """Write `values` as `by` and step the version by one."""
        super().advance(written_by=by, written_at=now(), **values)


class Statement(Written):
    """One of the texts of a case. The manager's is the sponsor's alone until the case is proposed."""

    class Kind(models.TextChoices):
        ASK = "ask", _("What is asked for")
        SCOPE = "scope", _("Scope and influence")
        GAPS = "gaps", _("Gaps and risks")
        NEED = "need", _("Business need")
        MANAGER = "manager", _("Manager's statement")

    case = models.ForeignKey("PromotionCase", models.CASCADE, related_name="statements")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.TextField(_("text"), blank=True, max_length=TEXT_LIMIT)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="promotions_one_statement_per_kind")
        ]

    @transaction.atomic
    def write(self, text: str, *, by: Person, version: int) -> Statement:
        """Keep the text; one that says what is stored already changes nothing.

        Refuses with `Stale` when it changed since `version`.
        """
        self.case._to_write(by)
        demand(by, "promotions.write_statement", self)
        statement = Statement.objects.select_for_update().get(pk=self.pk)
        if text == statement.text:
            return statement
        statement.expect(version, offered={"text": text})
        statement.advance(by=by, text=text)
        record("statement.written", statement, by=by, about=self.case.subject)
        return statement


class Claim(Written):
    """One sentence of the summary: a competency at the next level and the result that shows it."""

    case = models.ForeignKey("PromotionCase", models.CASCADE, related_name="claims")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name=_("competency"))
    text = models.TextField(_("claim"), max_length=600)
    result = models.TextField(_("result"), max_length=600)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["pk"]

    @transaction.atomic
    def rewrite(self, *, by: Person, version: int, **fields: Any) -> Claim:
        """Change the claim; what is stored already changes nothing.

        Refuses with `Stale` when it changed since `version`.
        """
        case = self.case._to_write(by)
        case._check_edition([fields["competency"]] if "competency" in fields else [])
        claim = _still_there(self)
        if all(getattr(claim, name) == value for name, value in fields.items()):
            return claim
        claim.expect(version, offered=fields)
        claim.advance(by=by, **fields)
        record("claim.rewritten", claim, by=by, about=self.case.subject)
        return claim

    @transaction.atomic
    def remove(self, *, by: Person) -> None:
        """Take the claim out of the summary."""
        self.case._to_write(by)
        claim = _still_there(self)
        record("claim.removed", claim, by=by, about=self.case.subject)
        claim.delete()


class Story(Written):
    """One piece of work told whole: why it mattered, what the person did, what came of it."""

    TEXTS = ("context", "problem", "scope", "own_role", "decisions", "result")

    case = models.ForeignKey("PromotionCase", models.CASCADE, related_name="stories")
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

    def __str__(self) -> str:
        return self.title

    @property
    def written_texts(self) -> list[tuple[str, str]]:
        """Return the texts that are written, each under its label, in the order of `TEXTS`."""
        labels = {field.name: str(field.verbose_name) for field in fields_of(type(self), *self.TEXTS)}
        texts = {name: getattr(self, name) for name in self.TEXTS}
        return [(labels[name].capitalize(), text) for name, text in texts.items() if text.strip()]

    @property
    def parts_written(self) -> int:
        return len(self.written_texts)

    def show(self, competencies: Iterable[Competency], evidence: Iterable[Evidence]) -> None:
        """Tie the story to competencies and to evidence of the candidate's own work."""
        self.case._check_edition(competencies)
        if any(piece.person_id != self.case.subject_id for piece in evidence):
            raise NotNow(_now("That evidence is about someone else’s work."))
        self.competencies.set(competencies)
        self.evidence.set(evidence)

    @transaction.atomic
    def rewrite(
        self,
        *,
        by: Person,
        version: int,
        competencies: Iterable[Competency],
        evidence: Iterable[Evidence],
        **fields: Any,
    ) -> Story:
        """Change the story; what is stored already changes nothing.

        Refuses with `Stale` when it changed since `version`.
        """
        self.case._to_write(by)
        story = _still_there(self)
        if story._says(competencies, evidence, **fields):
            return story
        story.expect(version, offered=fields)
        story.advance(by=by, **fields)
        story.show(competencies, evidence)
        record("story.rewritten", story, by=by, about=self.case.subject)
        return story

    @transaction.atomic
    def remove(self, *, by: Person) -> None:
        """Take the story out of the case."""
        self.case._to_write(by)
        story = _still_there(self)
        record("story.removed", story, by=by, about=self.case.subject)
        story.delete()

    def _says(self, competencies: Iterable[Competency], evidence: Iterable[Evidence], **fields: str) -> bool:
        same = all(getattr(self, name) == value for name, value in fields.items())
        shown = (set(self.competencies.all()), set(self.evidence.all()))
        return same and shown == (set(competencies), set(evidence))


class Exhibit(models.Model):
    """The fact that a case shows a piece of evidence."""

    case = models.ForeignKey("PromotionCase", models.CASCADE, related_name="exhibits")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["evidence__happened_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "evidence"], name="promotions_one_exhibit_per_pair")
        ]
