"""On a phone: rows are cards with their columns named, fields are not zoomed into, one line leads back."""

import pytest

from tests.drawing import drawn

from .pages import PAGES

LOOKED_AT = 24  # of the pages, others each day
PHONE = {"width": 390, "height": 844}
WRONG = """() => {
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const headed = (cell) => {
    const [head] = cell.closest("table").tHead?.rows ?? [];
    const over = head?.cells.length === cell.parentElement.cells.length && head.cells[cell.cellIndex];
    return over && !over.querySelector(".visually-hidden");
  };
  const cells = seen(".table tbody :is(th, td)");
  const fields = seen(`main :is(input, select, textarea)`)
    .filter((one) => !["checkbox", "radio", "file", "hidden"].includes(one.type));
  const crumbs = seen(".breadcrumbs:not([data-whole])");
  return [
    ...seen(".table").filter((one) => one.scrollWidth > one.clientWidth + 1)
      .map((one) => `a table ${one.scrollWidth} wide in ${one.clientWidth}`),
    ...cells.filter((one) => headed(one) && !one.dataset.label)
      .map((one) => `no column at “${one.textContent.trim()}”`),
    ...fields.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 16)
      .map((one) => `${one.name} is ${getComputedStyle(one).fontSize}`),
    ...crumbs.filter((one) => [...one.querySelectorAll("li")].filter((li) => li.checkVisibility()).length > 1)
      .map((one) => `more than one way back: ${one.textContent}`),
  ];
}"""


@pytest.mark.parametrize("page", drawn(PAGES, LOOKED_AT), ids=str)
def test_a_page_fits_a_phone(windows, site, page):
    window = windows.of(page.reader)
    window.set_viewport_size(PHONE)

    window.goto(page.address(site.rows))

    assert window.evaluate(WRONG) == []
