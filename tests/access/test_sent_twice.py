"""Whatever is sent twice under one key is done once: every route by which anything is made, asked twice.

A run asks half of the routes, the others the day after; LADDER_LONG=1 asks all.
"""

import pytest
from django.apps import apps
from django.db import connection, transaction

from tests.drawing import drawn

from .asking import Asker
from .cells import Question
from .table import ROUTES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

KEY = "a-key-drawn-by-chance"
# What a request leaves beside what was asked for: where somebody is signed in, and the key itself.
BESIDE = {"sessions.Session", "usersessions.UserSession", "people.IdempotencyKey"}
# Sent twice without a key these make two of a thing: the question finds it.
MAKE_TWO = ["evidence_new", "stories", "remarks", "tokens", "packet_links", "trail_verification"]
MAKE_TWO += ["api-evidence-list", "api-tokens-list"]

# The table knows no row or body with which these answer. Those that make something of an upload are asked in
# `tests/ladder/web/test_idempotency.py`; the others make nothing, or open by a key or code that is used up.
REFUSED_HERE = {
    "import_new",
    "import_mapping",
    "import_dropped_rows",
    "edition_import",
    "invite_all",
    "organisation_time_zone",
    "api-missing",
}
REFUSED_HERE |= {"sign_in_as", "verify", "invitation", "set_up", "endorsement", "endorsement_refusal"}
REFUSED_HERE |= {"account_reset_password", "account_reset_password_from_key"}
REFUSED_HERE |= {"mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn"}


@pytest.fixture(scope="module")
def asker(scene):
    return Asker(scene)


def making():
    """Return the names of the routes that take a POST."""
    return [name for name, methods in ROUTES.items() if "POST" in methods]


def rows():
    """Return how many rows there are of each model, asked all at once."""
    tables = {
        model._meta.label: model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and model._meta.label not in BESIDE
    }
    counting = ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counting}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def cells(asker, name):
    """Return a question that is answered plainly, and one by htmx where that is answered otherwise."""
    asked = ROUTES[name]["POST"]
    question = Question(asker.scene, name, "POST", asked)
    differs = any(isinstance(status, tuple) for status, _who in asked.answers)
    for htmx in (False, True) if differs else (False,):
        for cell in question.every_cell():
            expected = question.expected(cell)
            if cell.htmx is htmx and not expected.denied and expected.status < 400:
                yield question, cell
                break


def sent_twice(asker, question, cell, key):
    """Send one request twice; return both answers, and the rows that the second added."""
    client, api = asker.clients[cell.actor], question.asked.door == "api"
    cookies = client.cookies.copy()
    body = question.body(cell.label, cell.actor) or {}
    headers = {"HX-Request": "true"} if cell.htmx else {}
    options = {"data": body if api else body | ({"once": key} if key else {})}
    if api:
        headers |= {"Idempotency-Key": key} if key else {}
        options["content_type"] = "application/json"
    before = transaction.savepoint()
    try:
        address = question.address(cell.label)
        first = client.post(address, headers=headers, **options)
        there = rows()
        second = client.post(address, headers=headers, **options)
        more = {label: count - there[label] for label, count in rows().items() if count != there[label]}
    finally:
        transaction.savepoint_rollback(before)
        client.cookies = cookies
    return first, second, more


def test_every_route_is_asked_that_the_table_has_an_answer_of(asker):
    assert {name for name in making() if not any(cells(asker, name))} <= REFUSED_HERE


@pytest.mark.parametrize("name", drawn(making(), (len(making()) + 1) // 2))
def test_what_comes_twice_under_one_key_is_done_once(name, asker):
    for question, cell in cells(asker, name):
        first, second, more = sent_twice(asker, question, cell, KEY)

        assert more == {}, cell
        assert second.status_code < 400, cell
        if first.get("Location"):
            assert second["Location"] == first["Location"], cell


@pytest.mark.parametrize("name", MAKE_TWO)
def test_without_a_key_it_is_done_twice(name, asker):
    question, cell = next(cells(asker, name))

    assert sent_twice(asker, question, cell, "")[2]
