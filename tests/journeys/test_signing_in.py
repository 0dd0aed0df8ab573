"""Getting in and out, and what stays behind on a shared machine: nothing."""

import re

from playwright.sync_api import expect

from .looking import look_over

PASSWORD = "rope-and-lantern-27"


def test_a_password_opens_the_door_to_where_one_was_going(visit, site):
    site.manage(
        "add_person", "ines@portolan.example", "--name", "Inés Prado", "--password-stdin", said=PASSWORD
    )
    page = visit(expected={422})
    page.goto("/ladder/")
    page.get_by_label("Email").fill("ines@portolan.example")
    page.get_by_label("Password").fill("a wrong guess")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("The email or password is wrong.").first).to_be_visible()
    assert look_over(page) == []

    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page).to_have_url(re.compile("/ladder/$"))
    expect(page.get_by_text("You are Inés Prado.")).to_be_visible()


def test_after_signing_out_the_way_back_shows_nothing(visit, site):
    page = visit()
    page.goto("/")
    page.get_by_role("button", name=re.compile("Priya Venkataraman")).click()
    page.goto(f"/reviews/{site.rows['review of priya']}/")
    expect(page.get_by_role("heading", name="Your review: self and manager")).to_be_visible()

    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("Your review: self and manager")).to_have_count(0)


def test_a_form_that_is_too_old_says_so(visit):
    page = visit(expected={403})
    page.goto("/sign-in/")
    page.context.clear_cookies()
    page.get_by_role("button", name=re.compile("Priya Venkataraman")).click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert look_over(page) == []


def test_what_is_not_there_and_what_is_not_ones_own_look_the_same(visit, site):
    page = visit("kwame", expected={404})
    told = []
    for address in (f"/reviews/{site.rows['review of priya']}/", "/reviews/987654/"):
        assert page.goto(address).status == 404
        told.append(page.get_by_role("main").inner_text())

    assert told[0] == told[1]
    assert look_over(page) == []
