"""The headers and cookies that every answer carries, whatever answers and whoever asks.

A run asks each address once as each person, by one way after the other, so that one of the two who are
signed in reads it; LADDER_LONG=1 asks it by all ways.
"""

import os
from unittest import mock

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.architecture.test_doors import routes
from tests.conftest import HTMX

LONG = os.environ.get("LADDER_LONG") == "1"
EVERY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}


def faults(response, *, kept=False):
    """Return what an answer lacks; `kept` when a browser may keep it."""
    headers = response.headers
    lacking = [f"{name}: {headers.get(name)}" for name, value in EVERY.items() if headers.get(name) != value]
    if set(headers.get("Content-Security-Policy", "").split("; ")) != POLICY:
        lacking.append(f"Content-Security-Policy: {headers.get('Content-Security-Policy')}")
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        lacking.append("Permissions-Policy")
    if ("no-store" in headers.get("Cache-Control", "")) == kept:
        lacking.append(f"Cache-Control: {headers.get('Cache-Control')}")
    return lacking + [f"cookie {name}" for name, cookie in response.cookies.items() if not is_close(cookie)]


def is_close(cookie):
    """Say whether scripts and other sites are kept from a cookie; one that is deleted holds nothing."""
    return cookie["max-age"] == 0 or (cookie["httponly"] and cookie["samesite"] == "Lax")


def addresses():
    return sorted({address for address, _name in routes(get_resolver())})


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nobody", "sam", "hana"])
def test_every_address_guards_its_answers(who, request):
    client = Client(enforce_csrf_checks=True)
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    ways = {
        "nobody": [(client.get, {}), (client.get, HTMX), (client.post, {}), (client.put, {})],
        "sam": [(client.get, {}), (client.get, HTMX), (client.post, {})],
        "hana": [(client.post, HTMX), (client.put, {}), (client.get, {})],
    }[who]
    found, statuses = {}, set()
    for number, address in enumerate(addresses()):
        for ask, headers in ways if LONG else [ways[number % len(ways)]]:
            response = ask(address, headers=headers)
            statuses.add(response.status_code)
            if lacking := faults(response):
                found[f"{ask.__name__} {address}"] = lacking

    assert found == {}
    assert statuses >= ({200, 403, 404, 405} if who != "nobody" else {200, 302, 401, 403})


def test_refusals_before_any_view_are_guarded(client, settings, db):
    assert faults(client.get("/nothing/here/")) == []
    assert faults(client.get("/", headers={"Host": "elsewhere.example"})) == []
    settings.SECURE_SSL_REDIRECT = True
    assert faults(client.get("/people/")) == []
    assert faults(client.get("/", headers={"Host": "elsewhere.example"})) == []


def test_an_error_of_ours_is_guarded(signed_in, sam):
    client = signed_in(sam)
    client.raise_request_exception = False
    with mock.patch("ladder.pages.home.today.render", side_effect=RuntimeError("broken")):
        response = client.get("/")

    assert response.status_code == 500
    assert faults(response) == []


def test_a_refusal_of_what_was_typed_is_guarded(client, db):
    response = client.post("/sign-in/", {"login": "", "password": ""})

    assert response.status_code == 422
    assert faults(response) == []


def test_static_files_are_guarded_and_may_be_kept(client, db):
    response = client.get("/static/ladder/css/tokens.css")

    assert response.status_code == 200
    assert faults(response, kept=True) == []


def test_cookies_travel_over_https_alone_in_production(client, sam, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/sign-in/")
    client.post("/sign-in/", {"login": sam.email, "password": "sam of testing"})
    client.post("/theme/", {"theme": "dark"}, secure=True)

    assert set(client.cookies) == {"csrftoken", "sessionid", "theme"}
    assert all(cookie["secure"] and is_close(cookie) for cookie in client.cookies.values())
