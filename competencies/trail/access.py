from django.db.models import Q

from competencies.access.rules import rule

from .discretion import quiet_actions


@rule("trail.read_entry", on="trail.Entry")
def read_entry(person):
    """The auditor all; HR and the person it is about what is not quiet; everybody what they did."""
    told = ~Q(action__in=quiet_actions())
    of_others = told & (Q(about=person) | person.holding("hr"))
    return Q(actor=person) | of_others | person.holding("auditor")
