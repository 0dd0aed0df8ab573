"""Pages on paper: nothing to press, what was written as text, and of a scale the step that was chosen."""

import pytest
from playwright.sync_api import expect

PRESSED = """() => [...document.querySelectorAll(".button, .dock, .masthead, .filters, main nav")]
  .filter((one) => one.checkVisibility()).map((one) => one.textContent.trim())"""


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("mateo", "/assessments/{self of mateo}/"),
        ("priya", "/reviews/{review of priya}/"),
        ("tomasz", "/cases/{case of priya}/"),
        ("kwame", "/ladder/"),
    ],
    ids=["assessment", "comparison", "case", "matrix"],
)
def test_a_printed_page_has_nothing_to_press(visit, site, who, where):
    page = visit(who)
    page.goto(where.format_map(site.rows))

    page.emulate_media(media="print")

    assert page.evaluate(PRESSED) == []


def test_a_printed_assessment_shows_what_was_answered_and_room_for_what_was_not(visit, site):
    page = visit("mateo")
    page.goto(f"/assessments/{site.rows['self of mateo']}/")
    answered = page.locator("article:not([data-state=open])").first
    unanswered = page.locator("article[data-state=open]").first

    page.emulate_media(media="print")

    expect(answered.locator(".scale__points > label:visible")).to_have_count(1)
    expect(answered.locator("textarea")).to_have_css("border-top-width", "0px")
    expect(unanswered.locator(".scale__points > label:visible")).to_have_count(5)
    expect(unanswered.locator("textarea")).to_have_css("border-top-width", "1px")
