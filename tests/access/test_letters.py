"""Every mail that the product writes, searched: it holds nothing that who gets it may not know."""

import pytest
from django.core import mail

from competencies.notices.models import Letter
from competencies.people.models import Person
from competencies.promotions.models import EndorsementRequest, Hearing
from ladder.jobs import audit_checkpoints, email_outbox
from ladder.pages.committees.emails import call_members
from ladder.pages.onboarding.emails import invite, invite_everyone

from .entitled import Entitled

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SITE = "https://ladder.example"


@pytest.fixture
def box(settings):
    settings.EMAIL_HOST_NAMED = True
    mail.outbox = []
    return mail.outbox


def of_password(people):
    email_outbox.order("reset", to=people["lena"], site=SITE)


def of_a_change(people):
    email_outbox.order("account", to=people["lena"], what="password_changed")


def of_an_invitation(people):
    invite(people["fay"], by=people["hana"], site=SITE)


def of_all_invitations(people):
    invite_everyone.call(people["hana"].pk, SITE)


def of_a_reset(people):
    email_outbox.order("second-factor", to=people["lena"], by=people["hana"])


def of_a_call(people):
    hearing = Hearing.objects.filter(masked=True, decision=None, case__withdrawal=None).first()
    call_members(hearing, by=people["hana"], site=SITE)


def of_a_new_email(people):
    email_outbox.order("new-email", to=people["lena"], by=people["hana"], address=people["lena"].email)


def of_a_request(people):
    asked = EndorsementRequest.objects.active().filter(person=people["kit"]).get()
    asked.email = people["kit"].email
    asked.save()
    email_outbox.order("endorsement", to=people["kit"], by=asked.by, row=asked.pk, site=SITE)


def of_the_head(people):
    audit_checkpoints.order_daily()


def of_an_answer(people):
    asked = EndorsementRequest.objects.active().filter(person=people["kit"]).get()
    asked.endorse("They led it.", relation="partner", outside=True)
    email_outbox.order("endorsed", to=asked.by, row=asked.pk, site=SITE)


@pytest.mark.parametrize(
    "ordered",
    [
        of_password, of_a_change, of_an_invitation, of_all_invitations, of_a_reset, of_a_new_email,
        of_a_request, of_a_call, of_an_answer, of_the_head,
    ],
)  # fmt: skip
def test_a_mail_holds_what_its_reader_may_know(scene, box, ordered):
    entitled = Entitled(scene)

    before = set(Letter.objects.values_list("pk", flat=True))
    ordered(scene.people)
    for letter in Letter.objects.waiting().exclude(pk__in=before):
        email_outbox.send_letter.call(letter.pk)

    assert box
    for letter in box:
        assert len(letter.to) == 1
        reader = Person.objects.get(email=letter.to[0])
        found = scene.canaries.found_in(str(letter.message()))
        own = scene.canaries.found_in(f"{reader.name} {reader.email}")
        name = entitled.name(reader.pk)
        assert [str(canary) for canary in found - own if not entitled.may_know(canary, name)] == []
