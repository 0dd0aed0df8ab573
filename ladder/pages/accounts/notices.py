"""What happens to accounts, done off the way of the request: lines on the trail, and mails to the owner."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import int_to_base36

from competencies.people.models import Person
from competencies.trail.models import record
from ladder import letters
from ladder.addresses import rests_until
from ladder.background import task


@task()
def note_failure(person_pk):
    """Write on the trail that somebody failed to sign in as a person; of None nothing is written."""
    if person := Person.objects.filter(pk=person_pk).first():
        record("account.sign_in_failed", person, by=None, about=person)


@task()
def write_reset(person_pk, site):
    """Mail a person who is here the link that sets a new password; `site` is `https://host`.

    The link is made here, so that it rests in no queue. Where the email was changed a moment ago, the
    mail says from when on there is one.
    """
    person = Person.objects.active().filter(pk=person_pk).first()
    if person is None:
        return
    if until := rests_until(person):
        letters.send(person, "accounts/mail/reset_rests", {"until": until}, markup=False)
        return
    key = default_token_generator.make_token(person)
    address = reverse("account_reset_password_from_key", args=[int_to_base36(person.pk), key])
    letters.send(person, "accounts/mail/reset", {"link": f"{site}{address}"}, markup=False)


@task()
def write_notice(person_pk, what):
    """Mail a person that something about their account was changed; `what` is allauth's name for it."""
    if person := Person.objects.active().filter(pk=person_pk).first():
        letters.send(person, "accounts/mail/notice", {"what": what}, markup=False)
