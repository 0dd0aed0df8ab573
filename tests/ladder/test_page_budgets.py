"""What a page may cost with the demo in the database: queries, and bytes of HTML. It may get cheaper."""

import shutil

import pytest

from tests.benchmarks.ratios import ROOT, Asked, environment_of, find, pages

QUERIES, HTML = 16, 92_000
MORE_QUERIES = {"case": 26, "home of an engineer": 26, "home of a manager": 22, "home of HR": 22}
MORE_HTML = {"assessment": 106_000}  # fifteen times what the level asks, and a form


@pytest.fixture(scope="module")
def costs(demo, tmp_path_factory):
    """Return `{page: (queries, bytes)}` of a second visit to each page."""
    folder = tmp_path_factory.mktemp("budgets")
    shutil.copy(demo, folder / "ladder.sqlite3")
    environment = environment_of(ROOT, folder) | {"DATABASE_URL": ""}
    found = find(environment)
    ladder = Asked("ladder", ROOT, environment)
    measured = {}
    for name, who, path in pages(found):
        email = found["emails"][who]
        first = ladder.ask(email, path)
        assert first["status"] == 200, (name, path)
        measured[name] = (ladder.ask(email, path, count=True)["queries"], first["html"])
    ladder.close()
    return measured


def test_no_page_asks_more_than_it_may(costs):
    asked = {name: queries for name, (queries, _html) in costs.items()}
    over = {name: queries for name, queries in asked.items() if queries > MORE_QUERIES.get(name, QUERIES)}
    assert over == {}


def test_no_page_weighs_more_than_it_may(costs):
    over = {name: html for name, (_queries, html) in costs.items() if html > MORE_HTML.get(name, HTML)}
    assert over == {}


def test_what_may_cost_more_is_a_page_that_is_asked(costs):
    assert {*MORE_QUERIES, *MORE_HTML} <= set(costs)
