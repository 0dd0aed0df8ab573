from django.db.models import Q

from competencies.access.rules import rule


@rule("people.read_person", on="people.Person")
def read_person(person):
    return Q(pk=person.pk) | Q(pk__in=person.below().values("pk")) | person.holding("hr")


@rule("people.place_person", on="people.Person")
def place_person(person):
    return person.holding("hr") & ~Q(pk=person.pk)


@rule("people.welcome_person", on="people.Organisation")
def welcome_person(person):
    return person.holding("hr")


@rule("people.grant_role", on="people.Person")
def grant_role(person):
    return person.holding("hr") & ~Q(pk=person.pk)


@rule("people.browse_people", on="people.Organisation")
def browse_people(person):
    return person.holding("hr")


@rule("people.run_cycles", on="people.Organisation")
def run_cycles(person):
    return person.holding("hr")


@rule("people.read_trail", on="people.Organisation")
def read_trail(person):
    return person.holding("auditor")


@rule("people.write_framework", on="people.Organisation")
def write_framework(person):
    return person.holding("author")


@rule("people.issue_token", on="people.Person")
def issue_token(person):
    return Q(pk=person.pk)


@rule("people.read_token", on="people.Token")
def read_token(person):
    return Q(person=person)


@rule("people.revoke_token", on="people.Token")
def revoke_token(person):
    return Q(person=person, revoked_at=None)
