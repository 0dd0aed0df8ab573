"""Every page, light and dark, wide and at 320 pixels: axe, content policy and console find nothing."""

import pytest
from django.urls import get_resolver, reverse

from .looking import look_over
from .pages import NO_PAGES, PAGES
from .serving import ROOT


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_is_fit_for_everybody(visit, site, page):
    window = visit(page.reader)

    answer = window.goto(page.address(site.rows))

    assert answer.status == page.status
    assert look_over(window) == []


def test_no_stylesheet_asks_how_a_screen_is_held():
    """The one rule of axe that it cannot judge here (see `looking`)."""
    sheets = (ROOT / "ladder" / "static" / "ladder" / "css").rglob("*.css")

    assert [sheet.name for sheet in sheets if "orientation" in sheet.read_text(encoding="utf-8")] == []


def test_every_page_is_listed(visit):
    request = visit("kwame").request
    listed = NO_PAGES | {page.name for page in PAGES}

    missed = {
        name: address
        for name, address in _addresses()
        if name not in listed and request.get(address).status != 405
    }

    assert missed == {}


def _addresses():
    """Return the name of every address outside the API, with numbers made up."""
    for name, patterns in get_resolver().reverse_dict.lists():
        if isinstance(name, str) and not name.startswith("api-"):
            arguments = patterns[0][0][0][1]
            yield name, reverse(name, args=["ask" if name == "kind" else 1 for name in arguments])
