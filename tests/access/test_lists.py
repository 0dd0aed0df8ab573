"""Lists to their last row, under every filter, and the search for what somebody may not read.

A run asks each list under each filter as some people, others each day, and searches for some words;
LADDER_LONG=1 asks as everybody.
"""

import pytest

from tests.drawing import LONG, by_chance, drawn

from .actors import BY_SESSION
from .asking import Asker
from .cells import Question
from .entitled import Entitled
from .table import ROUTES
from .test_table import leaks

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EVERY_ROW = ["page_size=200", "page_size=200&page=2"]
SCOPES = [f"scope={scope}" for scope in ("direct", "below", "managers", "everyone")]
QUERIES = {
    "reviews": [
        "further",
        "further&page=2",
        *SCOPES,
        "scope=everyone&show=shared",
        "scope=below&show=not-shared",
    ],
    "review": ["scope=everyone", "scope=below&show=shared"],
    "team": [*SCOPES, "scope=everyone&sort=gap", "scope=everyone&view=change"],
    "team_csv": [*SCOPES, "scope=everyone&sort=gap", "scope=everyone&view=change"],
    "cases": [f"state={state}" for state in ("drafts", "proposed", "in-review", "decided", "withdrawn")],
    "people": ["show=left", "show=manager-gone", "page=2"],
    "packet_preview": [f"variant={copy}" for copy in ("committee", "candidate", "masked", "archive")],
    "trail": ["before=", "since=2001-01-01"],
    **{f"api-{rows}-list": EVERY_ROW for rows in ("assessments", "cases", "cycles", "evidence", "packets")},
    **{f"api-{rows}-list": EVERY_ROW for rows in ("people", "reviews", "tokens", "editions", "competencies")},
    "api-jobs-list": EVERY_ROW,
    "api-trail-list": ["page_size=200"],
}
READERS = ("lena", "mara", "fay", "kit", "otto")
SEARCHES = ("/search/", "/palette/")
SEARCHED = ("evidence.Evidence", "people.Person", "reviews.Rating", "promotions.Story", "framework.Behaviour")
READING = 4  # people of a run for each list
OF_EACH = 8 if LONG else 2  # words of a run for each kind of row and reader


@pytest.fixture(scope="module")
def asker(scene):
    return Asker(scene)


@pytest.fixture(scope="module")
def entitled(scene):
    return Entitled(scene)


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_no_part_of_a_list_shows_what_is_not_theirs(name, asker, entitled):
    question = Question(asker.scene, name, "GET", ROUTES[name]["GET"])
    cells = [cell for cell in question.every_cell() if cell.actor in BY_SESSION and not cell.htmx]
    shown = [cell for cell in sorted(cells, key=by_chance) if question.expected(cell).status == 200]
    for cell in drawn(shown, READING):
        for query in QUERIES[name]:
            address = f"{question.address(cell.label)}?{query}"
            answer = asker.ask(cell.actor, "GET", address, api=name.startswith("api-"))
            assert answer.status in (200, 404), (address, answer.error)
            assert leaks(asker, entitled, cell, answer) == [], (str(cell), query)


@pytest.mark.parametrize("reader", READERS)
def test_what_somebody_may_not_read_is_not_found_either(reader, asker, entitled):
    """Word for word as if the word stood nowhere; not even that there is something."""
    actor = next(actor for actor in BY_SESSION if actor.name == reader)
    unknown = list(_unknown_to(reader, asker.scene.canaries.by_token, entitled))
    for search in SEARCHES:
        nothing = asker.ask(actor, "GET", f"{search}?q=cnry-0000000000")
        for token in unknown:
            found = asker.ask(actor, "GET", f"{search}?q={token}")
            same = found.plain("").replace(token.encode(), b"cnry-0000000000")
            assert same == nothing.plain(""), (search, str(asker.scene.canaries.by_token[token]))


def test_what_somebody_may_read_is_found(asker, scene):
    """Without this, a search that finds nothing for anybody would pass."""
    token, *_rest = scene.canaries.found_in_row(scene.rows["evidence.Evidence"]["of lena by lena"])
    lenas, ottos = (next(actor for actor in BY_SESSION if actor.name == name) for name in ("lena", "otto"))
    found, missed = (
        asker.ask(actor, "GET", f"/search/?q={token}").body.count(token.encode()) for actor in (lenas, ottos)
    )
    assert found > missed


def _unknown_to(reader, by_token, entitled):
    """Yield tokens of each kind that the reader may not know."""
    for model in SEARCHED:
        tokens = [token for token, canary in by_token.items() if canary.row._meta.label == model]
        hidden = (token for token in tokens if not entitled.may_know(by_token[token], reader))
        yield from drawn(hidden, OF_EACH, long=False)
