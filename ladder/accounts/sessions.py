"""Ending the sessions of somebody, whoever has the right to."""

from allauth.usersessions.models import UserSession

from competencies.people.models import Person


def end_all(person: Person) -> None:
    """End every session of a person: their next click leads to the sign-in."""
    for session in UserSession.objects.filter(user=person):
        session.end()
