"""Mails in the words of the product: what one says, and its sending."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac

from competencies.core.clock import zone
from competencies.people.models import Organisation


@dataclass(frozen=True)
class Mail:
    """What a letter says: a template with its context, and where it goes.

    `unsent` is called when a try came to nothing, and `lost` when there will be no other.
    """

    template: str
    context: dict
    to: str = ""
    markup: bool = True
    unsent: Callable = lambda: None
    lost: Callable = lambda: None


def are_sent():
    """Return True if a mail server is set up. Without one, mails are left in the data folder as files."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def send(person, letter, context, *, to=None, markup=True, number=None):
    """Mail a person the letter `letter` (`"onboarding/mail/invitation"`): text, and with `markup` that too.

    The text is not escaped, because nothing reads it as markup. `to` is an address other than the one
    they have now. Times are told in the zone of the person, where it is known. `number` is that of the
    letter: sent twice, it is the same mail to whoever compares.
    """
    with timezone.override(getattr(person, "zone", None) or zone()):
        mail = _written(person, letter, context, to=to, markup=markup)
    if number is not None:
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
        mail.extra_headers["Message-ID"] = f"<{salted_hmac('letter', str(number)).hexdigest()[:24]}@{host}>"
    mail.send()


def _written(person, letter, context, *, to, markup):
    """Return the mail in the words of its templates, as `send` is asked for it."""
    context = {"person": person, "organisation": Organisation.here()} | context
    subject, _blank, text = render_to_string(f"{letter}.txt", context).strip().partition("\n")
    mail = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", None, [to or person.email])
    if markup:
        mail.attach_alternative(render_to_string(f"{letter}.html", context), "text/html")
    return mail
