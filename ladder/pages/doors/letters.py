"""Invitations by mail, written off the way of the request.

The link is made here, so that it rests in no queue.
"""

import logging

from django.urls import reverse

from competencies.access.refusal import Refusal
from competencies.people.models import Invitation, Person
from ladder import letters
from ladder.background import task

from .waiting import waiting_for

logger = logging.getLogger(__name__)


def link_of(key, site):
    """Return the address that opens an invitation; `site` is `https://host`."""
    return f"{site}{reverse('open_invitation', args=[key])}"


@task()
def invite(person_pk, by_pk, site):
    """Invite one person by mail, as somebody of HR ordered. What does not fit any more is left out."""
    person, by = (Person.objects.filter(pk=pk).first() for pk in (person_pk, by_pk))
    if person and by:
        write(person, by=by, site=site)


@task()
def invite_everyone(by_pk, site):
    """Invite by mail everybody who waits for it. Run twice, it goes on where it was stopped."""
    by = Person.objects.filter(pk=by_pk).first()
    for person in waiting_for(by).order_by("pk") if by else []:
        write(person, by=by, site=site)


def write(person, *, by, site):
    """Invite a person and mail them the link. A mail that cannot be sent takes the invitation back."""
    try:
        invitation, key = Invitation.issue(person, by=by)
    except Refusal as refusal:
        logger.info("An invitation was not written: %s", refusal)
        return
    context = {"link": link_of(key, site), "invitation": invitation}
    try:
        letters.send(person, "doors/mail/invitation", context)
    except OSError as problem:  # what smtplib raises is one
        invitation.revoke(by=by)
        logger.warning("An invitation could not be sent: %s", type(problem).__name__)
