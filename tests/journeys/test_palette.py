"""The command palette, by keyboard alone: from anywhere to a person, a page or a thing to do."""

import pytest
from playwright.sync_api import expect

from .looking import PHONE, SCHEMES, WIDE, look_over


@pytest.fixture
def opened(visit):
    """Tomasz's home with the palette opened over it, and what it offers there."""
    page = visit("tomasz")
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Search and commands")).to_be_visible()
    return page


def test_from_a_few_letters_to_an_assessment(opened):
    page = opened
    palette = page.get_by_role("dialog")
    expect(palette.get_by_role("link", name="Add evidence")).to_be_visible()

    page.keyboard.type("kwame")
    expect(palette.get_by_role("link", name="Assess Kwame Mensah")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(palette.get_by_role("link", name="Assess Kwame Mensah")).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/assessments/**")


def test_enter_opens_the_first_result_and_escape_leads_back(opened):
    page = opened
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("searchbox").first.click()
    page.keyboard.type("org ch")
    expect(page.get_by_role("dialog").get_by_role("link").first).to_have_text("Org chart")
    page.keyboard.press("Enter")

    page.wait_for_url("**/people/chart/")


def test_a_question_mark_shows_the_keys_but_not_while_one_writes(visit, site):
    page = visit("kwame")
    page.goto("/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Close the palette or a menu")

    page.goto("/people/{kwame}/evidence/new/".format_map(site.rows))
    page.get_by_label("Title").press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_it_tells_how_much_it_found(opened):
    opened.keyboard.type("zzzz")

    expect(opened.get_by_role("dialog").get_by_role("status")).to_have_text("1 result")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_it_is_fit_for_everybody(opened, size):
    opened.set_viewport_size(size)
    opened.keyboard.type("kwame")
    expect(opened.get_by_role("dialog").get_by_role("link", name="Assess Kwame Mensah")).to_be_visible()

    assert look_over(opened, sizes=[size], schemes=SCHEMES) == []


def test_without_scripts_the_search_box_leads_to_a_page(visit):
    page = visit("tomasz", java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox").first.fill("kwame")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Assess Kwame Mensah")).to_be_visible()
