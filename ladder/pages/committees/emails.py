"""Letters to those who are called to answer a case. They name nobody: the case is read in the product."""

from django.db import transaction

from competencies.notices.models import Letter
from competencies.promotions.models import Hearing
from ladder.jobs import email_outbox
from ladder.web.email import Mail


@transaction.atomic
def call_members(hearing, *, by, site):
    """Have everybody told who sits in a hearing and has not answered yet."""
    for member in hearing.awaited() if hearing.round else ():
        call_member(hearing, member.person, by=by, site=site)


def call_member(hearing, person, *, by, site):
    """Have one of them told."""
    email_outbox.order(Letter.Kind.CALL, to=person, by=by, row=hearing.pk, site=site)


def call(letter):
    """Write to somebody whose ballot is awaited; None when it is not, or they have left."""
    hearing = Hearing.objects.select_related("committee").filter(pk=letter.row).first()
    if hearing is None or not hearing.round:
        return None
    awaited = hearing.awaited()
    if letter.receiver_id not in {member.person_id for member in awaited} or not letter.receiver.is_active:
        return None
    link = f"{letter.site}{hearing.get_absolute_url()}"
    return Mail("committees/mail/call", {"committee": hearing.committee, "link": link})
