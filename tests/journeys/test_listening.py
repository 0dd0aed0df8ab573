"""What one hears of a page: each heading once, short names of choices, and whether it was saved."""

import re

import pytest
from playwright.sync_api import expect

from tests.drawing import drawn

from .pages import PAGES
from .sheets import Sheet

LOOKED_AT = 24  # of the pages, others each day
# A packet is shown as it was frozen, and its stories have the same parts.
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((one) => one.checkVisibility() && !one.closest(".sheet[lang]"))
  .map((one) => one.textContent.replace(/\\s+/g, " ").trim())"""
LONG_NAMES = """() => [...document.querySelectorAll("main input[type=radio]")]
  .filter((one) => one.labels[0]?.querySelector("small") && !one.hasAttribute("aria-labelledby"))
  .map((one) => one.labels[0].textContent.replace(/\\s+/g, " ").trim())"""
TITLE = "System architecture"


@pytest.mark.parametrize("page", drawn(PAGES, LOOKED_AT), ids=str)
def test_no_heading_is_heard_twice_and_no_choice_reads_on(windows, site, page):
    window = windows.of(page.reader)

    window.goto(page.address(site.rows))

    headings = window.evaluate(HEADINGS)
    assert sorted(headings) == sorted(set(headings))
    assert window.evaluate(LONG_NAMES) == []


def test_a_step_of_the_scale_is_named_by_its_word_and_described_by_what_it_means(visit, site):
    page = visit("mateo")
    page.goto(f"/assessments/{site.rows['self of mateo']}/")
    anchors = page.locator("#anchors")

    step = Sheet(page).of(TITLE).get_by_role("radio", name="Consistent", exact=True)

    expect(step).to_have_accessible_description(re.compile(r"\w+ \w+ \w+"))
    described_by = step.get_attribute("aria-describedby")
    expect(anchors.locator(f"#{described_by}")).to_have_count(1)


def test_it_is_said_aloud_whether_it_was_saved(visit, site):
    page = visit("mateo", expected={403})
    page.goto(f"/assessments/{site.rows['self of mateo']}/")
    spoken = page.locator("body > [role=status]")
    expect(spoken).to_have_text("")
    sheet = Sheet(page)

    sheet.comment(TITLE).fill("One team drew it.")

    expect(spoken).to_have_text("Saved")
    page.watch.offline = True
    page.context.set_offline(True)
    sheet.comment(TITLE).fill("Two teams drew it.")
    expect(spoken).to_have_text(re.compile("^Not saved"))
    page.context.set_offline(False)
    expect(spoken).to_have_text("Saved")
