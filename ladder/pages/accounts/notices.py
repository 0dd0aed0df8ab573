"""What happens to accounts, done off the way of the request: lines on the trail, and mails to the owner."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import int_to_base36

from competencies.people.models import Person
from competencies.trail.models import record
from ladder.accounts.email_change import rests_until
from ladder.jobs.queue import task
from ladder.web.email import Mail


@task()
def note_failure(person_pk):
    """Write on the trail that somebody failed to sign in as a person; of None nothing is written."""
    if person := Person.objects.filter(pk=person_pk).first():
        record("account.sign_in_failed", person, by=None, about=person)


def new_password(letter):
    """Write a person who is here the link that sets a new password; None to nobody.

    The link is made here, so that it rests nowhere. Where the email was changed a moment ago, the mail says
    from when on there is one.
    """
    person = Person.objects.active().filter(pk=letter.receiver_id).first()
    if person is None:
        return None
    if until := rests_until(person):
        return Mail("accounts/mail/reset_rests", {"until": until}, markup=False)
    key = default_token_generator.make_token(person)
    address = reverse("account_reset_password_from_key", args=[int_to_base36(person.pk), key])
    return Mail("accounts/mail/reset", {"link": f"{letter.site}{address}"}, markup=False)


def change(letter):
    """Write to a person who is here that something about their account was changed: allauth's name for it."""
    if not letter.receiver.is_active:
        return None
    return Mail("accounts/mail/notice", {"what": letter.what}, markup=False)
