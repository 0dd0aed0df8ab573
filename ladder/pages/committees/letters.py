"""Letters to those who are called to answer a case. They name nobody: the case is read in the product."""

from competencies.people.models import Person
from competencies.promotions.models import Hearing
from ladder import letters
from ladder.background import task

LETTER = "committees/mail/call"


@task()
def call_members(hearing_pk, site):
    """Write to everybody who sits in a hearing and has not answered yet."""
    hearing = Hearing.objects.select_related("committee").filter(pk=hearing_pk).first()
    for member in hearing.awaited() if hearing and hearing.round else ():
        write(hearing, member.person, site=site)


@task()
def call_member(hearing_pk, person_pk, site):
    """Write to one who was called later."""
    hearing = Hearing.objects.select_related("committee").filter(pk=hearing_pk).first()
    person = Person.objects.filter(pk=person_pk).first()
    if hearing and person and person.is_active:
        write(hearing, person, site=site)


def write(hearing, person, *, site):
    """Mail the link to the hearing. A letter that cannot be sent is told to the log alone."""
    link = f"{site}{hearing.get_absolute_url()}"
    letters.send_or_log(person, LETTER, {"committee": hearing.committee, "link": link})
