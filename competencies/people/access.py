from django.db.models import Q

from competencies.access.rules import rule
from competencies.trail.discretion import keep_quiet

from .querysets import here

keep_quiet("account.signed_in", "account.signed_out")


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


@rule("people.revoke_grant", on="people.RoleGrant")
def revoke_grant(person):
    return Q(revoked_at=None) & person.holding("hr") & ~Q(person=person)


@rule("people.describe_person", on="people.Person")
def describe_person(person):
    return Q(erased_at=None) & person.holding("hr")


@rule("people.release_person", on="people.Person")
def release_person(person):
    return Q(leaves_on=None) & person.holding("hr") & ~Q(pk=person.pk)


@rule("people.readmit_person", on="people.Person")
def readmit_person(person):
    return Q(leaves_on__isnull=False, erased_at=None) & person.holding("hr")


@rule("people.invite_person", on="people.Person")
def invite_person(person):
    return here() & person.holding("hr") & ~Q(pk=person.pk)


@rule("people.revoke_invitation", on="people.Invitation")
def revoke_invitation(person):
    return Q(accepted_at=None, revoked_at=None) & person.holding("hr")


@rule("people.govern_organisation", on="people.Organisation")
def govern_organisation(person):
    return person.holding("hr")


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
