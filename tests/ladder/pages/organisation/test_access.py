"""How one person gets in: HR sees it, and mends it when a factor is lost."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail

from competencies.people.models import Invitation, Person
from competencies.trail.models import Entry


@pytest.fixture(autouse=True)
def at_once(settings):
    """Background work is done at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def give_factor(person):
    return Authenticator.objects.create(user=person, type="totp", data={"secret": "sealed"})


class TestThePage:
    def test_says_what_opens_the_account(self, signed_in, hana, sam):
        give_factor(sam)

        page = signed_in(hana).get(f"/people/{sam.pk}/access/").content.decode()

        assert "They set it themselves" in page
        assert "1 method is set up." in page
        assert re.search(r">\s*Reset\s*</a>", page)

    def test_offers_an_invitation_to_who_has_no_password(self, signed_in, hana):
        ines = Person.welcome(by=hana, email="ines@testing.example", name="Ines")
        address = f"/people/{ines.pk}/access/"
        assert ">Invite<" in signed_in(hana).get(address).content.decode()

        Invitation.issue(ines, by=hana)

        page = signed_in(hana).get(address).content.decode()
        assert "Invite again" in page
        assert "Revoke invitation" in page

    @pytest.mark.parametrize("name", ["mara", "sam", "otto"])
    def test_is_for_hr_alone(self, signed_in, request, sam, name):
        client = signed_in(request.getfixturevalue(name))

        assert client.get(f"/people/{sam.pk}/access/").status_code == 404
        assert client.get(f"/people/{sam.pk}/second-factor/").status_code == 404
        assert client.post(f"/people/{sam.pk}/second-factor/").status_code == 404
        assert client.post(f"/people/{sam.pk}/connection/").status_code == 404

    def test_is_missing_for_nobody(self, signed_in, hana):
        assert signed_in(hana).get("/people/987654/access/").status_code == 404


class TestALostFactor:
    def test_is_taken_off_with_every_session_and_the_owner_is_told(self, client, signed_in, hana, sam):
        client.post("/sign-in/", {"login": sam.email, "password": "sam of testing"})
        assert client.get("/ladder/").status_code == 200
        give_factor(sam)

        response = signed_in(hana).post(f"/people/{sam.pk}/second-factor/")

        assert response.url == f"/people/{sam.pk}/access/"
        assert not Authenticator.objects.filter(user=sam).exists()
        assert client.get("/ladder/").status_code == 302
        entry = Entry.objects.get(action="account.second_factor_reset")
        assert (entry.actor, entry.about) == (hana, sam)
        assert mail.outbox[0].to == [sam.email]
        assert "Hana of HR reset the two-factor authentication" in mail.outbox[0].body

    def test_asks_first(self, signed_in, hana, sam):
        give_factor(sam)

        page = signed_in(hana).get(f"/people/{sam.pk}/second-factor/").content.decode()

        assert "Reset two-factor authentication for Sam?" in page
        assert Authenticator.objects.filter(user=sam).exists()

    def test_is_not_ones_own(self, signed_in, hana):
        give_factor(hana)

        assert signed_in(hana).post(f"/people/{hana.pk}/second-factor/").status_code == 404
        assert Authenticator.objects.filter(user=hana).exists()

    def test_says_when_there_is_none(self, signed_in, hana, sam):
        response = signed_in(hana).post(f"/people/{sam.pk}/second-factor/", follow=True)

        assert "Sam hasn’t set up two-factor authentication." in response.content.decode()
        assert mail.outbox == []


class TestTheConnection:
    def test_is_forgotten_so_that_it_can_be_made_anew(self, client, signed_in, hana, sam):
        """Whoever came in by it is out: it may have been somebody else."""
        SocialAccount.objects.create(user=sam, provider="oidc-test", uid="s1")
        client.post("/sign-in/", {"login": sam.email, "password": "sam of testing"})

        signed_in(hana).post(f"/people/{sam.pk}/connection/")

        assert not SocialAccount.objects.exists()
        assert client.get("/ladder/").status_code == 302
        assert Entry.objects.filter(action="account.disconnected", about=sam, actor=hana).exists()
        assert signed_in(hana).get(f"/people/{sam.pk}/connection/").status_code == 302
