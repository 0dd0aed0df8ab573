"""What follows when HR changes the email by which a person signs in.

Whoever reads the mail of an address can set a new password. So every session ends, the old address is
told, and for a day no link goes to the new one: time for the person to object. It holds for one's own
email too, which somebody else may have changed at a window that was left open.
"""

from datetime import datetime, timedelta

from django.contrib.auth import update_session_auth_hash

from competencies.core.clock import now
from competencies.notices.models import Letter
from competencies.people.models import Person
from competencies.trail.models import Entry
from ladder.accounts.allauth_internals import end_other_sessions
from ladder.accounts.sessions import end_all
from ladder.jobs import email_outbox
from ladder.web.email import Mail
from ladder.web.request import Request

RESTS = timedelta(days=1)
CHANGES = ["person.described", "person.restored"]


def follow(request: Request, person: Person, before: str) -> bool:
    """Do what follows from the visitor's change of a person's email, which was `before` until now.

    Returns whether anything did: of somebody who never came in there is nothing to take over.
    """
    if person.email == before or person.last_login is None:
        return False
    email_outbox.order(Letter.Kind.NEW_EMAIL, to=person, by=request.user, address=before)
    if person == request.user:
        update_session_auth_hash(request, person)
        end_other_sessions(request, person)
    else:
        end_all(person)
    return True


def new_email(letter: Letter) -> Mail | None:
    """Write to the address before that a person who is here signs in by another one from now on."""
    if letter.by is None or letter.receiver is None or not letter.receiver.is_active:
        return None
    return Mail("people/mail/new_email", {"by": letter.by}, to=letter.address)


def rests_until(person: Person) -> datetime | None:
    """Return until when no link sets a new password, as the email was changed; None when one may."""
    if person.last_login is None:
        return None
    changes = Entry.objects.matching(about=[person], actions=CHANGES).filter(at__gt=now() - RESTS)
    for entry in changes.newest():
        if "email" in entry.details["fields"]:
            return entry.at + RESTS
    return None
