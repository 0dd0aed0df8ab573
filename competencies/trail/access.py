from django.db.models import Q

from competencies.access.rules import rule


@rule("trail.read_entry", on="trail.Entry")
def read_entry(person):
    return person.holding("auditor") | Q(actor=person)
