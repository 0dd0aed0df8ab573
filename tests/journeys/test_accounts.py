"""How an account is opened, from a forgotten password to a passkey, in a real browser."""

import copy
import re
import time
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from .conftest import Visits
from .looking import look_over

PASSWORD = "rope-and-lantern-27"
NEWCOMERS = {
    name: f"{name}@portolan.example" for name in ("ottilie", "tancred", "philippa", "sibylle", "wolfram")
}
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code_of(secret, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


@pytest.fixture(scope="module")
def newcomer(site):
    """A function that gives the email of somebody who was taken in and signs in by `PASSWORD`."""
    people = [(email, "--name", name.title(), "--password-stdin") for name, email in NEWCOMERS.items()]
    site.take_in(*people, said=f"{PASSWORD}\n" * len(people))
    return NEWCOMERS.__getitem__


@pytest.fixture
def visit_by_name(browser, site):
    """As `visit`, at a host with a name: a passkey belongs to a name, never to a number."""
    named = copy.copy(site)
    named.address = f"http://localhost:{site.port}"
    visits = Visits(browser, named)
    yield visits
    if faults := visits.end():
        pytest.fail("\n".join(["the browser complained:", *faults, site.last_words()]), pytrace=False)


def signs_in(page, email, password=PASSWORD):
    page.goto("/sign-in/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def to_account(page):
    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("link", name="Account and security").first.click()
    expect(page.get_by_role("heading", name="Account and security", level=1)).to_be_visible()


def mail_to(site, email):
    """Return the text of the newest mail to somebody, waiting for the worker to have written it."""
    for _try in range(100):
        for file in sorted((site.folder / "mail").glob("*"), key=lambda file: -file.stat().st_mtime):
            text = Path(file).read_text(encoding="utf-8").replace("=\n", "")
            if f"To: {email}" in text:
                return text
        time.sleep(0.2)
    raise AssertionError(f"no mail to {email}")


def test_a_forgotten_password_is_set_anew_by_mail(visit, site, newcomer):
    email = newcomer("ottilie")
    page = visit()
    page.goto("/sign-in/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text(f"If {email} has an account here, an email is on its way.")).to_be_visible()
    assert look_over(page) == []

    link = re.search(r"https?://[^/\s]+(/forgotten-password/\S+)", mail_to(site, email))[1]
    page.goto(link)
    assert look_over(page) == []
    page.get_by_label("New password").fill("ferry-and-beacon-31")
    page.get_by_label("Confirm password").fill("ferry-and-beacon-31")
    page.get_by_role("button", name="Set password").click()

    expect(page.get_by_text("Your new password is set.")).to_be_visible()
    signs_in(page, email, "ferry-and-beacon-31")
    expect(page.get_by_text("You are Ottilie.")).to_be_visible()


def test_an_app_is_set_up_and_asked_for_and_a_recovery_code_stands_in_for_it(visit, newcomer):
    email = newcomer("tancred")
    page = visit(expected={422})
    signs_in(page, email)
    to_account(page)
    page.get_by_role("link", name="Set up app").click()
    secret = page.locator("code").inner_text()
    expect(page.get_by_role("img", name="The key below")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Set up app").click()
    expect(page.get_by_text("That didn’t work.")).to_be_visible()
    assert page.locator("code").inner_text() == secret
    assert look_over(page) == []
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Set up app").click()

    page.get_by_role("button", name="Show codes").click()
    shown = page.locator(".codes__item")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    assert look_over(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download codes").click()
    assert download.value.path().read_text().split() == codes

    for proof in (code_of(secret, 1), codes[0]):
        other = visit()
        signs_in(other, email)
        expect(other.get_by_role("heading", name="Two-factor authentication")).to_be_visible()
        assert look_over(other) == []
        other.get_by_label("Code").fill(proof)
        other.get_by_role("button", name="Sign in", exact=True).click()
        expect(other.get_by_text("You are Tancred.")).to_be_visible()


def test_a_passkey_is_added_and_then_opens_the_door_by_itself(visit_by_name, newcomer):
    email = newcomer("philippa")
    page = visit_by_name()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    signs_in(page, email)
    to_account(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name", exact=True).fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_role("link", name="Work laptop", exact=True)).to_be_visible()
    assert look_over(page) == []

    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("You are Philippa.")).to_be_visible()

    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Sign out").first.click()
    signs_in(page, email)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("You are Philippa.")).to_be_visible()

    page.goto("/account/confirm/passkey/?next=/account/")
    page.get_by_role("button", name="Use a passkey").click()
    to_remove = page.get_by_role("link", name="Remove Work laptop")
    to_remove.click()
    assert look_over(page) == []
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_role("link", name="Work laptop", exact=True)).to_have_count(0)


def test_without_a_passkey_at_hand_the_page_says_what_to_do(visit_by_name, newcomer):
    page = visit_by_name()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    assert look_over(page) == []


def test_a_session_left_open_elsewhere_is_ended_from_here(visit, newcomer):
    email = newcomer("sibylle")
    elsewhere, page = visit(), visit()
    for window in (elsewhere, page):
        signs_in(window, email)
        expect(window.get_by_text("You are Sibylle.")).to_be_visible()
    to_account(page)
    expect(page.get_by_role("heading", name="Chrome on Linux")).to_have_count(2)
    page.get_by_role("button", name=re.compile("End session")).click()
    expect(page.get_by_text("That session has ended.")).to_be_visible()

    elsewhere.goto("/evidence/")
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()


def test_accounts_do_without_scripts_but_for_passkeys(visit, newcomer):
    email = newcomer("wolfram")
    page = visit(java_script_enabled=False)
    signs_in(page, email)
    page.goto("/account/password/")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill("ferry-and-beacon-31")
    page.get_by_label("Confirm password").fill("ferry-and-beacon-31")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your new password is set.")).to_be_visible()

    page.goto("/account/passkeys/new/")
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
