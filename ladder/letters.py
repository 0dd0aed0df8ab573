"""Mails in the words of the product: a template with the subject in its first line, and one with markup."""

import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from competencies.people.models import Organisation

logger = logging.getLogger(__name__)


def are_sent():
    """Say whether a mail server is there. Without one, mails are left in the data folder as files."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def send(person, letter, context, *, to=None, markup=True):
    """Mail a person the letter `letter` (`"doors/mail/invitation"`): text, and with `markup` that too.

    The text is not escaped, because nothing reads it as markup. `to` is an address other than the one
    they have now.
    """
    context = {"person": person, "organisation": Organisation.here()} | context
    subject, _blank, text = render_to_string(f"{letter}.txt", context).strip().partition("\n")
    mail = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", None, [to or person.email])
    if markup:
        mail.attach_alternative(render_to_string(f"{letter}.html", context), "text/html")
    mail.send()


def send_or_log(person, letter, context, **options):
    """Mail as `send` does; say whether it went. What kept it is told to the log alone."""
    try:
        send(person, letter, context, **options)
    except OSError as problem:  # what smtplib raises is one
        logger.warning("A letter could not be sent: %s", type(problem).__name__)
        return False
    return True
