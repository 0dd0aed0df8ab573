import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import HTMX


@pytest.fixture
def type_in(signed_in, competencies):
    """A function that sends an answer as its author: `type_in(assessment, comment="…", htmx=True)`."""

    def send(assessment, *, by=None, competency=None, htmx=False, pressed=None, **answer):
        competency = competency or competencies[0]
        headers = dict(HTMX) if htmx else {}
        if pressed:
            headers["HX-Trigger-Name"] = pressed
        url = f"/assessments/{assessment.pk}/ratings/{competency.pk}/"
        return signed_in(by or assessment.author).post(url, {"version": 0, **answer}, headers=headers)

    return send


@pytest.fixture
def queries_of(signed_in):
    """A function that counts the queries of one page, warmed up: `queries_of(person, url)`."""

    def count(person, url):
        client = signed_in(person)
        assert client.get(url).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    return count
