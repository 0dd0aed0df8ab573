"""What happens to accounts, done off the way of the request: lines on the trail, and mails to the owner."""

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import int_to_base36

from competencies.people.models import Organisation, Person
from competencies.trail.models import record
from ladder.addresses import rests_until

try:
    from django.tasks import task
except ImportError:
    from django_tasks import task  # type: ignore[no-redef]


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
        write(person, "accounts/mail/reset_rests.txt", {"until": until})
        return
    key = default_token_generator.make_token(person)
    address = reverse("account_reset_password_from_key", args=[int_to_base36(person.pk), key])
    write(person, "accounts/mail/reset.txt", {"link": f"{site}{address}"})


@task()
def write_notice(person_pk, what):
    """Mail a person that something about their account was changed; `what` is allauth's name for it."""
    if person := Person.objects.active().filter(pk=person_pk).first():
        write(person, "accounts/mail/notice.txt", {"what": what})


def write(person, template, context):
    """Mail a person a text; the first line of the template is the subject."""
    context = {"person": person, "organisation": Organisation.here()} | context
    subject, _blank, text = render_to_string(template, context).strip().partition("\n")
    send_mail(subject, text.strip() + "\n", None, [person.email])
