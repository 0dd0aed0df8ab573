import pytest
from django.db import connection

from tests.bringing_in import brought_in

from .asking import CompanyTest, built


@pytest.fixture(scope="class", autouse=True)
def company(request, django_db_setup, django_db_blocker, of_the_run):
    """Bring the company in that a class of tests asks about; on PostgreSQL each class builds its own."""
    asks = request.cls is not None and issubclass(request.cls, CompanyTest)
    with django_db_blocker.unblock():
        if not asks or connection.vendor != "sqlite":
            yield
            return
        with brought_in(of_the_run / "rules", lambda _kept: built()) as request.cls.kept:
            yield
