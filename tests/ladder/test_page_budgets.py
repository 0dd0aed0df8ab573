"""What a page may cost with the demo in the database: queries, and bytes of HTML. It may get cheaper."""

import shutil

import pytest

from tests.benchmarks.ratios import ROOT, Asked, environment_of, find, pages

QUERIES, HTML, SENT = 16, 90_000, 14_000
MORE_QUERIES = {"case": 26, "home of an engineer": 24, "home of a manager": 18, "home of HR": 20}


@pytest.fixture(scope="module")
def costs(demo, tmp_path_factory):
    """Return `{page: (queries, bytes, bytes that are sent)}` of a second visit to each page."""
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
        queries = ladder.ask(email, path, count=True)["queries"]
        measured[name] = queries, first["html"], first["sent"]
    ladder.close()
    return measured


def test_no_page_asks_more_than_it_may(costs):
    asked = {name: queries for name, (queries, *_bytes) in costs.items()}
    over = {name: queries for name, queries in asked.items() if queries > MORE_QUERIES.get(name, QUERIES)}
    assert over == {}


def test_no_page_weighs_more_than_it_may(costs):
    over = {name: each for name, (_queries, *each) in costs.items() if each[0] > HTML or each[1] > SENT}
    assert over == {}


def test_what_may_cost_more_is_a_page_that_is_asked(costs):
    assert set(MORE_QUERIES) <= set(costs)
