"""The head of the trail, mailed to the auditors once a day: a witness that lies outside of the database."""

from django.core.cache import caches

from competencies.access.clock import today
from competencies.people.models import Person
from competencies.trail.models import Head
from ladder import letters
from ladder.background import task

LETTER = "trail/mail/head"
REMEMBERED = 3 * 24 * 60 * 60  # seconds for which it is known that a day's letters went


def mail_daily():
    """Have the head mailed to every auditor, unless it was today. Called every few seconds by workers."""
    told, key = caches["default"], f"trail-head-{today():%Y-%m-%d}"
    if not told.get(key) and told.add(key, True, REMEMBERED):
        for auditor in auditors().values_list("pk", flat=True):
            mail_head.enqueue(auditor)


@task()
def mail_head(person_pk):
    """Write to one auditor where the trail stands. What keeps a letter is told to the log alone."""
    head, person = Head.here(), auditors().filter(pk=person_pk).first()
    if person and head.sequence:
        letters.send_or_log(person, LETTER, {"head": str(head), "day": today()}, markup=False)


def auditors():
    """Return the people who hold the role today and are here."""
    return Person.objects.active().holding("auditor")
