"""Coming in by a door other than the sign-in page."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from competencies.people.models import Person
from ladder.accounts.allauth_internals import record_authentication


def enter(request: HttpRequest, person: Person, *, to: str) -> HttpResponse:
    """Sign in a person who has just chosen a password, under a new session key; go on to the address `to`.

    Somebody who has a second factor is asked for it first.
    """
    record_authentication(request, person, "password", email=person.email)
    return perform_login(request, person, redirect_url=to)
