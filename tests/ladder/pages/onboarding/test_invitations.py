"""Invitations: HR sends them, one person opens one, once."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from competencies.core.clock import standing_at
from competencies.notices.models import Letter
from competencies.people.models import Invitation, Organisation, Person
from competencies.trail.models import Entry
from ladder.jobs.email_outbox import send_letter

STRONG = "heron lantern quay 47"
TOKENS = re.compile(rb'(?<=value=")[^"]{64}(?=")|(?<=Token": ")[^"]*')
CHOSEN = {"password": STRONG, "again": STRONG}


@pytest.fixture(autouse=True)
def at_once(settings):
    """Background work is done at once."""
    caches["process"].clear()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def without_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def ines(hana):
    """Somebody HR took in, who has no password."""
    return Person.welcome(by=hana, email="ines@testing.example", name="Ines")


@pytest.fixture
def invited(ines, hana):
    """Ines's invitation and its key."""
    return Invitation.issue(ines, by=hana)


@pytest.fixture
def link(invited):
    return f"/invitation/{invited[1]}/"


class TestInvitingOne:
    def test_sends_a_mail_with_the_link(self, signed_in, hana, ines, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            response = signed_in(hana).post(f"/people/{ines.pk}/invitation/")

        letter = mail.outbox[0]
        key = re.search(r"http://testserver/invitation/([\w-]+)/", letter.body)[1]
        assert response.url == f"/people/{ines.pk}/access/"
        assert (letter.to, letter.subject) == (
            [ines.email],
            "Your invitation to Ladder at Testing Ltd",
        )
        assert key in letter.alternatives[0].content
        assert Invitation.objects.bearing(key).person == ines
        assert Entry.objects.filter(action="person.invited", about=ines, actor=hana).exists()

    def test_shows_the_link_once_where_no_mail_is_set_up(self, signed_in, hana, ines, without_mail):
        response = signed_in(hana).post(f"/people/{ines.pk}/invitation/")

        key = re.search(r"http://testserver/invitation/([\w-]+)/", response.content.decode())[1]
        assert Invitation.objects.bearing(key).person == ines
        assert key not in signed_in(hana).get("/invitations/").content.decode()

    def test_anew_makes_the_earlier_link_void(self, signed_in, hana, ines, invited, client, link):
        signed_in(hana).post(f"/people/{ines.pk}/invitation/")

        assert client.get(link, follow=True).status_code == 404
        assert Invitation.objects.active().filter(person=ines).count() == 1

    def test_refuses_somebody_who_has_a_password(self, signed_in, hana, sam):
        response = signed_in(hana).post(f"/people/{sam.pk}/invitation/", follow=True)

        assert "Sam already has a password." in response.content.decode()
        assert mail.outbox == []

    @pytest.mark.parametrize("by_mail", [True, False])
    def test_says_why_it_refuses_somebody_who_came_in_by_another_way(
        self, request, signed_in, hana, ines, by_mail
    ):
        if not by_mail:
            request.getfixturevalue("without_mail")
        signed_in(ines)

        response = signed_in(hana).post(f"/people/{ines.pk}/invitation/", follow=True)

        page = response.content.decode()
        assert "Ines has already signed in." in page
        assert "They sign in another way" in page
        assert ">Invite<" not in page
        assert mail.outbox == []
        assert ines not in Person.objects.locked_out()

    def test_waits_with_its_mail_for_a_mail_server_that_is_away(self, signed_in, hana, ines, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("ladder.jobs.email_outbox.send", refuse)
            signed_in(hana).post(f"/people/{ines.pk}/invitation/")
        waiting = signed_in(hana).get("/invitations/").content.decode()
        caches["process"].clear()
        with standing_at(timezone.now() + timedelta(hours=1)):
            send_letter.call(Letter.objects.get().pk)

        assert "Waiting for the mail server" in waiting
        assert Invitation.objects.active().filter(person=ines).count() == 1
        assert Entry.objects.filter(action="person.invited").count() == 1
        key = re.search(r"http://testserver/invitation/([\w-]+)/", mail.outbox[0].body)[1]
        assert Invitation.objects.bearing(key).person == ines
        assert "Sent" in signed_in(hana).get("/invitations/").content.decode()

    def test_a_refused_address_is_told_to_who_sent_it_and_the_person_waits_again(
        self, signed_in, hana, ines, monkeypatch
    ):
        def refuse(*_letter, **_options):
            raise SMTPRecipientsRefused({ines.email: (550, b"5.1.1 User unknown")})

        monkeypatch.setattr("ladder.jobs.email_outbox.send", refuse)
        signed_in(hana).post(f"/people/{ines.pk}/invitation/")

        page = " ".join(signed_in(hana).get("/").content.decode().split())
        assert "The email to Ines was not delivered" in page
        assert "the mail server rejected the address" in page
        assert not Invitation.objects.active().exists()
        assert "1 person can’t sign in" in signed_in(hana).get("/invitations/").content.decode()

    @pytest.mark.parametrize("name", ["mara", "sam", "aude"])
    def test_is_for_hr_alone(self, signed_in, request, ines, name):
        client = signed_in(request.getfixturevalue(name))

        assert client.post(f"/people/{ines.pk}/invitation/").status_code == 404
        assert client.get(f"/people/{ines.pk}/invitation/").status_code == 404
        assert not Invitation.objects.exists()

    def test_nobody_invites_who_has_left_or_oneself(self, signed_in, hana, gone):
        assert signed_in(hana).post(f"/people/{gone.pk}/invitation/").status_code == 404
        assert signed_in(hana).post(f"/people/{hana.pk}/invitation/").status_code == 404


class TestInvitingEverybody:
    @pytest.fixture
    def three(self, hana):
        return [
            Person.welcome(by=hana, email=f"new{number}@testing.example", name=f"New {number}")
            for number in range(3)
        ]

    def test_asks_first_and_says_how_many(self, signed_in, hana, three):
        page = signed_in(hana).get("/invitations/all/")

        assert "Invite 3 people?" in page.content.decode()
        assert not Invitation.objects.exists()

    def test_leaves_out_who_is_invited_already(self, signed_in, hana, three, ines, invited):
        signed_in(hana).post("/invitations/all/", {"number": "3"})

        assert sorted(letter.to[0] for letter in mail.outbox) == [person.email for person in three]
        assert "Invite 0 people?" in signed_in(hana).get("/invitations/all/").content.decode()

    def test_a_number_that_has_changed_is_asked_again(self, signed_in, hana, three):
        response = signed_in(hana).post("/invitations/all/", {"number": "2"})

        assert response.status_code == 422
        assert "The number has changed" in response.content.decode()
        assert mail.outbox == []

    def test_without_mail_the_links_are_shown(self, signed_in, hana, three, without_mail):
        page = signed_in(hana).post("/invitations/all/", {"number": "3"}).content.decode()

        assert len(re.findall(r"http://testserver/invitation/[\w-]+/", page)) == 3

    def test_run_twice_it_goes_on_where_it_stopped(self, hana, three):
        from ladder.pages.onboarding.emails import invite_everyone

        invite_everyone.call(hana.pk, "http://testserver")
        invite_everyone.call(hana.pk, "http://testserver")

        assert len(mail.outbox) == 3

    def test_it_is_done_as_the_one_who_ordered_it(self, hana, three, stella):
        from ladder.pages.onboarding.emails import invite_everyone

        stella.grant("hr", by=hana)
        hana.grants.get(role="hr").revoke(by=stella)
        invite_everyone.call(hana.pk, "http://testserver")

        assert mail.outbox == []

    def test_is_for_hr_alone(self, signed_in, mara, three):
        assert signed_in(mara).get("/invitations/all/").status_code == 404
        assert signed_in(mara).post("/invitations/all/", {"number": "3"}).status_code == 404


class TestTheList:
    def test_shows_whose_is_open_and_takes_it_back(self, signed_in, hana, ines, invited, client, link):
        page = signed_in(hana).get("/invitations/")
        assert "Ines" in page.content.decode()

        response = signed_in(hana).post(f"/invitations/{invited[0].pk}/revocation/")

        assert response.url == "/invitations/"
        assert "No open invitations" in signed_in(hana).get("/invitations/").content.decode()
        assert client.get(link, follow=True).status_code == 404
        assert signed_in(hana).post(f"/invitations/{invited[0].pk}/revocation/").status_code == 404

    def test_is_for_hr_alone(self, signed_in, mara, invited):
        assert signed_in(mara).get("/invitations/").status_code == 404
        assert signed_in(mara).post(f"/invitations/{invited[0].pk}/revocation/").status_code == 404
        assert signed_in(mara).get(f"/invitations/{invited[0].pk}/revocation/").status_code == 404

    def test_asks_the_database_as_often_for_thirty(self, signed_in, hana, django_assert_num_queries):
        def queries(client):
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(
                connection,
            ) as counted:
                client.get("/invitations/")
            return len(counted)

        client = signed_in(hana)
        client.get("/invitations/")
        counts = []
        for number in range(30):
            person = Person.welcome(by=hana, email=f"new{number}@testing.example", name=f"New {number}")
            Invitation.issue(person, by=hana)
            if number in (1, 29):
                counts.append(queries(client))

        assert counts[0] == counts[1]


class TestTheLink:
    def test_takes_the_key_out_of_the_address_and_uses_nothing_up(self, client, invited, link):
        response = client.get(link)
        page = client.get(response.url)

        assert response.url == "/invitation/"
        assert "Welcome, Ines" in page.content.decode()
        assert "ines@testing.example" in page.content.decode()
        assert invited[1] not in page.content.decode()
        assert page.headers["Referrer-Policy"] == "same-origin"
        for _scanner in range(3):
            Client().get(link, follow=True)
        assert Client().get(link, follow=True).status_code == 200

    def test_a_chosen_password_leads_in_under_a_new_session(self, client, ines, link):
        client.get(link)
        before = client.session.session_key

        response = client.post("/invitation/", CHOSEN)

        ines.refresh_from_db()
        assert response.url == "/"
        assert ines.check_password(STRONG)
        assert client.session.session_key != before
        assert client.get("/").context["user"] == ines
        assert Entry.objects.filter(action="invitation.accepted", actor=ines).exists()

    def test_whoever_is_signed_in_as_somebody_else_is_so_no_longer(self, signed_in, hana, ines, link):
        client = signed_in(hana)
        client.get(link)
        client.post("/invitation/", CHOSEN)

        assert client.get("/").context["user"] == ines

    def test_old_taken_back_and_unknown_links_get_one_answer(self, client, hana, ines, invited, link):
        told = [self.told("/invitation/unknown/"), self.told(link, later=timedelta(days=8))]
        invited[0].revoke(by=hana)
        told.append(self.told(link))
        _invitation, key = Invitation.issue(ines, by=hana)
        client.get(f"/invitation/{key}/")
        client.post("/invitation/", CHOSEN)
        ines.leave(on=timezone.localdate(), by=hana)
        told.append(self.told(f"/invitation/{key}/"))
        told.append(self.told("/invitation/"))

        assert {status for status, _body in told} == {404}
        assert len({body for _status, body in told}) == 1
        assert b"ask HR for a new invitation" in told[0][1]

    def test_a_used_link_says_so_to_whoever_bears_it(self, client, link):
        client.get(link)
        client.post("/invitation/", CHOSEN)

        status, body = self.told(link)

        assert status == 404
        assert b"You have already used this invitation" in body
        assert b'href="/sign-in/"' in body
        assert b"already used" not in self.told("/invitation/unknown/")[1]

    def test_who_chose_a_password_by_another_way_keeps_it(self, client, ines, link):
        client.get(link)
        ines.set_password("their own, by a mail 19")
        ines.save()

        assert client.post("/invitation/", CHOSEN).status_code == 404
        ines.refresh_from_db()
        assert ines.check_password("their own, by a mail 19")

    def told(self, link, later=timedelta()):
        with standing_at(timezone.now() + later):
            response = Client().get(link, follow=True)
            return response.status_code, TOKENS.sub(b"", response.content)

    def test_what_was_opened_in_time_and_posted_too_late_is_refused(self, client, hana, ines, invited, link):
        client.get(link)
        invited[0].revoke(by=hana)

        assert client.post("/invitation/", CHOSEN).status_code == 404
        ines.refresh_from_db()
        assert not ines.has_usable_password()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"password": "short", "again": "short"}, "password"),
            ({"password": "ines@testing.example", "again": "ines@testing.example"}, "password"),
            ({"password": STRONG, "again": "another one 47"}, "again"),
        ],
    )
    def test_refuses_beside_the_field(self, client, ines, link, given, field):
        client.get(link)

        response = client.post("/invitation/", given)

        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]

    def test_has_no_patience(self, client, link):
        client.get(link)
        answers = [client.post("/invitation/", {"password": "short"}).status_code for _ in range(11)]

        assert answers == [422] * 10 + [429]

    def test_changes_nothing_when_it_is_posted_to(self, client, link):
        assert client.post(link, CHOSEN).status_code == 405

    def test_where_single_sign_on_is_all_there_is_it_opens_nothing(self, client, link, settings):
        settings.OIDC_ONLY = True

        assert client.get(link).status_code == 404


def refuse(*_letter, **_options):
    raise ConnectionRefusedError


def test_nobody_has_a_password_by_default(db, hana):
    person = Person.welcome(by=hana, email="new@testing.example", name="New")

    assert not person.has_usable_password()
    assert Organisation.here().setup_digest == ""
