"""Nobody learns from an answer, or from how long it took to work out, who has an account."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

WHO = ["known", "unknown", "left", "without a password"]


@pytest.fixture
def emails(keyless, mara, gone):
    return {
        "known": mara.email,
        "unknown": "nobody@testing.example",
        "left": gone.email,
        "without a password": keyless.email,
    }


def bare(text):
    """Return a page without what differs from one visit to the next, or what the visitor typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"', "", text)
    return re.sub(r"\S+@testing\.example", "", text)


def told(address, values):
    """Return all that a browser sees after posting something, and how much work that was."""
    cache.clear()
    browser = Client()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = browser.post(address, values)
    kinds = [re.sub(r"\W.*", "", query["sql"]) for query in queries]
    messages = [re.sub(r"\S+@\S+", "", str(message)) for message in get_messages(answer.wsgi_request)]
    return answer.status_code, answer.headers.get("Location"), bare(answer.content.decode()), messages, kinds


@pytest.mark.parametrize("password", ["a wrong guess", "gone of testing"])
def test_signing_in_reads_and_costs_the_same(emails, hashes, password):
    answers = {}
    for who, email in emails.items():
        del hashes[:]
        answers[who] = [told("/sign-in/", {"login": email, "password": password}), len(hashes)]

    assert answers["known"][1] == 1
    assert [who for who in WHO if answers[who] != answers["known"]] == []


def test_the_right_password_of_who_has_left_reads_as_a_wrong_one(gone, mara):
    left = told("/sign-in/", {"login": gone.email, "password": "gone of testing"})

    assert left == told("/sign-in/", {"login": mara.email, "password": "wrong"})


def test_asking_for_a_new_password_reads_and_costs_the_same(emails, hashes):
    answers = {
        who: told(reverse("account_reset_password"), {"email": email}) for who, email in emails.items()
    }

    assert hashes == []
    assert [who for who in WHO if answers[who] != answers["known"]] == []


def test_the_limits_fall_on_names_that_nobody_has_too(emails):
    for who, email in emails.items():
        cache.clear()
        statuses = [
            str(Client().post("/sign-in/", {"login": email, "password": "no"}).context["form"].errors)
            for _number in range(6)
        ]
        assert statuses[4] != statuses[5], who


@pytest.mark.parametrize("handle", ["Mg", "!!", "", None, "OTk5OTk5"])
def test_a_passkey_that_fits_nobody_reads_as_one_that_fits_somebody_else(client, sam, handle):
    import json

    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    credential = {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "A" * 50,
            "signature": "AAAA",
            "userHandle": handle,
        },
        "clientExtensionResults": {},
    }
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(credential)})

    assert (answer.status_code, answer.url) == (302, reverse("sign_in"))
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["That didn’t work. Try again."]


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", "1", '"x"', "{", '{"response": 1}', '{"response": {"userHandle": 7}}'],
)
def test_what_is_no_passkey_is_refused_quietly(client, db, credential):
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert (answer.status_code, answer.url) == (302, reverse("sign_in"))


def test_a_link_that_fits_nobody_reads_as_one_that_was_used(client, sam):
    pages = [
        bare(
            client.get(reverse("account_reset_password_from_key", args=[uid, "c0ffee-0123"])).content.decode()
        )
        for uid in (sam.pk, 987654, "zzzz", "x" * 200)
    ]

    assert len(set(pages)) == 1
