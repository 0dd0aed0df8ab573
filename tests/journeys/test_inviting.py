"""Somebody HR took in gets a link, chooses a password and is in; the link is worth nothing after that."""

import re

import pytest
from playwright.sync_api import expect

from .looking import look_over

PASSWORD = "rope-and-lantern-27"


@pytest.fixture
def link(visit, site):
    """The link that HR is shown for Nia, on an installation without a mail server."""
    page = visit("benedikte")
    shown = invite(page, site)
    assert look_over(page) == []
    return shown


def invite(page, site):
    """Invite Nia, or again; return the link that is shown."""
    page.goto(f"/people/{site.rows['nia']}/access/")
    page.get_by_role("button", name=re.compile("^(Invite|Send)")).click()
    expect(page.get_by_role("heading", name="Invitation links")).to_be_visible()
    return page.get_by_label("Link for Nia Newcomer").input_value()


def test_a_link_is_copied_with_a_button(visit, site):
    page = visit("benedikte")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.address)
    shown = invite(page, site)

    page.get_by_role("button", name=re.compile("^Copy link.*Nia Newcomer")).click()

    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown


def test_where_the_browser_refuses_the_link_is_selected_to_be_copied(visit, site):
    page = visit("benedikte")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    shown = invite(page, site)

    page.get_by_role("button", name=re.compile("^Copy link.*Nia Newcomer")).click()

    expect(page.get_by_text("Selected. Press Ctrl or Cmd + C to copy it.")).to_be_visible()
    assert page.evaluate("getSelection().toString()") == shown


def test_without_scripts_no_button_pretends_to_copy(visit, site):
    page = visit("benedikte", java_script_enabled=False)
    invite(page, site)

    expect(page.get_by_role("button", name=re.compile("^Copy link"))).to_have_count(0)


def test_a_link_is_looked_at_often_and_opens_once(visit, site, link):
    scanner = visit()
    scanner.goto(link)
    page = visit(expected={404, 422})
    page.goto(link)
    expect(page).to_have_url(f"{site.address}/invitation/")
    expect(page.get_by_role("heading", name="Welcome, Nia Newcomer")).to_be_visible()
    assert look_over(page) == []

    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Confirm password").fill("short")
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_text("This password is too short").first).to_be_visible()
    assert look_over(page) == []
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Confirm password").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()

    expect(page.get_by_text("You are Nia Newcomer.")).to_be_visible()
    late = visit(expected={404})
    assert late.goto(link).status == 404
    expect(late.get_by_role("heading", name="You have already used this invitation")).to_be_visible()
    assert look_over(late) == []
    late.goto("/sign-in/")
    late.get_by_label("Email").fill("nia.newcomer@portolan.example")
    late.get_by_label("Password").fill(PASSWORD)
    late.get_by_role("button", name="Sign in", exact=True).click()
    expect(late.get_by_text("You are Nia Newcomer.")).to_be_visible()


def test_everybody_at_once_is_asked_first(visit):
    page = visit("benedikte")
    page.goto("/invitations/")
    page.get_by_role("link", name="Invite all").click()
    expect(page.get_by_role("heading", name=re.compile(r"Invite \d+ people\?"))).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Invite \d+ people")).click()

    expect(page.get_by_role("heading", name="Invitation links")).to_be_visible()
    assert look_over(page) == []
    page.goto("/invitations/")
    expect(page.get_by_role("button", name=re.compile("^Revoke")).first).to_be_visible()
    assert look_over(page) == []
