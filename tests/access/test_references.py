"""A row that is not one's own, named in a body or a query: refused, and nothing is changed."""

import ast
from pathlib import Path

import pytest

from .actors import BY_SESSION
from .asking import Asker, address_of
from .cells import Question
from .entitled import Entitled
from .references import READ, REFERENCES, named_rows
from .table import ROUTES
from .test_table import leaks

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGES = Path(__file__).resolve().parents[2] / "ladder" / "pages"


@pytest.fixture(scope="module")
def asker(scene):
    return Asker(scene)


@pytest.fixture(scope="module")
def entitled(scene):
    return Entitled(scene)


def test_every_field_that_names_rows_is_known():
    assert named_rows() == set(REFERENCES)


def test_what_views_read_past_their_forms_is_known():
    found = {}
    for path in sorted(PAGES.rglob("*.py")):
        if names := set(_read(ast.parse(path.read_text()))):
            found[str(path.relative_to(PAGES))] = names
    assert found == {path: set(names.split()) for path, names in READ.items()}


def _read(tree):
    """Yield `"POST.name"` for each literal name that is taken from the query or the body."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Call(
                    func=ast.Attribute(
                        value=ast.Attribute(attr="POST" | "GET" as part), attr="get" | "getlist"
                    ),
                    args=[ast.Constant(value=name), *_],
                )
                | ast.Subscript(
                    value=ast.Attribute(attr="POST" | "GET" as part), slice=ast.Constant(value=name)
                )
            ):
                yield f"{part}.{name}"


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_the_row_of_somebody_else_is_refused(name, asker, entitled):
    for reference in REFERENCES[name]:
        asked = ROUTES[reference.route][reference.method]
        question = Question(asker.scene, reference.route, reference.method, asked)
        actor = next(actor for actor in BY_SESSION if actor.name == reference.actor)
        row = question.rows.get(reference.label)
        sent = reference.sent(asker.scene, row)
        address = question.address(reference.label)
        if reference.method == "GET":
            address += "?" + "&".join(f"{key}={value}" for key, value in sent.items())
        api = asked.door == "api"
        answer = asker.ask(actor, reference.method, address, body=sent, api=api)
        assert answer.status == reference.status, (reference.route, answer.status, answer.error)
        assert not answer.written, reference.route
        told = type("Told", (), {"actor": actor})
        assert leaks(asker, entitled, told, answer) == []


def test_an_edition_in_the_query_of_the_sources_is_refused(asker):
    address = f"{address_of('sources', ())}?edition={asker.scene.rows['framework.Edition']['draft'].pk}"
    assert asker.ask(BY_SESSION[0], "GET", address).status == 404
