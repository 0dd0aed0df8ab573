"""Evidence: dated pieces of work, tagged with the competencies they speak for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now, today
from competencies.core.permissions import demand, locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import Incomplete, NotNow, Refusal, refuse
from competencies.core.versions import Versioned
from competencies.framework.models import Competency
from competencies.trail.models import record

from ..links import LONGEST, check_link
from ..resting import reason_to_stay
from .tag import Tag

if TYPE_CHECKING:
    from competencies.people.models import Person


OLDEST = timedelta(days=20 * 365)  # further back is a slip of the keyboard, such as the year 0026


class Pieces(Guarded["Evidence"]):
    """Pieces of evidence."""

    def not_withdrawn(self) -> Self:
        """Keep the pieces that nobody took back."""
        return self.filter(withdrawal=None)

    def about(self, competency: Competency) -> Self:
        """Keep the pieces tagged with a competency, in whatever edition of its framework."""
        framework, key = competency.lineage
        tags = Tag.objects.filter(
            evidence=OuterRef("pk"), competency__key=key, competency__edition__framework=framework
        )
        return self.filter(Exists(tags))

    def with_tags(self) -> Self:
        """Fetch the competencies that each piece speaks for: one query more."""
        tags = Tag.objects.select_related("competency__edition").order_by("competency__position")
        return self.prefetch_related(Prefetch("tags", queryset=tags))

    def months(self, last: date) -> list[tuple[date, int]]:
        """Count the pieces in each of twelve months, the last being that of `last`: `[(date, count), …]`."""
        first = _month_before(last, 11)
        counted = (
            self.filter(happened_on__gte=first)
            .order_by()
            .annotate(month=TruncMonth("happened_on"))
            .values_list("month")
            .annotate(count=Count("pk"))
        )
        counts = dict(counted)
        return [
            (month, counts.get(month, 0))
            for month in (_month_before(last, back) for back in range(11, -1, -1))
        ]


def _month_before(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` before that of `day`."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)


class Evidence(Versioned):
    """A piece of somebody's work on a day, as somebody recorded it."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", _("Delivery")
        DESIGN = "design", _("Design")
        REVIEW = "review", _("Review")
        INCIDENT = "incident", _("Incident")
        MENTORING = "mentoring", _("Mentoring")
        WRITING = "writing", _("Writing")
        FEEDBACK = "feedback", _("Feedback")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="evidence")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    happened_on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DELIVERY)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what happened"), blank=True, max_length=20_000)
    link = models.CharField(_("link"), max_length=LONGEST, blank=True, validators=[check_link])
    recorded_at = models.DateTimeField(default=now, editable=False)
    competencies = models.ManyToManyField(Competency, through="Tag", related_name="evidence_rows")

    objects = Pieces.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("evidence", self.pk)

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """Return the kind in words, as Django would, who puts all kinds into words for it."""
        return str(self.Kind(self.kind).label)

    @classmethod
    @transaction.atomic
    def log(
        cls,
        person: Person,
        *,
        by: Person,
        happened_on: date,
        title: str,
        competencies: Sequence[Competency],
        kind: str = Kind.DELIVERY,
        text: str = "",
        link: str = "",
    ) -> Evidence:
        """Record a piece of `person`'s work. Refuses a day ahead or twenty years back, and no competency.

        `competencies` is at least one `Competency`; the evidence is found by their keys in every edition
        of their framework.
        """
        demand(by, "evidence.log_evidence", person)
        refuse(cls.faults(happened_on, competencies))
        evidence = cls.objects.create(
            person=person, author=by, happened_on=happened_on, title=title, kind=kind, text=text, link=link
        )
        evidence._tag(competencies)
        record("evidence.logged", evidence, by=by, about=person)
        return evidence

    @transaction.atomic
    def rewrite(
        self, *, by: Person, version: int, competencies: Sequence[Competency], **fields: Any
    ) -> Evidence:
        """Change what was recorded; what is stored already changes nothing.

        Refuses with `Stale` when it was changed since `version`.
        """
        evidence = locked(by, "evidence.write_evidence", self)
        if evidence._says(competencies, **fields):
            return evidence
        evidence.expect(version, offered=fields)
        refuse(self.faults(fields.get("happened_on", evidence.happened_on), competencies))
        evidence.advance(**fields)
        evidence._tag(competencies)
        record("evidence.rewritten", evidence, by=by, about=evidence.person)
        return evidence

    def _says(self, competencies: Sequence[Competency], **fields: object) -> bool:
        tagged = set(self.tags.values_list("competency", flat=True))
        same = all(getattr(self, name) == value for name, value in fields.items())
        return same and tagged == {competency.pk for competency in competencies}

    @transaction.atomic
    def withdraw(self, *, by: Person) -> Withdrawal:
        """Take the piece out of every list; return the `Withdrawal`.

        Refuses with `NotNow` while something rests on it that `by` can read. What others may not be told of,
        as a draft, keeps the piece for whoever wrote it.
        """
        evidence = locked(by, "evidence.withdraw_evidence", self)
        if reason := reason_to_stay(evidence, by):
            raise NotNow(reason)
        withdrawal = Withdrawal.objects.create(evidence=evidence, by=by)
        record("evidence.withdrawn", evidence, by=by, about=evidence.person)
        return withdrawal

    @staticmethod
    def faults(happened_on: date | None, competencies: Collection[Competency]) -> list[Refusal]:
        """Return a refusal for each of the two that no piece can have; a day of None is not looked at."""
        found: list[Refusal] = []
        if happened_on and happened_on > today():
            words = _now("The date is in the future. Enter the day on which the work happened.")
            found.append(NotNow(words, field="happened_on"))
        elif happened_on and happened_on < today() - OLDEST:
            words = _now("The date is more than twenty years ago. Check the year.")
            found.append(NotNow(words, field="happened_on"))
        if not competencies:
            words = _now("Choose at least one competency that this shows.")
            found.append(Incomplete(words, missing=["competencies"]))
        return found

    def _tag(self, competencies: Sequence[Competency]) -> None:
        keep = {competency.pk for competency in competencies}
        self.tags.exclude(competency__in=keep).delete()
        have = set(self.tags.values_list("competency", flat=True))
        Tag.objects.bulk_create(Tag(evidence=self, competency_id=pk) for pk in sorted(keep - have))


class Withdrawal(models.Model):
    """The fact that evidence was withdrawn by whoever recorded it. No list shows it from then on."""

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="withdrawal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return f"{self.evidence}, {self.at:%Y-%m-%d}"
