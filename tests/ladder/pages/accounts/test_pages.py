"""Every page of an account, as its owner sees it for the first time and afterwards."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.conftest import HTMX


@pytest.mark.parametrize(
    "name",
    [
        *("account", "account_change_password", "mfa_activate_totp", "mfa_add_webauthn", "tokens"),
        "account_reauthenticate",
    ],
)
def test_a_page_opens_for_its_owner_and_for_nobody_else(sams, name):
    assert sams.get(reverse(name)).status_code == 200

    sams.logout()

    assert sams.get(reverse(name)).url.startswith(reverse("sign_in"))


def test_an_app_is_set_up_with_a_picture_and_a_secret_and_then_asked_for(
    sams, sam, secret, signs_in, code_of
):
    overview = sams.get(reverse("account")).content.decode()
    assert "Set up" in overview
    assert "10 codes left" in overview

    sams.post(reverse("sign_out"))
    assert signs_in(sams, sam).url == reverse("mfa_authenticate")
    assert sams.get(reverse("home")).status_code == 302
    assert sams.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302

    assert sams.get(reverse("home")).status_code == 200


def test_recovery_codes_are_shown_once_and_open_once(sams, sam, secret, signs_in):
    address = reverse("mfa_view_recovery_codes")
    assert "codes" not in sams.get(address).context
    codes = sams.post(address).context["codes"]
    assert len(codes) == 10
    assert sams.get(address).context["shown"]
    again = sams.post(address).context["codes"]
    assert not set(codes) & set(again)

    for worked in (True, False):
        sams.post(reverse("sign_out"))
        signs_in(sams, sam)
        answer = sams.post(reverse("mfa_authenticate"), {"code": again[0]})
        assert answer.status_code == (302 if worked else 422)


def test_reading_the_page_of_recovery_codes_writes_nothing(sams, secret):
    before = Authenticator.objects.values_list("data", flat=True).get(type="recovery_codes")

    sams.get(reverse("mfa_view_recovery_codes"))

    assert Authenticator.objects.values_list("data", flat=True).get(type="recovery_codes") == before


def test_an_app_is_taken_off_and_its_codes_go_with_it(sams, sam, secret):
    assert sams.get(reverse("mfa_deactivate_totp")).status_code == 200
    assert sams.post(reverse("mfa_deactivate_totp")).url == reverse("account")

    assert not Authenticator.objects.filter(user=sam).exists()


def test_the_picture_is_one_that_the_content_policy_lets_through(sams):
    page = sams.get(reverse("mfa_activate_totp")).content.decode()

    assert re.search(r'src="data:image/svg\+xml;base64,', page)
    assert "style" not in re.sub(r'href="[^"]*css"|rel="stylesheet"|data:[^"]*', "", page)


@pytest.mark.parametrize(
    "name",
    [
        *("account_signup", "account_email", "account_inactive", "account_confirm_login_code"),
        *("account_request_login_code", "socialaccount_connections", "socialaccount_signup"),
        *("mfa_signup_webauthn", "mfa_trust", "mfa_download_recovery_codes", "account_logout"),
    ],
)
def test_what_allauth_offers_beyond_our_pages_is_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_page_that_sends_on_to_signing_in_tells_htmx_so_instead(client, db):
    asked = client.get(reverse("account"), headers=HTMX, follow=True)

    assert asked.status_code == 401


@pytest.mark.parametrize(
    "name",
    [
        *("mfa_authenticate", "mfa_login_webauthn", "account_reset_password", "account_change_password"),
        *("account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"),
        *("tokens", "sign_in"),
    ],
)
def test_a_page_is_asked_for_or_posted_to_and_nothing_else(sams, name):
    assert {sams.put(reverse(name)).status_code, sams.delete(reverse(name)).status_code} == {405}


def test_the_fields_are_named_for_password_managers(sams):
    page = Client().get(reverse("sign_in")).content.decode()

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert sams.get(reverse("account_change_password")).content.decode().count('"new-password"') == 2
    assert 'autocomplete="one-time-code"' in sams.get(reverse("mfa_activate_totp")).content.decode()
