"""Every route and method, asked by everybody of every row: the table says what comes of it."""

import pytest

from tests.drawing import LONG, drawn

from .actors import BY_SESSION, NOT_LET_IN
from .asking import Asker
from .cells import MISSING, Question
from .entitled import Entitled
from .resolving import routes
from .table import ROUTES

# Files whose taking is written down: asking for the head alone takes nothing.
GET_ALONE = {"packet_export_zip", "packet_export_csv", "packet_export_xlsx", "packet_link"} | {
    "packet_pdf",
    "trail_csv",
    "trail_jsonl",
    "import_refused",
}
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def asker(scene):
    return Asker(scene)


@pytest.fixture(scope="module")
def entitled(scene):
    return Entitled(scene)


def questions():
    """Return every route and method; a route or a method without its place in the table is an error."""
    known, said = routes(), {name: frozenset(methods) for name, methods in ROUTES.items()}
    if unsaid := known.keys() - said.keys():
        raise ValueError(f"say in tests/access/table/ who is answered how by: {sorted(unsaid)}")
    if gone := said.keys() - known.keys():
        raise ValueError(f"in tests/access/table/, and no routes any more: {sorted(gone)}")
    if off := [name for name, route in known.items() if (route.methods or said[name]) != said[name]]:
        raise ValueError(f"tests/access/table/ names other methods than the views take: {off}")
    return [(name, method) for name, methods in ROUTES.items() for method in methods]


@pytest.mark.parametrize(("name", "method"), questions())
def test_the_answer_is_the_one_of_the_table(name, method, asker, entitled):
    question = Question(asker.scene, name, method, ROUTES[name][method])
    found, missing = [], {}
    for cell in question.cells():
        found += [f"{cell}: {fault}" for fault in faults(asker, entitled, question, cell, missing)]
    assert found == [], f"{len(found)} faults of {name} {method}:\n" + "\n".join(found[:40])


def faults(asker, entitled, question, cell, missing):
    """Ask one cell; return what is wrong with the answer. `missing` keeps what is told of missing rows."""
    expected, address = question.expected(cell), question.address(cell.label)
    answer = asker.ask(
        cell.actor,
        question.method,
        address,
        htmx=cell.htmx,
        body=question.body(cell.label, cell.actor),
        api=question.asked.door == "api",
    )
    found = []
    if answer.status != expected.status:
        found.append(f"{answer.status} instead of {expected.status} {answer.error}")
    elif expected.as_missing and answer.plain(address) != _missing(asker, question, cell, missing):
        found.append("refused otherwise than what is missing")
    if (expected.denied or question.method == "GET") and answer.written:
        found.append(f"wrote {sorted(answer.written)}")
    if any(key.encode() in answer.body for key in answer.keys) and not is_shown_once(answer):
        found.append("shows a key and is not `shown_once`")
    return found + leaks(asker, entitled, cell, answer)


def is_shown_once(answer):
    return {"no-store", "no-transform"} <= set(answer.headers.get("Cache-Control", "").split(", "))


def _missing(asker, question, cell, missing):
    """Return what the same person is told of a row that is not there.

    Each route is asked it once by htmx and once plainly, of whoever comes first: it has to be what other
    routes tell them. What the rest are told by other routes is not asked again, but in the long form.
    """
    api, method = question.asked.door == "api", question.method if question.asked.rows else "GET"
    alike = (cell.actor, cell.htmx)
    told = asker.told_of_missing.get((*alike, api))
    if alike in missing or (
        told is not None and not LONG and cell.htmx in {htmx for _actor, htmx in missing}
    ):
        return missing.get(alike, told)
    address, body = question.address(MISSING), question.body(MISSING, cell.actor)
    missing[alike] = asker.ask(cell.actor, method, address, htmx=cell.htmx, body=body, api=api).plain(address)
    assert asker.told_of_missing.setdefault((*alike, api), missing[alike]) == missing[alike], question.name
    return missing[alike]


@pytest.mark.parametrize("name", sorted(ROUTES.keys() - {"api-missing"}))
def test_a_method_that_the_table_does_not_name_is_not_answered(name, asker):
    asked = next(iter(ROUTES[name].values()))
    question = Question(asker.scene, name, "GET", asked)
    address = question.address(next(iter(question.rows)))
    refused = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
        if method not in ROUTES[name]
    ]
    for method in drawn(refused, 2):
        answer = asker.ask(BY_SESSION[0], method, address, api=asked.door == "api")
        tells = method == "OPTIONS" and name.startswith("api-") and name != "api-missing"
        assert answer.status == (200 if tells else 405), (method, answer.status)
        assert not answer.written
    for method in drawn(refused, 1):
        answer = asker.ask(NOT_LET_IN[0], method, address, api=asked.door == "api")
        assert answer.status == {"page": 302, "api": 401, "public": 405}[asked.door], (method, answer.status)
        assert not answer.written


def test_there_are_enough_cells_and_most_are_refusals(scene):
    """Five thousand at least, three in five of them denied. Methods that are not answered come on top."""
    cells = denied = asked = 0
    for name, method in questions():
        question = Question(scene, name, method, ROUTES[name][method])
        expected = [question.expected(cell) for cell in question.every_cell()]
        cells += len(expected)
        denied += sum(answer.denied for answer in expected)
        of_this_run = [question.expected(cell) for cell in question.cells()]
        assert {answer for answer in expected if answer.denied} <= set(of_this_run), (name, method)
        assert {answer.denied for answer in of_this_run} == {answer.denied for answer in expected}
        asked += len(of_this_run)
    print(f"{cells} cells, {denied} denied: {denied / cells:.0%}, {asked} asked")
    assert cells >= 5_000
    assert denied / cells >= 0.6
    assert asked == cells if LONG else asked >= 1_500


def leaks(asker, entitled, cell, answer):
    """Return the canaries that an answer holds and its reader may not know, and any that was logged."""
    canaries = asker.scene.canaries
    found = set().union(*(canaries.found_in(text) for text in asker.texts(answer)))
    person = cell.actor.person
    told = {f"leaks {canary}" for canary in found if not entitled.may_know(canary, person)}
    return sorted(told | {f"logs {canary}" for canary in canaries.found_in(answer.logged)})


READ = sorted(name for name in ROUTES if "GET" in ROUTES[name] and name != "mfa_login_webauthn")


@pytest.mark.parametrize("name", drawn(READ, len(READ) // 3))
def test_head_is_answered_as_get_without_a_body(name, asker):
    asked = ROUTES[name]["GET"]
    question = Question(asker.scene, name, "GET", asked)
    cells = [cell for cell in question.every_cell() if not cell.htmx or asked.door == "api"]
    for denied in (True, False):
        for cell in drawn([cell for cell in cells if question.expected(cell).denied is denied], 1):
            answer = asker.ask(cell.actor, "HEAD", question.address(cell.label), api=asked.door == "api")
            assert answer.status in (question.expected(cell).status, *([405] if name in GET_ALONE else []))
            assert answer.body == b""
            assert answer.written == set()
