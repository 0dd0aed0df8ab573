from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, Q

from competencies.core.clock import today
from competencies.core.permissions import rule
from competencies.trail.visibility import keep_quiet, keep_until_the_day

from .querysets import here

if TYPE_CHECKING:
    from .models import Person


keep_quiet("account.signed_in", "account.signed_out")
keep_until_the_day("person.left", "person.rejoined", "person.moved", "person.placed")
keep_until_the_day("person.move_called_off", "person.placing_called_off")


@rule("people.read_person", on="people.Person")
def read_person(person: Person) -> Q:
    return Q(pk=person.pk) | person.over("pk") | person.holding("hr")


@rule("people.see_in_chart", on="people.Person")
def see_in_chart(person: Person) -> Q:
    """Name, title, team and manager: of those above, beside and below oneself."""
    return (
        person.holding("hr")
        | Q(pk=person.pk)
        | Q(pk__in=person.above().values("pk"))
        | Q(pk__in=person.beside().values("pk"))
        | person.over("pk")
    )


@rule("people.read_plans", on="people.Person")
def read_plans(person: Person) -> Q:
    """What begins or ends on a day to come: nobody learns of their own, or their report's, ahead of it."""
    return person.holding("hr") & ~Q(pk=person.pk)


@rule("people.place_person", on="people.Person")
def place_person(person: Person) -> Q:
    return person.holding("hr") & ~Q(pk=person.pk)


@rule("people.call_off_line", on="people.ReportingLine")
def call_off_line(person: Person) -> Q:
    return Q(starts_on__gt=today()) & person.holding("hr") & ~Q(person=person)


@rule("people.call_off_placement", on="people.Placement")
def call_off_placement(person: Person) -> Q:
    return Q(starts_on__gt=today()) & person.holding("hr") & ~Q(person=person)


@rule("people.welcome_person", on="people.Organisation")
def welcome_person(person: Person) -> Q:
    return person.holding("hr")


@rule("people.grant_role", on="people.Person")
def grant_role(person: Person) -> Q:
    return here() & person.holding("hr") & ~Q(pk=person.pk)


@rule("people.revoke_grant", on="people.RoleGrant")
def revoke_grant(person: Person) -> Q:
    return Q(revoked_at=None) & person.holding("hr") & ~Q(person=person)


@rule("people.describe_person", on="people.Person")
def describe_person(person: Person) -> Q:
    return Q(erased_at=None) & person.holding("hr")


@rule("people.describe_self", on="people.Person")
def describe_self(person: Person) -> Q:
    return Q(pk=person.pk)


@rule("people.release_person", on="people.Person")
def release_person(person: Person) -> Q:
    return Q(leaves_on=None) & person.holding("hr") & ~Q(pk=person.pk)


@rule("people.readmit_person", on="people.Person")
def readmit_person(person: Person) -> Q:
    return Q(leaves_on__isnull=False, erased_at=None) & person.holding("hr") & ~Q(pk=person.pk)


@rule("people.invite_person", on="people.Person")
def invite_person(person: Person) -> Q:
    return here() & person.holding("hr") & ~Q(pk=person.pk)


@rule("people.reset_second_factor", on="people.Person")
def reset_second_factor(person: Person) -> Q:
    return Q(erased_at=None) & person.holding("hr") & ~Q(pk=person.pk)


@rule("people.revoke_invitation", on="people.Invitation")
def revoke_invitation(person: Person) -> Q:
    return Q(accepted_at=None, revoked_at=None) & person.holding("hr")


@rule("people.govern_organisation", on="people.Organisation")
def govern_organisation(person: Person) -> Q:
    return person.holding("hr")


@rule("people.browse_people", on="people.Organisation")
def browse_people(person: Person) -> Q:
    return person.holding("hr")


@rule("people.lead_team", on="people.Organisation")
def lead_team(person: Person) -> Q:
    """Whoever somebody reports to today."""
    return Q(Exists(person.reports()))


@rule("people.run_cycles", on="people.Organisation")
def run_cycles(person: Person) -> Q:
    return person.holding("hr")


@rule("people.read_trail", on="people.Organisation")
def read_trail(person: Person) -> Q:
    """Who may search the trail; which entries they find there is asked of `trail.read_entry`."""
    return person.holding("auditor") | person.holding("hr")


@rule("people.read_chain", on="people.Organisation")
def read_chain(person: Person) -> Q:
    """Who is shown how the trail is chained: digests, head and numbers, by which guesses are confirmed."""
    return person.holding("auditor")


@rule("people.read_trail_of", on="people.Person")
def read_trail_of(person: Person) -> Q:
    return Q(pk=person.pk) | person.holding("auditor") | person.holding("hr")


@rule("people.write_framework", on="people.Organisation")
def write_framework(person: Person) -> Q:
    return person.holding("author")


@rule("people.issue_token", on="people.Person")
def issue_token(person: Person) -> Q:
    return Q(pk=person.pk)


@rule("people.read_token", on="people.Token")
def read_token(person: Person) -> Q:
    return Q(person=person)


@rule("people.revoke_token", on="people.Token")
def revoke_token(person: Person) -> Q:
    return Q(person=person, revoked_at=None)


@rule("people.import_people", on="people.Organisation")
def import_people(person: Person) -> Q:
    return person.holding("hr")
