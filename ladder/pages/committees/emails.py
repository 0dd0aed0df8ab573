"""Letters to those who are called to answer a case. They name nobody: the case is read in the product."""

from django.db import transaction

from competencies.notices.models import Letter
from competencies.promotions.models import Hearing
from ladder.jobs import email_outbox
from ladder.web.email import Mail

MEMBER_ADDED = "member-added"


@transaction.atomic
def call_members(hearing, *, by, site):
    """Have everybody told who sits in a hearing and has not answered yet, and the chair whom HR added."""
    for member in hearing.awaited() if hearing.round else ():
        call_member(hearing, member.person, by=by, site=site)
    if hearing.members.for_this_case().exists():
        tell_chair(hearing, by=by, site=site)


def tell_chair(hearing, *, by, site):
    """Have the chair told that HR added a member for this case, unless they did so themselves."""
    for member in hearing.members.sitting().filter(chair=True).exclude(person=by):
        email_outbox.order(
            Letter.Kind.CALL, to=member.person, by=by, row=hearing.pk, what=MEMBER_ADDED, site=site
        )


def call_member(hearing, person, *, by, site):
    """Have one of them told."""
    email_outbox.order(Letter.Kind.CALL, to=person, by=by, row=hearing.pk, site=site)


def call(letter):
    """Write to somebody whose ballot is awaited; None when it is not, or they have left."""
    hearing = Hearing.objects.select_related("committee").filter(pk=letter.row).first()
    if hearing is None or not hearing.round:
        return None
    if letter.what == MEMBER_ADDED:
        return _added(letter, hearing)
    awaited = hearing.awaited()
    if letter.receiver_id not in {member.person_id for member in awaited} or not letter.receiver.is_active:
        return None
    link = f"{letter.site}{hearing.get_absolute_url()}"
    return Mail("committees/mail/call", {"committee": hearing.committee, "link": link})


def _added(letter, hearing):
    """Write to the chair of a hearing who votes for this case alone; None to who is not in the chair."""
    chair = hearing.members.sitting().filter(chair=True, person=letter.receiver_id).first()
    added = [member.person.name for member in hearing.members.sitting().for_this_case()]
    if chair is None or not added:
        return None
    link = f"{letter.site}{hearing.get_absolute_url()}"
    return Mail("committees/mail/added", {"committee": hearing.committee, "added": added, "link": link})
