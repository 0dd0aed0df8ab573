"""Committees: some people who answer cases together, seated by HR."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow
from competencies.people.models import Organisation, Person
from competencies.people.querysets import here
from competencies.trail.models import record


class Committee(models.Model):
    """Some people who answer promotion cases together."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("committee")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("committee", self.pk)

    @classmethod
    @transaction.atomic
    def found(cls, name: str, *, by: Person) -> Committee:
        """Make a committee that nobody sits in yet. Refuses a name that another one has."""
        locked(by, "promotions.seat_committees", Organisation.here())
        _check_free(name)
        committee = cls.objects.create(name=name, by=by)
        record("committee.founded", committee, by=by)
        return committee

    @transaction.atomic
    def rename(self, name: str, *, by: Person) -> Committee:
        """Call the committee `name` from now on. Refuses a name that another one has."""
        committee = locked(by, "promotions.seat_committee", self)
        _check_free(name, but=committee)
        if committee.name != name:
            committee.name = name
            committee.save(update_fields=["name"])
            record("committee.renamed", committee, by=by)
        return committee

    @transaction.atomic
    def seat(self, person: Person, *, by: Person, chair: bool = False) -> Seat:
        """Give `person` a seat, or make somebody who sits there the chair; return the `Seat`.

        A new chair takes the place of the former, who keeps their seat. Refuses whoever has left, and
        whoever sits there as that already.
        """
        committee = locked(by, "promotions.seat_committee", self)
        if not person.is_active:
            raise NotNow(_now("%(person)s has left the company.") % {"person": person})
        seats = committee.seats.current()
        held = seats.filter(person=person).first()
        if held and held.chair == chair:
            raise NotNow(_now("%(person)s is already on this committee.") % {"person": person})
        if chair and (before := seats.filter(chair=True).first()):
            before.end(by=by)
            Seat.objects.create(committee=committee, person=before.person, by=by)
        if held:
            held.end(by=by)
        seat = Seat.objects.create(committee=committee, person=person, chair=chair, by=by)
        record("committee.seated", committee, by=by, about=person, chair=chair)
        return seat

    @transaction.atomic
    def unseat(self, person: Person, *, by: Person) -> Seat:
        """Take the seat of `person` away. What they were called to before is not touched."""
        committee = locked(by, "promotions.seat_committee", self)
        seat = committee.seats.current().filter(person=person).first()
        if seat is None:
            raise NotNow(_now("%(person)s is not on this committee.") % {"person": person})
        seat.end(by=by)
        record("committee.unseated", committee, by=by, about=person)
        return seat


class Seats(Guarded["Seat"]):
    """Seats by whether somebody still has them."""

    def current(self) -> Self:
        """Keep the seats that nobody took away, of people who are here. The chair first, then by name."""
        return (
            self.filter(here("person__"), ended_at=None)
            .select_related("person")
            .order_by("-chair", "person__name")
        )


class Seat(models.Model):
    """Somebody's place in a committee, from one instant to another."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    chair = models.BooleanField(_("chair"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = Seats.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=Q(ended_at=None),
                name="promotions_one_seat_per_person",
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(ended_at=None, chair=True),
                name="promotions_one_chair_per_committee",
            ),
        ]

    def end(self, *, by: Person) -> None:
        self.ended_at, self.ended_by = now(), by
        self.save(update_fields=["ended_at", "ended_by"])


def _check_free(name: str, *, but: Committee | None = None) -> None:
    others = Committee.objects.exclude(pk=but.pk) if but else Committee.objects.all()
    if others.filter(name=name).exists():
        raise NotNow(_now("A committee with that name already exists. Choose another name."), field="name")
