"""Who is called to a hearing, and who of them is recused."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.querysets import Guarded
from competencies.people.querysets import here

from ..limits import TEXT_LIMIT
from ..recusal import BY_RULE, GROUNDS


class Members(Guarded["Member"]):
    """Members by whether they still answer the case."""

    def not_recused(self) -> Self:
        return self.exclude(Exists(recusals()))

    def sitting(self) -> Self:
        """Keep those who are not recused, of people who are here. By name."""
        return (
            self.not_recused()
            .filter(here("person__"))
            .select_related("person")
            .order_by("-chair", "person__name", "pk")
        )

    def for_this_case(self) -> Self:
        """Keep those who never had a seat in the committee: HR added them for this case alone. By name."""
        return self.exclude(Exists(seats())).select_related("person").order_by("person__name", "pk")

    def with_recusals(self) -> Self:
        """Mark each with the ground on which they were recused, or None: `ground`, and with `seated`."""
        return (
            self.select_related("person")
            .annotate(seated=Exists(seats()))
            .annotate(ground=models.Subquery(recusals().values("ground")[:1]))
            .annotate(recused_because=models.Subquery(recusals().values("reason")[:1]))
            .order_by("-chair", "person__name", "pk")
        )


def recusals() -> QuerySet[Recusal]:
    """Return the recusals of the person of a row in the hearing of that row, for a subquery."""
    return Recusal.objects.filter(hearing=OuterRef("hearing"), person=OuterRef("person"))


def seats() -> QuerySet[Any]:
    """Return the seats, also former ones, of the person of a row in the committee of its hearing."""
    rows: QuerySet[Any] = apps.get_model("promotions", "Seat")._base_manager.all()
    return rows.filter(committee=OuterRef("hearing__committee"), person=OuterRef("person"))


class Member(models.Model):
    """Somebody who was called to answer a case."""

    hearing = models.ForeignKey("Hearing", models.PROTECT, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    chair = models.BooleanField(_("chair"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    objects = Members.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "person"], name="promotions_called_once_per_hearing")
        ]


class Recusal(models.Model):
    """The fact that a member does not answer a case, and why."""

    hearing = models.ForeignKey("Hearing", models.PROTECT, related_name="recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ground = models.CharField(_("ground"), max_length=12, choices=list(GROUNDS.items()))
    reason = models.TextField(_("reason"), blank=True, max_length=TEXT_LIMIT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "person"], name="promotions_recused_once_per_hearing"),
            models.CheckConstraint(
                condition=Q(ground__in=BY_RULE) | ~Q(reason=""), name="promotions_recusal_says_why"
            ),
        ]
