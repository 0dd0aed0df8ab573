from django.db.models import Q

from competencies.access.rules import rule


@rule("evidence.read_evidence", on="evidence.Evidence")
def read_evidence(person):
    below = person.below().values("pk")
    return Q(person=person) | Q(person__in=below) | person.holding("hr")


@rule("evidence.write_evidence", on="evidence.Evidence")
def write_evidence(person):
    mine_or_below = Q(person=person) | Q(person__in=person.below().values("pk"))
    return Q(author=person) & mine_or_below


@rule("evidence.log_evidence", on="people.Person")
def log_evidence(person):
    return Q(pk=person.pk) | Q(pk__in=person.reports().values("pk"))
