"""What goes out compressed: pages, fragments and JSON, but nothing that shows a secret."""

import gzip
import json
import re
import time
from unittest import mock

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from competencies.people.models import Person
from ladder.web.compression import TextCompression
from tests.conftest import HTMX

GZIP, PLAIN = {"Accept-Encoding": "gzip, deflate, br"}, {"Accept-Encoding": "identity"}
ONE_TIME = re.compile(rb'(csrfmiddlewaretoken" value="|once" value="|X-CSRFToken": ")[\w-]+')


@pytest.fixture
def asks(signed_in):
    """A function that gives a browser that takes compressed answers, in which somebody just signed in."""

    def browser(person):
        client = Client(headers=GZIP)
        client.post(
            reverse("sign_in"), {"login": person.email, "password": f"{person.name.lower()} of testing"}
        )
        return client

    return browser


def encoding(response):
    return response.headers.get("Content-Encoding")


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/", {}, 200),
        ("/people/", HTMX, 200),
        ("/evidence/", {}, 200),
        ("/people/999999/", {}, 404),
        ("/api/v1/competencies/", {}, 200),
    ],
)
def test_text_is_compressed_for_whoever_takes_that(asks, hana, address, headers, status):
    client = asks(hana)

    small, plain = (client.get(address, headers=headers | more) for more in ({}, PLAIN))

    assert (small.status_code, encoding(small), encoding(plain)) == (status, "gzip", None)
    assert small.headers["Content-Length"] == str(len(small.content))
    assert same(gzip.decompress(small.content)) == same(plain.content)
    for response in (small, plain):
        assert "Accept-Encoding" in response.headers["Vary"]
        assert response.headers["Cache-Control"] == "no-store"


def same(body):
    """Return a body without what is made anew in each answer."""
    return ONE_TIME.sub(rb"\1", body)


def test_the_head_alone_says_the_same(asks, hana):
    head = asks(hana).head("/people/")

    assert (encoding(head), head.content) == ("gzip", b"")
    assert "Accept-Encoding" in head.headers["Vary"]


def test_an_error_of_ours_is_compressed(asks, sam):
    client = asks(sam)
    client.raise_request_exception = False
    with mock.patch("ladder.pages.home.today.render", side_effect=RuntimeError("broken")):
        response = client.get("/")

    assert (response.status_code, encoding(response)) == (500, "gzip")
    assert b"</html>" in gzip.decompress(response.content)


def test_the_length_of_the_same_text_differs_by_chance(asks, hana):
    client = asks(hana)

    assert len({len(client.get("/api/v1/competencies/").content) for _time in range(12)}) > 1


@pytest.mark.parametrize("address", ["/static/ladder/css/app.css", "/trail/entries.csv", "/healthz"])
def test_files_and_streams_go_out_as_they_are(asks, otto, address):
    response = asks(otto).get(address)

    assert response.status_code == 200
    assert encoding(response) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text/html; charset=utf-8", "gzip"),
        ("application/json", "gzip"),
        ("application/problem+json", "gzip"),
        ("application/pdf", None),
        ("application/zip", None),
        ("text/csv; charset=utf-8", None),
        ("text/plain", None),
        ("image/svg+xml", None),
    ],
)
def test_only_pages_and_json_are_compressed(rf, kind, expected):
    answer = TextCompression(lambda _request: HttpResponse("again " * 200, content_type=kind))

    assert encoding(answer(rf.get("/", headers=GZIP))) == expected


def made_token(client):
    answer = client.post(reverse("tokens"), {"label": "script", "scope": "read", "days": 7})
    return answer, answer.context["key"]


def made_token_by_the_api(client):
    body = json.dumps({"label": "script", "scope": "read", "days": 7})
    answer = client.post("/api/v1/tokens/", body, content_type="application/json")
    return answer, answer.json()["key"]


def secret_of_an_app(client):
    answer = client.get(reverse("mfa_activate_totp"))
    return answer, answer.context["form"].secret


def refused_code_of_an_app(client):
    answer = client.post(reverse("mfa_activate_totp"), {"code": "1"})
    return answer, answer.context["form"].secret


def codes(client):
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(
        reverse("mfa_activate_totp"), {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))}
    )
    answer = client.post(reverse("mfa_view_recovery_codes"))
    return answer, answer.context["codes"][0]


def links_of_invitations(client):
    Person.welcome(by=Person.objects.get(name="Hana"), email="ines@testing.example", name="Ines")
    with mock.patch("ladder.pages.onboarding.invitations.are_sent", return_value=False):
        number = client.get(reverse("invite_all")).context["number"]
        answer = client.post(reverse("invite_all"), {"number": number})
    return answer, answer.context["links"][0]["link"]


@pytest.mark.parametrize(
    "show",
    [
        made_token,
        made_token_by_the_api,
        secret_of_an_app,
        refused_code_of_an_app,
        codes,
        links_of_invitations,
    ],
    ids=lambda show: show.__name__,
)
def test_what_is_shown_once_goes_out_as_it_is(show, asks, hana):
    """`tests/access/test_table.py` asks it of every route besides, for the keys of tokens and links."""
    answer, secret = show(asks(hana))

    assert secret in answer.content.decode()
    assert encoding(answer) is None
    assert {"no-store", "no-transform"} <= set(answer.headers["Cache-Control"].split(", "))
