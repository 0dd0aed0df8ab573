"""From a forgotten password to a new one, by a mail that only its reader can use."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competencies.notices.models import Letter
from competencies.people.models import Token
from competencies.trail.models import Entry
from tests.conftest import just_confirmed

NEW = "ferry-lantern-owl-9"


def link_of(mailoutbox):
    return re.search(r"https?://[^/]+(/\S+)", mailoutbox[-1].body)[1]


def set_password(client, link, password=NEW):
    """Follow the link of a mail and set a password; return the last answer."""
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client.post(address, {"password1": password, "password2": password})


@pytest.fixture
def link(client, sam, work, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": " Sam@testing.example"})
    work()
    return link_of(mailoutbox)


def test_a_link_comes_by_mail_and_sets_a_new_password(client, sam, link, mailoutbox, signs_in):
    assert mailoutbox[0].to == [sam.email]
    assert mailoutbox[0].subject == "Reset your password for Testing Ltd"

    assert set_password(client, link).url == reverse("sign_in")

    assert signs_in(client, sam).status_code == 422
    assert signs_in(client, sam, NEW).status_code == 302


def test_the_key_of_the_link_does_not_stay_in_the_address(client, link):
    assert client.get(link).url.endswith("/set-password/")


def test_a_link_opens_once(client, link):
    set_password(client, link)

    assert client.get(link).context["token_fail"]
    assert "This link doesn’t work any more" in client.get(link).content.decode()


def test_a_link_is_good_for_an_hour(client, link, monkeypatch):
    from django.contrib.auth.tokens import PasswordResetTokenGenerator

    late = timezone.now().replace(tzinfo=None) + timedelta(minutes=61)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: late)

    assert client.get(link).context["token_fail"]


def test_a_link_of_somebody_who_has_left_since_opens_nothing(client, sam, link, monkeypatch):
    monkeypatch.setattr(type(sam), "is_active", False)

    assert client.get(link).context["token_fail"]


@pytest.mark.parametrize("password", ["short", "password1234", "sam@testing.example"])
def test_a_password_that_is_easily_guessed_is_refused_with_the_reason(client, link, password):
    refused = set_password(client, link, password)

    assert refused.status_code == 422
    assert refused.context["form"].errors["password1"]


def test_a_new_password_ends_every_session(client, sams, elsewhere, sam, work, mailoutbox):
    elsewhere.post(reverse("account_reset_password"), {"email": sam.email})
    work()
    set_password(client, link_of(mailoutbox))

    assert elsewhere.get(reverse("home")).status_code == 302


def test_the_owner_is_told_by_mail(client, link, work, mailoutbox):
    set_password(client, link)
    work()

    assert "reset with a link" in mailoutbox[-1].body


def test_a_mail_is_ordered_for_whoever_is_here_alone(client, sam, gone, work, mailoutbox):
    for email in (gone.email, "nobody@testing.example"):
        client.post(reverse("account_reset_password"), {"email": email})
    work()

    assert mailoutbox == []


def test_nobody_is_flooded_with_mails(client, sam, work, mailoutbox):
    answers = [
        client.post(
            reverse("account_reset_password"), {"email": sam.email}, REMOTE_ADDR=f"10.0.0.{number}"
        ).status_code
        for number in range(10)
    ]
    work()

    assert answers == [302] * 3 + [429] * 7
    assert len(mailoutbox) == 3


def test_no_key_rests_in_the_queue_or_in_the_outbox(client, sam, link):
    from django_tasks_db.models import DBTaskResult

    key = link.strip("/").rpartition("-")[2]
    client.post(reverse("account_reset_password"), {"email": sam.email})

    [order] = DBTaskResult.objects.all()
    sent, waiting = Letter.objects.order_by("pk").values()
    assert order.args_kwargs["args"] == [waiting["id"]]
    assert (sent["site"], sent["receiver_id"]) == ("http://testserver", sam.pk)
    assert len(key) > 30
    assert key not in repr([sent, waiting, order.args_kwargs])


def test_known_and_unknown_are_answered_alike_by_as_many_statements_also_without_a_mail_server(
    client, sam, monkeypatch
):
    monkeypatch.setattr("ladder.jobs.email_outbox.send", refuse)
    told = {}
    for email in (sam.email, "nobody@testing.example"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(reverse("account_reset_password"), {"email": email})
        page = client.get(answer.url).content.decode()
        assert f"If {email} has an account here, an email is on its way." in page
        told[email] = (answer.status_code, answer.url, [statement["sql"][:40] for statement in asked])

    assert len({str(answer) for answer in told.values()}) == 1


def refuse(*_letter, **_options):
    raise ConnectionRefusedError


def tokens_of(sam):
    for scope in ("read", "write"):
        Token.issue(sam, by=sam, label=scope, scope=scope)
    return Token.objects.active().filter(person=sam)


def test_with_a_new_password_tokens_end_and_everybody_is_told(client, sam, mara, link, mailoutbox, work):
    tokens = tokens_of(sam)
    Token.issue(mara, by=mara, label="Hers")

    assert "your API tokens end" in client.get(link, follow=True).content.decode()
    set_password(client, link)
    work()

    assert not tokens.exists()
    assert Token.objects.active().count() == 1
    assert "your API tokens have ended" in " ".join(mailoutbox[-1].body.split())
    entry = Entry.objects.get(action="account.tokens_ended")
    assert (entry.actor, entry.about, entry.details) == (sam, sam, {"count": 2})


def test_a_password_that_is_changed_ends_them_too(signed_in, sam, mailoutbox, work):
    tokens, browser = tokens_of(sam), just_confirmed(signed_in(sam), sam)
    address = reverse("account_change_password")
    assert "so do all your API tokens" in browser.get(address).content.decode()

    typed = {"oldpassword": "sam of testing", "password1": NEW, "password2": NEW}
    page = browser.post(address, typed, follow=True)
    work()

    assert not tokens.exists()
    assert "your API tokens have ended" in page.content.decode()
    assert "your API tokens have ended" in " ".join(mailoutbox[-1].body.split())
