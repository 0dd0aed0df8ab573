"""Cycles of reviews: when they are due, what they span, and how far they have come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now
from competencies.core.permissions import demand, locked
from competencies.core.prepared import counting, prepared
from competencies.core.querysets import Guarded
from competencies.core.refusals import Incomplete, NotNow, Refusal, refuse
from competencies.core.versions import Versioned
from competencies.framework.models import Edition, Framework
from competencies.people.models import Organisation, Person
from competencies.trail.models import record

if TYPE_CHECKING:
    from django.db.models import QuerySet


FARTHEST = timedelta(days=5 * 366)  # a due date beyond it is a slip of the keyboard


class Cycles(Guarded["Cycle"]):
    """Cycles by whether they are being prepared, open, or over."""

    def with_editions(self) -> Self:
        """Fetch the editions of each cycle, by the titles of their frameworks: one query more."""
        return self.prefetch_related(_editions())

    def preparing(self) -> Self:
        return self.filter(opening=None)

    def open(self) -> Self:
        return self.filter(opening__isnull=False, closing=None)

    def closed(self) -> Self:
        return self.filter(closing__isnull=False)


def read_editions(cycles: Sequence[Cycle]) -> None:
    """Fetch the editions of cycles that are read already, as `with_editions` does. One query."""
    models.prefetch_related_objects(cycles, _editions())


def _editions() -> Prefetch[Any]:
    editions = Edition.objects.with_standing().order_by("framework__title", "framework")
    return Prefetch("editions", queryset=editions)


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

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("cycle", self.pk)

    @property
    def state(self) -> str:
        """`preparing`, `open` or `closed`."""
        if getattr(self, "closing", None):
            return "closed"
        return "open" if getattr(self, "opening", None) else "preparing"

    @classmethod
    @transaction.atomic
    def prepare(
        cls, *, by: Person, editions: Collection[Edition], people: Sequence[Person] = (), **fields: Any
    ) -> Cycle:
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
    def change(
        self,
        *,
        by: Person,
        version: int,
        editions: Collection[Edition],
        people: Sequence[Person] = (),
        **fields: Any,
    ) -> Cycle:
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

    def _says(self, people: Sequence[Person], editions: Collection[Edition], **fields: object) -> bool:
        if any(getattr(self, name) != value for name, value in fields.items()):
            return False
        if set(self.spannings.values_list("edition", flat=True)) != {edition.pk for edition in editions}:
            return False
        return self.everyone or set(self.people.all()) == set(people)

    @transaction.atomic
    def close(self, *, by: Person) -> Closing:
        """End the cycle. Drafts that were not handed in stay their authors' own; nothing moves after."""
        cycle = locked(by, "reviews.close_cycle", self)
        cycle.reviews.lock()  # whoever is saving ends first, and whoever comes next finds the cycle closed
        closing = Closing.objects.create(cycle=cycle, by=by)
        record("cycle.closed", cycle, by=by)
        return closing

    def _span(self, editions: Iterable[Edition]) -> None:
        """Let the cycle be of exactly these editions."""
        self.spannings.exclude(edition__in=editions).delete()
        held = set(self.spannings.values_list("edition", flat=True))
        Spanning.objects.bulk_create(
            Spanning(cycle=self, edition=edition, framework_id=edition.framework_id)
            for edition in editions
            if edition.pk not in held
        )

    @staticmethod
    def _check(
        others: Cycles,
        people: Sequence[Person],
        editions: Collection[Edition],
        *,
        name: str,
        self_due_at: datetime,
        manager_due_at: datetime,
        everyone: bool = True,
        **_rest: object,
    ) -> None:
        found: list[Refusal] = []
        if not editions:
            words = _now("Choose at least one framework for this cycle.")
            found.append(Incomplete(words, missing=["editions"]))
        if any(edition.state != "published" for edition in editions):
            found.append(NotNow(_now("Reviews can only use a published edition.")))
        if len({edition.framework_id for edition in editions}) < len(editions):
            found.append(NotNow(_now("Choose only one edition of each framework.")))
        if others.filter(name=name).exists():
            words = _now("There’s already a cycle called %(name)s. Choose another name.") % {"name": name}
            found.append(NotNow(words))
        found += Cycle.faults_of_days(self_due_at, manager_due_at)
        if not everyone and not people:
            words = _now("Choose who takes part, or everyone.")
            found.append(Incomplete(words, missing=["people"]))
        refuse(found)

    @staticmethod
    def faults_of_days(self_due_at: datetime | None, manager_due_at: datetime | None) -> list[Refusal]:
        """Return a refusal for each due date that no cycle can have; None is not looked at."""
        found: list[Refusal] = []
        if self_due_at and manager_due_at and manager_due_at < self_due_at:
            words = _now("Manager assessments can’t be due before self-assessments.")
            found.append(NotNow(words, field="manager_due_at"))
        for name, due in (("self_due_at", self_due_at), ("manager_due_at", manager_due_at)):
            if due and not now() - FARTHEST < due < now() + FARTHEST:
                words = _now("That is more than five years from now: check the year.")
                found.append(NotNow(words, field=name))
        return found


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
    def unfinished(self) -> int:
        """The number of reviews of which a side is not in, less those of people who left. One query."""
        return self.reviews - self.both - sum(_left_out_as_unfinished(self.cycle_id))

    @property
    def late(self) -> int:
        """The number of reviews of which a side that is here should have been in by now. One query."""
        at = now()
        if self.cycle.manager_due_at < at:
            return self.reviews - self.both - sum(_left_out_as_late(self.cycle_id))
        if self.cycle.self_due_at < at:
            return self.reviews - self.selves - sum(_left_out_as_late_selves(self.cycle_id))
        return 0

    @classmethod
    def step(cls, cycle: int, **steps: int) -> None:
        """Count `steps` (a number for each field) in the cycle with this id."""
        cls.objects.filter(cycle=cycle).update(**{field: F(field) + by for field, by in steps.items()})


def _of_leavers(cycle: int, condition: Q) -> Any:
    """The reviews of a cycle that meet `condition` and of which a side has left."""
    reviews: Any = apps.get_model("reviews.Review")._default_manager
    return reviews.few_of(cycle).with_state().touched_by_leaving().filter(condition)


@prepared
def _left_out_as_unfinished(cycle: int) -> QuerySet[Any, int]:
    rows = _of_leavers(cycle, Q(self_in=False) | Q(manager_in=False))
    return counting(rows.exclude(pk__in=rows.unfinished().values("pk")))


@prepared
def _left_out_as_late(cycle: int) -> QuerySet[Any, int]:
    rows = _of_leavers(cycle, Q(self_in=False) | Q(manager_in=False))
    return counting(rows.exclude(pk__in=rows.late().values("pk")))


@prepared
def _left_out_as_late_selves(cycle: int) -> QuerySet[Any, int]:
    rows = _of_leavers(cycle, Q(self_in=False))
    return counting(rows.exclude(pk__in=rows.late().values("pk")))


class Closing(models.Model):
    """The fact that a cycle is over."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="closing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
