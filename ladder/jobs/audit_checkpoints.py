"""The head of the trail, mailed to the auditors once a day: a witness that lies outside of the database."""

from django.core.cache import caches
from django.db import transaction

from competencies.core.clock import today
from competencies.notices.models import Letter
from competencies.people.models import Person
from competencies.people.models.person_queryset import People
from competencies.trail.models import Head
from ladder.jobs import email_outbox
from ladder.web.email import Mail

REMEMBERED = 3 * 24 * 60 * 60  # seconds for which it is known that a day's letters were ordered


def order_daily() -> None:
    """Order a letter to every auditor, unless it was ordered today. Workers call it with every sweep."""
    marks, key = caches["default"], f"trail-head-{today():%Y-%m-%d}"
    if marks.get(key) or not Head.here().sequence:
        return
    with transaction.atomic():  # the mark lies in the same database: of two workers one orders
        if marks.add(key, True, REMEMBERED):
            for auditor in auditors():
                email_outbox.order(Letter.Kind.TRAIL_HEAD, to=auditor, behind=True)


def head(letter: Letter) -> Mail | None:
    """Return what an auditor is told: where the trail stands. None for whoever is none any more."""
    if letter.receiver is None or not auditors().filter(pk=letter.receiver.pk).exists():
        return None
    return Mail("trail/mail/head", {"head": str(Head.here()), "day": today()}, markup=False)


def auditors() -> People:
    """Return the people who hold the role today and are here."""
    return Person.objects.active().holding("auditor")
