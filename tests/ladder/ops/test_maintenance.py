"""Altering the database of a company: every table, alone, with its triggers in the end whatever happens."""

import contextlib
import shutil
import time

import pytest
from django.db import connection

from tests.conftest import database_beside

from .programs import Database, OftenAsked

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
WIDER = "tests.ladder.ops.widening.settings"


@pytest.fixture(scope="module")
def company(request, tmp_path_factory):
    """The demo company in a database of its own."""
    folder = tmp_path_factory.mktemp("company")
    if connection.vendor == "sqlite":
        file = shutil.copy(request.getfixturevalue("demo"), folder / "company.sqlite3")
        return Database(f"sqlite:///{file}", folder)
    made = Database(request.getfixturevalue("database_to_throw_away"), folder)
    bring_to_life(made)
    return made


def bring_to_life(database):
    for command in (("migrate", "--verbosity=0"), ("load_company",)):
        code, said = database.run("manage.py", *command)
        assert code == 0, said


def test_every_table_is_altered_with_rows_in_it_and_then_refused_to_the_older_program(aside, rows):
    with aside() as database:
        code, said = database.migrate(settings=WIDER)

        assert code == 0, said
        after = database.look(settings=WIDER)
        assert after["rows"] == rows
        assert after["rows"]["trail.Entry"] > 1_000
        assert (after["missing"], after["newer"]) == (0, [])
        assert after["pages"]["/sign-in/"] == 200

        older = database.look()
        assert older["newer"] == ["widening.0001_widen_every_table"]
        assert older["pages"] == {"/sign-in/": 503, "/readyz": 503, "/healthz": 200}
        code, said = database.migrate()
        assert code == 1
        assert "a newer version of Ladder, which applied widening.0001_widen_every_table" in said
        code, said = database.run("manage.py", "start", "--port", "8199")
        assert code == 1
        assert "newer version of Ladder" in said
        assert "Traceback" not in said


def test_an_error_in_the_middle_leaves_the_triggers(aside):
    with aside() as database:
        code, said = database.migrate(settings=WIDER, WIDENING_STOP="fail")

        assert (code, "half of it is done" in said) == (1, True)
        found = database.look()
        assert (found["missing"], found["newer"], found["pages"]["/readyz"]) == (0, [], 200)


def test_a_kill_in_the_middle_is_found_and_mended_before_anything_is_served(aside, rows, tmp_path):
    with aside() as database:
        with half_way(database, tmp_path / "half"):
            meanwhile = database.look(meanwhile=True)
            assert meanwhile["pages"] == {"/sign-in/": 503, "/readyz": 503, "/healthz": 200}
            code, said = database.run("manage.py", "add_person", "x@x.example", "--name", "X", "--invite")
            assert "is being migrated" in said
            assert code == 1

        left = database.look()
        assert left["missing"] > 100
        assert left["pages"] == {"/sign-in/": 503, "/readyz": 503, "/healthz": 200}
        assert left["again"]

        code, said = database.migrate()
        assert code == 0, said
        healed = database.look()
        assert (healed["missing"], healed["pages"]["/sign-in/"], healed["pages"]["/readyz"]) == (0, 200, 200)
        assert healed["rows"] == rows


def test_of_two_that_migrate_one_waits_for_the_other(aside, tmp_path):
    with aside() as database:
        with half_way(database, tmp_path / "half"):
            second = database.begin("manage.py", "migrate", "--verbosity=0")
            until(lambda: "Waiting until it is done" in second.said(), second)
            assert second.runs()

        assert second.end() == 0
        assert database.look()["missing"] == 0


@contextlib.contextmanager
def half_way(database, mark):
    """A migrate that stands in the middle of its tables, and is killed at the end."""
    begun = database.begin("manage.py", "migrate", "--verbosity=0", settings=WIDER, WIDENING_STOP=str(mark))
    try:
        until(mark.exists, begun)
        yield
    finally:
        begun.kill()
        begun.end()


def until(holds, begun):
    """Wait for something to hold while a program runs, two minutes at most."""
    deadline = time.monotonic() + 120
    while not holds():
        assert begun.runs(), begun.said()
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def aside(company, tmp_path_factory):
    """A function for a `with` that gives a copy of the company to spoil, always at the same address."""
    folder = tmp_path_factory.mktemp("aside")
    if company.url.startswith("sqlite"):
        spoilt = OftenAsked(f"sqlite:///{folder / 'copy.sqlite3'}", folder)
    else:
        spoilt = OftenAsked(f"{company.url}_aside", folder)

    @contextlib.contextmanager
    def copied():
        if spoilt.url.startswith("sqlite"):
            for file in folder.iterdir():
                file.unlink() if file.is_file() else shutil.rmtree(file)
            shutil.copy(company.url.removeprefix("sqlite:///"), folder / "copy.sqlite3")
            yield spoilt
            return
        name = company.url.rpartition("/")[2]
        with database_beside(f"{name}_aside", like=name):
            yield spoilt

    yield copied
    spoilt.end()


@pytest.fixture(scope="module")
def rows(aside):
    """How many rows of each table the company has."""
    with aside() as database:
        return database.look()["rows"]
