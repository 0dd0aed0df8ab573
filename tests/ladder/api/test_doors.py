"""Who gets in: nobody, sessions, tokens of each scope, tokens and sessions that have ended."""

from datetime import timedelta

import pytest
from django.test import Client

from competencies.core.clock import today
from competencies.people.models import Token
from tests.ladder.api.routes import fill, routes
from tests.ladder.api.speaking import Api, told

UNSAFE = ("post", "put", "patch", "delete")
IDS = {}


def test_the_routes_are_found():
    assert {"/api/schema/", "/api/docs/", "/api/v1/me/", "/api/v1/reviews/<int:pk>/comparison/"} <= set(
        routes()
    )
    assert len(routes()) > 30


@pytest.mark.parametrize("route", [route for route in routes() if route != "/api/docs/"])
@pytest.mark.parametrize("method", ["get", *UNSAFE])
def test_without_signing_in_every_route_refuses(nobody, route, method):
    response = nobody.ask(method, fill(route, IDS))

    told(response, 401, "not-authenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_without_signing_in_the_docs_lead_to_signing_in(nobody):
    response = nobody.get("/api/docs/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("route", [route for route in routes() if route != "/api/docs/"])
@pytest.mark.parametrize("method", UNSAFE)
def test_a_token_for_reading_changes_nothing(holding, sam, route, method):
    told(holding(sam, scope="read").ask(method, fill(route, IDS)), 403, "permission-denied")


def test_a_token_for_reading_reads(holding, sam):
    assert holding(sam, scope="read").get("me/").json()["name"] == "Sam"


@pytest.mark.parametrize(
    "key",
    ["", "ladder_x", "0", "é" * 40, "a b", "\x00", "Bearer", "x" * 10_000],
    ids=lambda key: repr(key[:9]),
)
def test_a_key_that_nobody_was_given_is_refused(bearing, key):
    told(bearing(key).get("me/"), 401, "authentication-failed")


def test_a_token_ends_with_its_time(bearing, sam):
    token, key = Token.issue(sam, by=sam, label="test", days=1)
    assert bearing(key).get("me/").status_code == 200

    Token.objects.filter(pk=token.pk).update(expires_at=token.expires_at - timedelta(days=2))
    told(bearing(key).get("me/"), 401, "authentication-failed")


def test_a_revoked_token_is_refused(bearing, sam):
    token, key = Token.issue(sam, by=sam, label="test")
    token.revoke(by=sam)

    told(bearing(key).get("me/"), 401, "authentication-failed")


def test_token_and_session_end_with_their_owner(holding, api, sam):
    by_token, by_session = holding(sam), api(sam)
    assert (by_token.get("me/").status_code, by_session.get("me/").status_code) == (200, 200)

    sam.leaves_on = today()
    sam.save()
    told(by_token.get("me/"), 401, "authentication-failed")
    told(by_session.get("me/"), 401, "not-authenticated")


def test_a_session_writes_only_with_the_token_against_forgery(sam):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sam)

    told(Api(client).post("tokens/", {"label": "forged"}), 403, "permission-denied")
    assert not sam.tokens.exists()


def test_a_program_with_a_token_needs_none(sam, evidence):
    _token, key = Token.issue(sam, by=sam, label="test", scope="write")
    api = Api(Client(enforce_csrf_checks=True), Authorization=f"Bearer {key}")

    assert api.patch(f"evidence/{evidence[0].pk}/", {"version": 0, "title": "Renamed"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/cases/x/", "/api/v1/cases/-1/", "/api/v2/me/"]
)
def test_an_address_that_is_none_is_a_problem_too(api, sam, path):
    told(api(sam).get(path), 404, "not-found")


def test_answers_are_not_kept_by_caches(api, holding, sam):
    for client in (api(sam), holding(sam)):
        assert client.get("me/").headers["Cache-Control"] == "no-store"
