"""Letters to those who are asked, and to who asked once they answered, written off the way of the request.

The key is made here, so that it rests in no queue.
"""

import logging

from django.urls import reverse

from competencies.access.refusal import Refusal
from competencies.people.models import Person
from competencies.promotions.endorsing import EndorsementRequest
from ladder import letters
from ladder.background import task

logger = logging.getLogger(__name__)


def link_of(key, site):
    """Return the address that opens a request; `site` is `https://host`."""
    return f"{site}{reverse('open_endorsement', args=[key])}"


@task()
def request_endorsement(request_pk, by_pk, site):
    """Write to somebody who was asked, as `by` ordered. What does not fit any more is left out."""
    asked = EndorsementRequest.objects.with_case().filter(pk=request_pk).first()
    by = Person.objects.filter(pk=by_pk).first()
    if asked and by:
        write(asked, by=by, site=site)


def write(asked, *, by, site):
    """Mail the link. A letter that cannot be sent does not count as one."""
    reminder = asked.letters.exists()
    try:
        key = asked.issue_key(by=by)
    except Refusal as refusal:
        logger.info("A letter was not written: %s", refusal)
        return
    context = {"asked": asked, "case": asked.case, "reminder": reminder, "link": link_of(key, site)}
    if not letters.send_or_log(None, "endorsements/mail/request", context, to=asked.email):
        asked.drop_key(key)


@task()
def tell_of_answer(request_pk, site):
    """Write to who asked that an answer is there, without its words. Who may not read it is not told."""
    asked = EndorsementRequest.objects.with_case().filter(pk=request_pk).first()
    given = getattr(asked, "endorsement", None)
    refused = getattr(asked, "refusal", None)
    may_know = (given and asked.by.has_perm("promotions.read_endorsement", given)) or (
        refused and asked.by.has_perm("promotions.read_refusal", refused)
    )
    if not may_know:
        return
    context = {
        "asked": asked,
        "case": asked.case,
        "given": given,
        "link": f"{site}{asked.get_absolute_url()}",
    }
    letters.send_or_log(asked.by, "endorsements/mail/answered", context)
