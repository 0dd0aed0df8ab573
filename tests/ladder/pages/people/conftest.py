import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture(autouse=True)
def nothing_counted():
    """Tests give the same ids to other people: what one counted is not true in the next."""
    caches["process"].clear()


@pytest.fixture
def queries(signed_in):
    """A function that counts the queries of one page, warmed up: `queries(person, url)`."""

    def count(person, url):
        client = signed_in(person)
        assert client.get(url).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    return count
