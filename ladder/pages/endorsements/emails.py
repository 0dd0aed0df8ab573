"""Letters to those who are asked, and to who asked once they answered, written off the way of the request.

The key is made here, so that it rests in no queue.
"""

from functools import partial

from django.urls import reverse

from competencies.core.refusals import Refusal
from competencies.notices.models import Letter
from competencies.promotions.models import EndorsementRequest
from ladder.jobs import email_outbox
from ladder.web.email import Mail


def link_of(key, site):
    """Return the address that opens a request; `site` is `https://host`."""
    return f"{site}{reverse('open_endorsement', args=[key])}"


def order_request(asked, *, by, site):
    """Have the link written to somebody who was asked, unless a letter to them waits already."""
    if not Letter.objects.waiting().filter(kind=Letter.Kind.ENDORSEMENT, row=asked.pk).exists():
        email_outbox.order(Letter.Kind.ENDORSEMENT, to=asked.person, by=by, row=asked.pk, site=site)


def order_answer(asked, *, site):
    """Have whoever asked told that an answer is there."""
    email_outbox.order(Letter.Kind.ENDORSED, to=asked.by, row=asked.pk, site=site)


def request(letter):
    """Write to somebody who was asked; None when the request is over, or the asker may not send it any more.

    A letter that cannot be sent does not count as one.
    """
    asked = EndorsementRequest.objects.with_case().filter(pk=letter.row).first()
    if asked is None or letter.by is None:
        return None
    reminder = asked.letters.filter(at__lt=letter.at).exists()
    try:
        key = asked.issue_key(by=letter.by, again=letter.tries > 1)
    except Refusal:
        return None
    context = {"asked": asked, "case": asked.case, "reminder": reminder, "link": link_of(key, letter.site)}
    unsent = partial(asked.drop_key, key)
    return Mail("endorsements/mail/request", context, to=asked.email, unsent=unsent)


def answer(letter):
    """Write to who asked that an answer is there, without its words; None to who may not read it."""
    asked = EndorsementRequest.objects.with_case().filter(pk=letter.row).first()
    if asked is None:
        return None
    given = getattr(asked, "endorsement", None)
    refused = getattr(asked, "refusal", None)
    may_know = (given and asked.by.has_perm("promotions.read_endorsement", given)) or (
        refused and asked.by.has_perm("promotions.read_refusal", refused)
    )
    if not may_know:
        return None
    link = f"{letter.site}{asked.get_absolute_url()}"
    context = {"asked": asked, "case": asked.case, "given": given, "link": link}
    return Mail("endorsements/mail/answered", context)
