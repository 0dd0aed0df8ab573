"""The OpenAPI document: complete, valid, and true of every answer that generated requests get."""

import os
from io import StringIO

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from competencies.people.models import Token
from tests.ladder.api.routes import routes

pytest_plugins = ["schemathesis.pytest.plugin"]  # a second of each start, so only here
LONG = os.environ.get("LADDER_LONG") == "1"
WRITERS = ("mara", "hana", "sam", "kit") if LONG else ("mara",)
application = get_wsgi_application()
load_all_checks()
# The framework reads 0 as "0" and 1.0 as 1 on purpose, so a document in JSON Schema is stricter than it.
LENIENT = [CHECKS.get_one(name) for name in ("negative_data_rejection", "positive_data_acceptance")]


def test_it_is_complete_and_without_a_warning(db):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_it_holds_every_route(api, sam):
    documented = set(api(sam).get("/api/schema/").json()["paths"])

    expected = {
        route.replace("<uuid:", "<int:").replace("<int:pk>", "{id}").replace("<int:", "{").replace(">", "}")
        for route in routes()
    }
    assert documented == expected - {"/api/schema/", "/api/docs/", "/api/nowhere/"}


def test_every_operation_tells_its_problems(api, sam):
    document = api(sam).get("/api/schema/").json()

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            refused = {"401", "403", "404"} | (
                {"400", "409", "413", "415", "422"} if method != "get" else set()
            )
            assert refused <= set(operation["responses"]), (method, path)
            assert operation["description"].strip(), (method, path)


@pytest.fixture
def one_connection(db):
    """Keep the connection, and the test's transaction on it, open from one request to the next."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(params=WRITERS)
def described(request, one_connection, ids):
    """The document, loaded through the application as a client loads it, with a key that may write."""
    person = request.getfixturevalue(request.param)
    _token, key = Token.issue(person, by=person, label="schemathesis", scope="write")
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}  # it unpacks nothing
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application, headers=headers)
    schema.config.update(headers=headers)

    @schema.hook
    def map_path_parameters(context, path_parameters):
        """Aim half of the requests at rows that exist."""
        known = {"id": ids.get(context.operation.path.split("/")[3]), "competency": ids["competencies"]}
        for name, value in (path_parameters or {}).items():
            if isinstance(value, int) and value % 2:
                path_parameters[name] = known[name]
        return path_parameters

    return schema


generated = schemathesis.pytest.from_fixture("described")


@pytest.mark.slow
@generated.parametrize()
@settings(
    max_examples=200 if LONG else 6,
    deadline=None,
    database=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests_find_nothing(case):
    key = case.operation.schema.config.headers  # said again: beside headers that are drawn it counts as one
    case.call_and_validate(headers=key, excluded_checks=LENIENT)
