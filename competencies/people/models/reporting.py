"""Reporting lines and placements: who reports to whom and who holds which level, from one day to another.

What is asked of them often is kept beside them: see `reporting_closure` and `missing_assignments`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self, cast

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import today
from competencies.core.permissions import locked
from competencies.core.prepared import prepared
from competencies.core.refusals import NotNow
from competencies.framework.models import Framework, Level, Track
from competencies.trail.models import record

from ..querysets import Dated
from .missing_assignments import retrace
from .organisation import Organisation
from .reporting_closure import relink

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from .person import Person


AT_ONCE = 500


class Span(models.Model):
    """Something that holds from one day up to, not including, another."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    person_id: int

    objects = Dated.as_manager()

    class Meta:
        abstract = True

    @property
    def is_planned(self) -> bool:
        """Whether this only begins on a day that is still to come."""
        return self.starts_on > today()

    def holds_on(self, day: date) -> bool:
        """Return True if this holds on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def _before(self) -> Self | None:
        """Return the row of the same person that this one follows without a gap, or None."""
        rows = cast("models.Manager[Self]", type(self)._default_manager)
        return rows.filter(Q(person=self.person_id), ends_on=self.starts_on).first()


class ReportingLine(Span):
    """The fact that one person reports to another for a time."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lines")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lines_in")

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("reporting line")
        indexes = [
            models.Index(fields=["manager", "starts_on", "ends_on"], name="people_line_by_manager"),
            models.Index(fields=["starts_on"], name="people_line_by_start"),  # who moved since a day
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("manager")), name="people_nobody_reports_to_oneself"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="people_line_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends_on=None), name="people_one_open_line_per_person"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            relink([self.person_id])
            retrace([self.person_id])

    @transaction.atomic
    def call_off(self, *, by: Person) -> Person:
        """Take back a line that has not begun; the one before it holds as long as this one would have.

        Refuses with `NotNow` when the line before it would by then lead back to the person.
        """
        Organisation.hold()
        line = locked(by, "people.call_off_line", self)
        person, before = line.person, line._before()
        if before and person.is_above(before.manager, line.starts_on):
            raise NotNow(
                _now("By then, %(manager)s reports to %(person)s. Cancel that change first.")
                % {"manager": before.manager, "person": person}
            )
        line.delete()
        if before:
            before.ends_on = line.ends_on
            before.save(update_fields=["ends_on"])
        else:
            relink([person.pk])
            retrace([person.pk])
        record("person.move_called_off", person, by=by, about=person, on=line.starts_on.isoformat())
        return person


class Placement(Span):
    """The fact that a person stands on a track at a level for a time."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="placements")
    track = models.ForeignKey(Track, models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("placement")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="people_placement_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends_on=None), name="people_one_open_placement_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level.title}, {self.track.title}"

    @classmethod
    def on_several_frameworks(cls) -> bool:
        """Return True if people are placed on more than one framework today. One query, which stops there."""
        return len(_two_frameworks_of_people()) > 1

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            retrace([self.person_id])

    @transaction.atomic
    def call_off(self, *, by: Person) -> Person:
        """Take back a placement that has not begun; the one before it holds as long as it would have."""
        placement = locked(by, "people.call_off_placement", self)
        person, before = placement.person, placement._before()
        placement.delete()
        if before:
            before.ends_on = placement.ends_on
            before.save(update_fields=["ends_on"])
        else:
            retrace([person.pk])
        record("person.placing_called_off", person, by=by, about=person, on=placement.starts_on.isoformat())
        return person


def with_reports(people: Iterable[int]) -> set[int]:
    """Return `people` (ids) and whoever reports to them on any day."""
    ids = sorted(set(people))
    found = set(ids)
    for first in range(0, len(ids), AT_ONCE):
        lines = ReportingLine.objects.filter(manager__in=ids[first : first + AT_ONCE])
        found.update(lines.order_by().values_list("person", flat=True))
    return found


@prepared
def _two_frameworks_of_people() -> QuerySet[Framework]:
    here = Placement.objects.current().filter(level__edition__framework=OuterRef("pk")).order_by()
    return Framework.objects.filter(Exists(here)).order_by()[:2]
