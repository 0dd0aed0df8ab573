"""By keyboard alone: one always sees where one is, and is soon at the form of a page."""

import pytest
from playwright.sync_api import expect

from tests.drawing import drawn

from .looking import MENUS, PHONE, WIDE
from .pages import PAGES

STEPS = 400
STEPS_TO_A_FORM, LOOKED_AT = 5, 24  # of the pages, others each day
CONTROL = "input:not([type=hidden]), select, textarea"
HAS_A_FORM = f"""() => [...document.querySelectorAll("main form")].some((form) =>
  [...form.querySelectorAll("{CONTROL}")].some((one) => one.checkVisibility()))"""
AT_A_CONTROL = f"""() => document.activeElement.matches("{CONTROL}") && !!document.activeElement.form
  && !!document.activeElement.closest("main")"""

# What has the focus, whether a ring is drawn on it or close around it, and whether any of it is in sight:
# a point of it in the window with nothing else (a sticky head, the dock) lying over it.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const face = one.closest("label") ?? one;
  const around = [...face.querySelectorAll("*"), face, face.parentElement, face.parentElement.parentElement];
  const ringed = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  const points = [...face.getClientRects()].flatMap(({ left, right, top, bottom }) =>
    [0.1, 0.5, 0.9].flatMap((share) => [[left + share * (right - left), top + share * (bottom - top)],
      [left + share * (right - left), (top + bottom) / 2]]));
  const over = points.map(([x, y]) => document.elementFromPoint(x, y));
  const words = (one.ariaLabel || one.textContent || one.name || "").trim().slice(0, 40);
  const above = new Set(over.map((part) => part && `${part.localName}.${part.getAttribute("class")}`));
  const inSight = over.some((part) => part && face.contains(part));
  return {
    well: inSight && around.some((part) => ringed(getComputedStyle(part))),
    told: `${one.localName} “${words}” under ${[...above].join(", ")}`,
  };
}"""


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(
    ("who", "where"),
    [("mateo", "/assessments/{self of mateo}/"), ("kwame", "/ladder/"), ("tomasz", "/team/")],
)
def test_focus_is_always_in_sight(visit, site, who, where, size):
    page = visit(who)
    page.set_viewport_size(size)
    page.goto(where.format_map(site.rows))

    lost = []
    for _step in range(STEPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        lost += [] if focus["well"] else [focus["told"]]
    else:
        pytest.fail(f"{STEPS} steps and not at the end of the page")

    assert lost == []


def test_the_first_step_leads_past_the_menu(visit):
    page = visit("kwame")
    page.goto("/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("page", drawn(PAGES, LOOKED_AT), ids=str)
def test_a_form_is_few_steps_behind_a_skip_link(windows, site, page):
    window = windows.of(page.reader)
    window.goto(page.address(site.rows))
    if not window.evaluate(HAS_A_FORM):
        return

    window.locator("a.skip").last.focus()
    window.keyboard.press("Enter")

    assert steps_to_a_control(window) <= STEPS_TO_A_FORM


def steps_to_a_control(window):
    """Press Tab until a control of a form has the focus; return how often, or one more than is allowed."""
    for step in range(1, STEPS_TO_A_FORM + 1):
        window.keyboard.press("Tab")
        if window.evaluate(AT_A_CONTROL):
            return step
    return STEPS_TO_A_FORM + 1


@pytest.mark.parametrize(("who", "size", "name"), MENUS, ids=["wide", "long", "phone"])
def test_a_menu_opens_and_closes_by_keyboard(visit, who, size, name):
    page = visit(who)
    page.set_viewport_size(size)
    page.goto("/")
    opener = page.locator("summary:visible", has_text=name)
    opener.focus()

    page.keyboard.press("Enter")
    sheet = page.locator("details[data-menu][open] .menu__sheet")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("details[data-menu][open]")).to_have_count(0)
    expect(opener).to_be_focused()
