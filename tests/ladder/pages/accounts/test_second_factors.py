"""Second factors: sealed in the database, single use, and not to be had without a password."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import connection
from django.test import Client
from django.urls import reverse

from ladder.pages.accounts.sealing import seal, unseal


def columns(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return repr(cursor.fetchall())


def to_second_step(person, signs_in):
    browser = Client()
    assert signs_in(browser, person).url == reverse("mfa_authenticate")
    return browser


def test_what_rests_in_the_database_opens_nothing(sams, sam, secret):
    codes = sams.post(reverse("mfa_view_recovery_codes")).context["codes"]
    factors = {factor.type: factor for factor in Authenticator.objects.filter(user=sam)}
    seed = unseal(factors["recovery_codes"].data["seed"])
    kept = columns("mfa_authenticator")

    assert unseal(factors["totp"].data["secret"]) == secret
    assert [word for word in (secret, seed, *codes) if word in kept] == []


def test_a_secret_on_its_way_rests_in_the_session_sealed(sams):
    secret = sams.get(reverse("mfa_activate_totp")).context["form"].secret

    assert secret not in repr(dict(sams.session))


def test_a_key_of_before_still_opens_and_a_strange_one_does_not(settings):
    sealed = seal("seed")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [settings.SECRET_KEY]
    assert unseal(sealed) == "seed"

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        unseal(sealed)


@pytest.mark.parametrize("code", ["", " ", "abc", "12345", "٠٠٠٠٠٠", "0" * 5000])
def test_what_is_no_code_is_refused(sams, sam, secret, signs_in, code):
    browser = to_second_step(sam, signs_in)

    assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == 422
    assert browser.get(reverse("home")).status_code == 302


def test_a_code_opens_once_for_as_long_as_any_clock_accepts_it(
    sams, sam, secret, signs_in, code_of, monkeypatch
):
    code = code_of(secret)
    first = to_second_step(sam, signs_in)
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302

    later = time.time() + 31
    monkeypatch.setattr(time, "time", lambda: later)
    second = to_second_step(sam, signs_in)

    assert second.post(reverse("mfa_authenticate"), {"code": code}).status_code == 422


def test_the_code_that_set_an_app_up_does_not_sign_in(sams, sam, secret, signs_in, code_of):
    browser = to_second_step(sam, signs_in)

    assert browser.post(reverse("mfa_authenticate"), {"code": code_of(secret, -1)}).status_code == 422


@pytest.mark.parametrize(("step", "opens"), [(-1, False), (0, True), (1, True), (-2, False), (2, False)])
def test_a_clock_may_be_half_a_minute_off(sams, sam, secret, signs_in, code_of, step, opens):
    """The step before is the code that set the app up, which is spent."""
    browser = to_second_step(sam, signs_in)
    answer = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret, step)})

    assert answer.status_code == (302 if opens else 422)


def test_the_second_step_is_nowhere_without_the_first(client, db):
    assert client.get(reverse("mfa_authenticate")).url == reverse("sign_in")
    assert client.post(reverse("mfa_authenticate"), {"code": "123456"}).url == reverse("sign_in")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("mfa_activate_totp", []),
        ("mfa_deactivate_totp", []),
        ("mfa_add_webauthn", []),
    ],
)
def test_who_signed_in_long_ago_is_asked_again_first(sams, sam, secret, request, name, args):
    if name == "mfa_activate_totp":
        sams.post(reverse("mfa_deactivate_totp"))
    request.getfixturevalue("long_after")
    asked = sams.get(reverse(name, args=args))
    assert asked.url.startswith(reverse("account_reauthenticate"))

    answer = sams.post(asked.url, {"password": "guess"})
    assert answer.status_code == 422
    answer = sams.post(asked.url, {"password": "sam of testing"})

    assert answer.url == reverse(name, args=args)
    assert sams.get(answer.url).status_code == 200


def test_recovery_codes_are_shown_once_it_is_confirmed(sams, sam, secret, long_after):
    asked = sams.post(reverse("mfa_view_recovery_codes"))
    page = sams.post(asked.url, {"password": "sam of testing"})

    assert page.status_code == 200
    assert len(page.context["codes"]) == 10


def test_a_code_too_says_that_it_is_oneself(sams, sam, secret, code_of, monkeypatch):
    page = sams.get(reverse("account_reauthenticate"))
    assert reverse("mfa_reauthenticate") in page.content.decode()

    answer = sams.post(reverse("mfa_reauthenticate") + "?next=/account/", {"code": code_of(secret)})

    assert answer.url == reverse("account")


def test_recovery_codes_are_not_there_without_a_second_factor(sams):
    assert sams.get(reverse("mfa_view_recovery_codes")).status_code == 404
    assert sams.post(reverse("mfa_view_recovery_codes")).status_code == 404


def test_options_of_a_passkey_name_nobody(client, sam):
    answer = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})

    options = answer.json()["request_options"]["publicKey"]
    assert not options.get("allowCredentials")
    assert options["userVerification"] == "required"


def test_a_new_passkey_must_know_its_owner_and_sign_in_by_itself(sams):
    options = sams.get(reverse("mfa_add_webauthn")).context["options"]["publicKey"]

    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"


NO_PASSKEYS = [
    *("", "{}", "[]", "1", "{"),
    json.dumps({"id": "AAAA", "response": {}}),
    json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}),
    json.dumps({"id": "AAAA", "rawId": 1, "type": "public-key", "response": {"clientDataJSON": 1}}),
    json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "e30", "attestationObject": "oWFh"},
        }
    ),
]


@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_does_not_sign_in(client, db, credential):
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert (answer.status_code, answer.url) == (302, reverse("sign_in"))


@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_is_not_kept(sams, sam, credential):
    answer = sams.post(reverse("mfa_add_webauthn"), {"name": "Mine", "credential": credential})

    assert answer.status_code == 422
    assert not Authenticator.objects.filter(user=sam).exists()


@pytest.fixture
def passkey(sam):
    """A passkey of Sam, as a row."""
    return Authenticator.objects.create(user=sam, type="webauthn", data={"name": "Laptop", "credential": {}})


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_a_passkey_of_somebody_else_is_not_there(client, mara, passkey, signs_in, name):
    signs_in(client, mara)

    assert client.get(reverse(name, args=[passkey.pk])).status_code == 404
    assert client.post(reverse(name, args=[passkey.pk]), {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get(pk=passkey.pk).data["name"] == "Laptop"


def test_a_passkey_is_renamed_and_removed(sams, sam, passkey):
    assert sams.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": ""}).status_code == 422
    assert sams.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": "Phone"}).url == reverse(
        "account"
    )
    assert "Phone" in sams.get(reverse("account")).content.decode()

    assert sams.post(reverse("mfa_remove_webauthn", args=[passkey.pk])).url == reverse("account")
    assert not Authenticator.objects.filter(user=sam).exists()


@pytest.mark.parametrize("credential", ["9" * 5_000, '{"id": ' + "9" * 5_000 + "}", "²", "\x00", "[[["])
def test_a_passkey_that_is_no_json_is_refused(client, db, credential):
    answer = client.post("/sign-in/passkey/", {"credential": credential})

    assert answer.status_code in (200, 302, 400, 422)
