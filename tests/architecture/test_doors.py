"""Every address has a name, and none but a short list opens without signing in."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, path, reverse

# Reviewed: what somebody who is not signed in may see. The last six are missing until somebody who runs
# Ladder offers them, and of those that take a key, nobody gets in without it.
OPEN = {
    *("sign_in", "account_login", "sign_in_as", "mfa_login_webauthn", "sign_out"),
    *("account_reset_password", "account_reset_password_from_key"),
    *("theme", "session", "outcome", "alive", "ready", "verify", "verify_code"),
    *("endorsement", "endorsement_refusal", "open_endorsement"),
    *("set_up", "open_set_up", "invitation", "open_invitation", "single_sign_on", "single_sign_on_return"),
}
SAMPLES = {"int": "1", "slug": "a", "str": "a", "uuid": "6f1d0b1e-0000-4000-8000-000000000000", "path": "a"}


def routes(resolver, before="/"):
    """Yield `(address, name)` of everything the project answers, each argument filled in."""
    for pattern in resolver.url_patterns:
        address = before + filled_in(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, address)
        else:
            yield address, pattern.name


def filled_in(route):
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], route)
    return "nothing-here" if route.startswith("^") else route


def closed_routes():
    return sorted({address for address, name in routes(get_resolver()) if name not in OPEN})


def opens(address):
    """Say how an address answers somebody who is not signed in, or nothing when it sends them to sign in."""
    response = Client().get(address)
    if address.startswith("/api/") and response.status_code == 401:
        return None
    if response.status_code == 302 and response["Location"].startswith(reverse("sign_in")):
        return None
    return response.status_code


def test_every_address_has_a_name():
    nameless = [address for address, name in routes(get_resolver()) if not name]

    assert [address for address in nameless if not address.endswith("nothing-here")] == []


def test_the_list_of_open_doors_is_short_and_none_is_walled_up():
    assert len(OPEN) <= 23
    assert {name for _address, name in routes(get_resolver())} >= OPEN


@pytest.mark.django_db
def test_whoever_is_not_signed_in_finds_every_other_door_closed():
    assert {address: opens(address) for address in closed_routes() if opens(address)} == {}


@pytest.mark.django_db
def test_a_door_left_open_is_noticed(monkeypatch):
    from django.contrib.auth.decorators import login_not_required

    from ladder import urls

    left_open = path("left-open/", login_not_required(lambda request: HttpResponse("Come in.")), name="oops")
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, left_open])
    from django.urls import clear_url_caches

    clear_url_caches()
    try:
        assert "/left-open/" in closed_routes()
        assert opens("/left-open/") == 200
    finally:
        monkeypatch.undo()
        clear_url_caches()
