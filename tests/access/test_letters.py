"""Every mail that the product writes, searched: it holds nothing that who gets it may not know."""

import pytest
from django.core import mail

from competencies.people.models import Person
from competencies.promotions.endorsing import EndorsementRequest
from competencies.promotions.models import Hearing
from ladder.addresses import tell_old_address
from ladder.pages.accounts import notices
from ladder.pages.committees.letters import call_member, call_members
from ladder.pages.doors import letters
from ladder.pages.endorsements import letters as requesting
from ladder.pages.organisation.notices import tell_of_reset
from ladder.trail_head import mail_head

from .entitled import Entitled

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SITE = "https://ladder.example"


@pytest.fixture
def box(settings):
    settings.EMAIL_HOST_NAMED = True
    mail.outbox = []
    return mail.outbox


def of_password(people):
    notices.write_reset.call(people["lena"].pk, SITE)


def of_a_change(people):
    notices.write_notice.call(people["lena"].pk, "password_changed")


def of_an_invitation(people):
    letters.invite.call(people["fay"].pk, people["hana"].pk, SITE)


def of_all_invitations(people):
    letters.invite_everyone.call(people["hana"].pk, SITE)


def of_a_reset(people):
    tell_of_reset.call(people["lena"].pk, people["hana"].pk)


def of_a_call(people):
    hearing = Hearing.objects.filter(masked=True, decision=None, case__withdrawal=None).first()
    call_members.call(hearing.pk, SITE)
    call_member.call(hearing.pk, people["otto"].pk, SITE)


def of_a_new_email(people):
    tell_old_address.call(people["lena"].pk, people["hana"].pk, people["lena"].email)


def of_a_request(people):
    asked = EndorsementRequest.objects.living().filter(person=people["kit"]).get()
    asked.email = people["kit"].email
    asked.save()
    requesting.request_endorsement.call(asked.pk, asked.by_id, SITE)


def of_the_head(people):
    mail_head.call(people["otto"].pk)


def of_an_answer(people):
    asked = EndorsementRequest.objects.living().filter(person=people["kit"]).get()
    asked.endorse("They led it.", relation="partner", outside=True)
    requesting.tell_of_answer.call(asked.pk, SITE)


@pytest.mark.parametrize(
    "ordered",
    [
        of_password, of_a_change, of_an_invitation, of_all_invitations, of_a_reset, of_a_new_email,
        of_a_request, of_a_call, of_an_answer, of_the_head,
    ],
)  # fmt: skip
def test_a_mail_holds_what_its_reader_may_know(scene, box, ordered):
    entitled = Entitled(scene)

    ordered(scene.people)

    assert box
    for letter in box:
        assert len(letter.to) == 1
        reader = Person.objects.get(email=letter.to[0])
        found = scene.canaries.found_in(str(letter.message()))
        own = scene.canaries.found_in(f"{reader.name} {reader.email}")
        name = entitled.name(reader.pk)
        assert [str(canary) for canary in found - own if not entitled.may_know(canary, name)] == []
