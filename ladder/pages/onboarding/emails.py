"""Invitations by mail, written off the way of the request.

The link is made here, so that it rests in no queue.
"""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from competencies.core.refusals import Refusal
from competencies.notices.models import Letter
from competencies.people.models import Invitation, Person
from ladder.accounts.locked_out import waiting_for
from ladder.jobs import email_outbox
from ladder.jobs.queue import task
from ladder.web.email import Mail

AT_A_TIME = 50  # people invited in one transaction


def link_of(key: str, site: str) -> str:
    """Return the address that opens an invitation; `site` is `https://host`."""
    return f"{site}{reverse('open_invitation', args=[key])}"


@transaction.atomic
def invite(person: Person, *, by: Person, site: str, behind: bool = False) -> Invitation:
    """Invite a person and have the letter with the link written; return the `Invitation`.

    Refuses as `Invitation.issue` does. Nobody learns the key that is made here: each letter gets its own.
    """
    invitation, _key = Invitation.issue(person, by=by)
    email_outbox.order(Letter.Kind.INVITATION, to=person, by=by, row=invitation.pk, site=site, behind=behind)
    return invitation


@task()
def invite_everyone(by_pk: int, site: str) -> None:
    """Invite everybody who waits for it, as somebody ordered. Run twice, it goes on where it was stopped."""
    by = Person.objects.filter(pk=by_pk).first()
    if by is None:
        return
    waiting = list(waiting_for(by).order_by("pk"))
    for start in range(0, len(waiting), AT_A_TIME):
        _invite_some(waiting[start : start + AT_A_TIME], by, site)


@transaction.atomic
def _invite_some(people: Iterable[Person], by: Person, site: str) -> None:
    for person in people:
        try:
            invite(person, by=by, site=site, behind=True)
        except Refusal:  # somebody else invited them, or they came in, a moment ago
            continue


def invitation(letter: Letter) -> Mail | None:
    """Write an invitation; None when it is no longer good, or whoever sent it may not any more."""
    row = Invitation.objects.select_related("person", "by").filter(pk=letter.row or 0).first()
    if row is None:
        return None
    try:
        key = row.renew_key()
    except Refusal:
        row.take_back_unsent()
        return None
    context = {"link": link_of(key, letter.site), "invitation": row}
    return Mail("onboarding/mail/invitation", context, lost=row.take_back_unsent)
