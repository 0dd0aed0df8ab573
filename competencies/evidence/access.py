from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competencies.core.permissions import rule
from competencies.trail.audit_reads import Reading

if TYPE_CHECKING:
    from competencies.people.models import Person


PIECE = Reading("evidence.read", about="person")
THERE = Q(withdrawal=None)


@rule("evidence.read_evidence", on="evidence.Evidence", reading=PIECE)
def read_evidence(person: Person) -> Q:
    return THERE & (Q(person=person) | person.over("person") | person.holding("hr"))


@rule("evidence.write_evidence", on="evidence.Evidence", reading=PIECE)
def write_evidence(person: Person) -> Q:
    mine_or_below = Q(person=person) | person.over("person")
    return THERE & Q(author=person) & mine_or_below


@rule("evidence.withdraw_evidence", on="evidence.Evidence", reading=PIECE)
def withdraw_evidence(person: Person) -> Q:
    """Those that one may change."""
    return write_evidence(person)


@rule("evidence.list_evidence", on="people.Person", reading=Reading("evidence.listed"))
def list_evidence(person: Person) -> Q:
    """Those of whose work one may read: the rows of `read_evidence`, person by person."""
    return Q(pk=person.pk) | person.over("pk") | person.holding("hr")


@rule("evidence.log_evidence", on="people.Person")
def log_evidence(person: Person) -> Q:
    return Q(pk=person.pk) | Q(pk__in=person.reports().values("pk"))
