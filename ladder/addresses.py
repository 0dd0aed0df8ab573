"""What follows when HR changes the email by which a person signs in.

Whoever reads the mail of an address can set a new password. So every session ends, the old address is
told, and for a day no link goes to the new one: time for the person to object. It holds for one's own
email too, which somebody else may have changed at a window that was left open.
"""

from datetime import timedelta

from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib.auth import update_session_auth_hash

from competencies.core.clock import now
from competencies.notices.models import Letter
from competencies.people.models import Person
from competencies.people_import.models import Application
from competencies.trail.models import Entry
from ladder import letters
from ladder.background import task
from ladder.sessions import end_all

RESTS = timedelta(days=1)
CHANGES = ["person.described", "person.restored"]


def follow(request, person, before):
    """Do what follows from the visitor's change of a person's email, which was `before` until now.

    Returns whether anything did: of somebody who never came in there is nothing to take over.
    """
    if person.email == before or person.last_login is None:
        return False
    letters.order(Letter.Kind.NEW_EMAIL, to=person, by=request.user, address=before)
    if person == request.user:
        update_session_auth_hash(request, person)
        end_other_sessions(request, person)
    else:
        end_all(person)
    return True


def new_email(letter):
    """Write to the address before that a person who is here signs in by another one from now on."""
    if letter.by is None or not letter.receiver.is_active:
        return None
    return letters.Mail("people/mail/new_email", {"by": letter.by}, to=letter.address)


@task()
def tell_old_addresses(application_pk):
    """Have everybody told whose email an import changed, and who came in before. Tells nobody twice."""
    application = Application.objects.select_related("memory", "by").get(pk=application_pk)
    memory = application.memory.rows() if hasattr(application, "memory") else {}
    before = {pk: row["before"]["email"] for pk, row in memory.items() if "email" in row["before"]}
    came_in = Person.objects.exclude(last_login=None).order_by("pk")
    told = Letter.objects.filter(kind=Letter.Kind.NEW_EMAIL, row=application_pk).values("receiver")
    for person in came_in.exclude(pk__in=told):
        if person.pk in before:
            letters.order(
                Letter.Kind.NEW_EMAIL,
                to=person, by=application.by, row=application_pk, address=before[person.pk], behind=True,
            )  # fmt: skip


def rests_until(person):
    """Return until when no link sets a new password, as the email was changed; None when one may."""
    if person.last_login is None:
        return None
    changes = Entry.objects.matching(about=[person.pk], actions=CHANGES).filter(at__gt=now() - RESTS)
    for entry in changes.newest():
        if "email" in entry.details["fields"]:
            return entry.at + RESTS
    return None
