"""Browsers and apps, as accounts need them."""

import time
from datetime import UTC, datetime
from unittest import mock

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse


def sign_in(client, person, password=None, **extra):
    credentials = {"login": person.email, "password": password or f"{person.name.lower()} of testing"}
    return client.post(reverse("sign_in"), credentials, **extra)


@pytest.fixture
def signs_in():
    """A function that posts email and password (by default the right one) from a browser."""
    return sign_in


@pytest.fixture
def sams(client, sam):
    """A browser in which Sam signed in by password a moment ago."""
    sign_in(client, sam)
    return client


@pytest.fixture
def elsewhere(sam):
    """Another browser in which Sam is signed in."""
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    sign_in(client, sam)
    return client


@pytest.fixture
def code_of():
    """A function that returns what an app shows now for a secret, or some half minutes later."""

    def code(secret, step=0):
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))

    return code


@pytest.fixture
def secret(sams, code_of):
    """The secret of the authenticator app that Sam set up, by the pages."""
    secret = sams.get(reverse("mfa_activate_totp")).context["form"].secret
    held = mock.patch.object(time, "time", return_value=time.time())
    with held:  # or the half minute may end between making the code and looking at it
        answer = sams.post(reverse("mfa_activate_totp"), {"code": code_of(secret, -1)})
    assert answer.status_code == 302
    return secret


@pytest.fixture
def long_after(monkeypatch):
    """Let whoever has signed in have done so twelve minutes ago, too long to go unasked."""
    later = time.time() + 720
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr("ladder.pages.accounts.adapters.now", lambda: datetime.fromtimestamp(later, UTC))


@pytest.fixture
def hashes(monkeypatch):
    """A list that grows by one with each password that is hashed, for whatever reason."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    made, encode = [], MD5PasswordHasher.encode

    def counted(self, password, salt):
        made.append(len(password))
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return made


@pytest.fixture
def keyless(sam):
    """Sam without a password."""
    sam.set_unusable_password()
    sam.save()
    return sam
