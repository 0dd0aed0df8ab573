"""Every page, light and dark, wide and at 320 pixels: axe, content policy and console find nothing.

A run looks at one page of each address, another each day; LADDER_LONG=1 looks at all.
"""

import pytest
from django.urls import get_resolver, resolve, reverse

from tests.drawing import some_of

from .looking import look_over
from .pages import NO_PAGES, PAGES
from .serving import ROOT

# Addresses of a part of an assessment, which show the whole of it to whoever opens them.
OF_AN_ASSESSMENT = {"rating", "support", "other_evidence"}
CHOSEN = some_of(PAGES, kind=lambda page: "assessment" if page.name in OF_AN_ASSESSMENT else page.name)


@pytest.mark.parametrize("page", [page for page in PAGES if page in CHOSEN], ids=str)
def test_a_page_is_fit_for_everybody(windows, site, page):
    window = windows.of(page.reader)

    answer = window.goto(page.address(site.rows))

    found = look_over(window, judged=True) + window.watch.told()
    assert answer.status == page.status
    assert found == [], site.last_words()


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
        if name not in listed and not leads_on(address) and request.get(address).status != 405
    }

    assert missed == {}, "name each in tests/journeys/pages.py, with somebody who reads it"


def leads_on(address):
    """Return True if an address only leads on to the page of the form that is sent to it."""
    return hasattr(resolve(address).func, "posted_from")


def _addresses():
    """Return the name of every address outside the API, with numbers made up."""
    for name, patterns in get_resolver().reverse_dict.lists():
        if isinstance(name, str) and not name.startswith("api-"):
            arguments = patterns[0][0][0][1]
            yield name, reverse(name, args=["ask" if name == "kind" else 1 for name in arguments])
