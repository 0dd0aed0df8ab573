"""Who may copy, hold and erase the whole record of somebody."""

from __future__ import annotations

from django.db.models import Q

from competencies.core.clock import now, today
from competencies.core.permissions import rule
from competencies.people.models import Person
from competencies.trail.audit_reads import Reading
from competencies.trail.visibility import keep_quiet

keep_quiet("draft.redacted")


@rule("records.read_record", on="people.Person", reading=Reading("record.read"))
def read_record(person: Person) -> Q:
    return Q(pk=person.pk) | person.holding("hr")


@rule("records.order_export", on="people.Person")
def order_export(person: Person) -> Q:
    return Q(erased_at=None) & (Q(pk=person.pk) | person.holding("hr"))


@rule("records.read_export", on="records.Export")
def read_export(person: Person) -> Q:
    """A copy is for the one who ordered it, as long as they may order it."""
    return Q(job__by=person, person__in=Person.objects.filter(order_export(person)).values("pk"))


@rule("records.download_export", on="records.Export")
def download_export(person: Person) -> Q:
    return read_export(person) & ~Q(file="") & Q(expires_at__gt=now())


@rule("records.hold_person", on="people.Person")
def hold_person(person: Person) -> Q:
    return Q(erased_at=None) & ~Q(pk=person.pk) & person.holding("hr")


@rule("records.lift_hold", on="records.Hold")
def lift_hold(person: Person) -> Q:
    return Q(lifted_at=None) & ~Q(person=person) & person.holding("hr")


@rule("records.erase_person", on="people.Person")
def erase_person(person: Person) -> Q:
    """Somebody who has left; whether their record is held is told in words."""
    left = Q(leaves_on__lte=today(), erased_at=None)
    return left & ~Q(pk=person.pk) & person.holding("hr")
