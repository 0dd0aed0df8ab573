"""The OpenAPI document: complete, valid, and true of every answer that generated requests get.

A run generates requests to some operations, others each day and one of each method at least; LADDER_LONG=1 to
all, and more of them.
"""

import json
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
from tests.drawing import LONG, by_chance, drawn_of_each
from tests.ladder.api.routes import routes

pytest_plugins = ["schemathesis.pytest.plugin"]  # a second of each start, so only here
WRITERS = ("mara", "hana", "sam", "kit") if LONG else ("mara",)
OPERATIONS = 15
application = get_wsgi_application()
load_all_checks()
# The framework reads 0 as "0" and 1.0 as 1 on purpose, so a document in JSON Schema is stricter than it.
LENIENT = [CHECKS.get_one(name) for name in ("negative_data_rejection", "positive_data_acceptance")]


_documents = []  # the one of this module: it takes a second to write


@pytest.fixture
def document(api, sam):
    """What `/api/schema/` answers, a copy for each test."""
    if not _documents:
        _documents.append(api(sam).get("/api/schema/").content)
    return json.loads(_documents[0])


def test_it_is_complete_and_without_a_warning(db):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_it_holds_every_route(document):
    documented = set(document["paths"])

    expected = {
        route.replace("<uuid:", "<int:").replace("<int:pk>", "{id}").replace("<int:", "{").replace(">", "}")
        for route in routes()
    }
    assert documented == expected - {"/api/schema/", "/api/docs/", "/api/nowhere/"}


def test_every_operation_tells_its_problems(document):
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
def described(request, one_connection, ids, document):
    """The document, with a key that may write, asked of the application as a client asks."""
    person = request.getfixturevalue(request.param)
    _token, key = Token.issue(person, by=person, label="schemathesis", scope="write")
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}  # it unpacks nothing
    schema = schemathesis.openapi.from_dict(document)
    schema.app, schema.location = application, "/api/schema/"
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


def is_of_this_run(context):
    """Say whether an operation is asked: it is drawn by its label, as `"GET /api/v1/me/"`."""
    operation = context.operation
    labels = [
        f"{method.upper()} {path}"
        for path, methods in operation.schema.raw_schema["paths"].items()
        for method in methods
    ]
    return operation.label in drawn_of_each(sorted(labels, key=by_chance), OPERATIONS, kind=method_of)


def method_of(label):
    return label.split()[0]


generated = schemathesis.pytest.from_fixture("described").include(is_of_this_run)


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
