"""Whoever goes by keyboard is soon at the form of a page: five steps after a skip link at most."""

import pytest

from tests.drawing import drawn

from .pages import PAGES

MOST = 5
CONTROL = "input:not([type=hidden]), select, textarea"
# Whether main has a form to fill in that is in sight, and whether one of its controls has the focus.
HAS_A_FORM = f"""() => [...document.querySelectorAll("main form")].some((form) =>
  [...form.querySelectorAll("{CONTROL}")].some((one) => one.checkVisibility()))"""
AT_A_CONTROL = f"""() => document.activeElement.matches("{CONTROL}") && !!document.activeElement.form
  && !!document.activeElement.closest("main")"""


@pytest.mark.parametrize("page", drawn(PAGES, 24), ids=str)
def test_a_form_is_soon_reached(windows, site, page):
    window = windows.of(page.reader)
    window.goto(page.address(site.rows))
    if not window.evaluate(HAS_A_FORM):
        return

    window.locator("a.skip").last.focus()
    window.keyboard.press("Enter")

    assert steps_to_a_control(window) <= MOST


def steps_to_a_control(window):
    """Press Tab until a control of a form has the focus; return how often, but no more than once too many."""
    for step in range(1, MOST + 1):
        window.keyboard.press("Tab")
        if window.evaluate(AT_A_CONTROL):
            return step
    return MOST + 1
