"""What a page looks like when something was refused, is open, or was chosen to be dark."""

import pytest
from playwright.sync_api import expect

from .looking import MENUS, ask_axe, look_over

FORMS = [
    ("kwame", "/people/{kwame}/evidence/new/", "Add evidence"),
    ("benedikte", "/cycles/new/", "Next: who takes part"),
    ("benedikte", "/cycles/{open cycle}/closing/", "Close cycle"),
    ("marguerite", "/editions/import/", "Import file"),
    ("tomasz", "/people/{kwame}/cases/new/", "Open case"),
    ("tomasz", "/cases/{case of priya}/stories/", "Add story"),
    ("mateo", "/assessments/{self of mateo}/ratings/{competency}/evidence/", "Add evidence and use it here"),
]


@pytest.mark.parametrize(("who", "where", "button"), FORMS, ids=[where for _who, where, _button in FORMS])
def test_a_form_sent_empty_says_what_is_missing(visit, site, who, where, button):
    page = visit(who, expected={422})
    page.goto(where.format_map(site.rows))
    send_empty(page, button)

    expect(page.locator(".field__error").first).to_be_visible()
    assert look_over(page) == []


def test_a_claim_made_empty_says_so_and_is_not_saved(visit, site):
    page = visit("tomasz", expected={422})
    page.goto(f"/cases/{site.rows['case of priya']}/")
    claim = page.get_by_role("form", name="Claim 1")
    claim.get_by_label("Result").fill("")

    expect(claim.get_by_role("alert")).to_contain_text("Result")
    expect(claim.locator(".saved")).to_have_text("Not saved")
    assert look_over(page) == []


def send_empty(page, button):
    """Empty the form of that button and send it, although the browser would not."""
    form = page.locator("form").filter(has=page.locator("button", has_text=button)).first
    form.evaluate("""(form) => {
      form.noValidate = true;
      for (const one of form.elements) if (one.matches("input:not([type=hidden]), textarea")) one.value = "";
      form.closest("details")?.setAttribute("open", "");
    }""")
    form.get_by_role("button", name=button).click()


@pytest.mark.parametrize(("who", "size", "name"), MENUS, ids=["wide", "long", "phone"])
def test_an_open_menu_is_fit_for_everybody(visit, who, size, name):
    page = visit(who)
    page.set_viewport_size(size)
    page.goto("/")
    page.locator("summary:visible", has_text=name).click()

    assert look_over(page, sizes=[size]) == []
    assert page.locator("details[data-menu][open]").count() == 1


def test_the_dark_one_is_chosen_and_stays(visit):
    page = visit("priya", color_scheme="light")
    page.goto("/ladder/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("summary:visible", has_text="Your menu").click()
    page.get_by_role("button", name="Dark").first.click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert look_over(page, schemes=["light"]) == []


def test_the_documentation_of_the_interface_keeps_to_itself(visit):
    page = visit("kwame")
    page.goto("/api/docs/")

    expect(page.get_by_role("heading", name="Ladder")).to_be_visible()
    expect(page.get_by_role("link", name="/api/v1/me/")).to_be_visible()


def test_these_tests_see_what_is_wrong(visit):
    """A test of the tests: a fault of each kind, planted."""
    page = visit("kwame")
    page.goto("/")
    page.evaluate("document.body.append(Object.assign(new Image(), { src: '/healthz?picture' }))")
    page.evaluate("document.body.style.minWidth = '2000px'")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: #ccc\">pale</p>')")
    page.evaluate("localStorage.setItem('page', 'text')")
    page.evaluate("fetch('https://elsewhere.example/').catch(() => {})")
    page.evaluate("setTimeout(() => { throw new Error('planted') })")
    page.wait_for_timeout(200)

    assert "image-alt" in "".join(ask_axe(page))
    assert "2000 pixels wide" in "".join(look_over(page, schemes=["light"]))
    told = "\n".join(page.watch.told())
    for fault in (
        "content policy: style-src-attr",
        "content policy: connect-src",
        "planted",
        "kept in the browser",
    ):
        assert fault in told
    page.evaluate("localStorage.clear()")
