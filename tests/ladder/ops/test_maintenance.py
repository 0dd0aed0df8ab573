"""Altering the database of a company: every table, alone, with its triggers in the end whatever happens."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROOT = Path(__file__).parents[3]
PLAIN, WIDER = "ladder.settings", "tests.ladder.ops.widening.settings"

LOOK = """
import json, sys, django
django.setup()
from django.apps import apps
from django.db import connection
from django.test import Client
from competencies.trail.trigger_installation import missing
from ladder.ops import health
from ladder.ops.maintenance import newer
health.CHECKS.pop("worker")  # none lives here
answers = {path: Client().get(path, HTTP_HOST="localhost") for path in ("/sign-in/", "/readyz", "/healthz")}
print(json.dumps({
    "missing": len(missing()),
    "newer": newer(),
    "pages": {path: answer.status_code for path, answer in answers.items()},
    "again": answers["/sign-in/"].headers.get("Retry-After"),
    "rows": {
        m._meta.label: m.objects.count()
        for m in apps.get_models()
        if m._meta.app_label != "sessions" and "rows" in sys.argv
    },
}))
"""


class Database:
    """A database of its own, for programs that are started, killed and asked what they find."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    def environment(self, settings=PLAIN, **more):
        told = {"DATABASE_URL": self.url, "LADDER_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": settings}
        return os.environ | told | more

    def begin(self, *arguments, settings=PLAIN, **more):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(settings, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments, settings=PLAIN, **more):
        process = self.begin(*arguments, settings=settings, **more)
        said, _nothing = process.communicate(timeout=180)
        return process.returncode, said

    def migrate(self, *arguments, settings=PLAIN, **more):
        return self.run("manage.py", "migrate", "--verbosity=0", *arguments, settings=settings, **more)

    def look(self, settings=PLAIN, *, meanwhile=False):
        """Ask what a program finds; `meanwhile` does not count rows, which a migration may hold."""
        code, said = self.run("-c", LOOK, *([] if meanwhile else ["rows"]), settings=settings)
        assert code == 0, said
        return json.loads(said.splitlines()[-1])


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


def test_every_table_is_altered_with_rows_in_it_and_then_refused_to_the_older_program(company, aside):
    with aside(company) as database:
        before = database.look()

        code, said = database.migrate(settings=WIDER)

        assert code == 0, said
        after = database.look(settings=WIDER)
        assert after["rows"] == before["rows"]
        assert after["rows"]["trail.Entry"] > 1_000
        assert (after["missing"], after["newer"]) == (0, [])
        assert after["pages"]["/sign-in/"] == 200

        older = database.look()
        assert older["newer"] == ["widening.0001_widen_every_table"]
        assert older["pages"] == {"/sign-in/": 503, "/readyz": 503, "/healthz": 200}
        code, said = database.migrate()
        assert code == 1
        assert "a newer Ladder, which applied widening.0001_widen_every_table" in said
        code, said = database.run("manage.py", "start", "--port", "8199")
        assert code == 1
        assert "newer Ladder" in said
        assert "Traceback" not in said


def test_an_error_in_the_middle_leaves_the_triggers(company, aside):
    with aside(company) as database:
        code, said = database.migrate(settings=WIDER, WIDENING_STOP="fail")

        assert (code, "half of it is done" in said) == (1, True)
        found = database.look()
        assert (found["missing"], found["newer"], found["pages"]["/readyz"]) == (0, [], 200)


def test_a_kill_in_the_middle_is_found_and_mended_before_anything_is_served(company, aside, tmp_path):
    with aside(company) as database:
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
        assert healed["rows"] == company.look()["rows"]


def test_of_two_that_migrate_one_waits_for_the_other(company, aside, tmp_path):
    with aside(company) as database:
        with half_way(database, tmp_path / "half"):
            second = database.begin("manage.py", "migrate", "--verbosity=0")
            said = second.stdout.readline()
            assert "waiting until it is done" in said
            assert second.poll() is None

        assert second.wait(60) == 0
        second.stdout.close()
        assert database.look()["missing"] == 0


@contextlib.contextmanager
def half_way(database, mark):
    """A migrate that stands in the middle of its tables, and is killed at the end."""
    process = database.begin("manage.py", "migrate", "--verbosity=0", settings=WIDER, WIDENING_STOP=str(mark))
    try:
        deadline = time.monotonic() + 120
        while not mark.exists():
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def aside(tmp_path):
    """A copy of a database, to be spoilt."""

    @contextlib.contextmanager
    def copied(database):
        from tests.conftest import database_beside

        if database.url.startswith("sqlite"):
            file = tmp_path / "copy.sqlite3"
            shutil.copy(database.url.removeprefix("sqlite:///"), file)
            yield Database(f"sqlite:///{file}", tmp_path)
            return
        name = database.url.rpartition("/")[2]
        with database_beside(f"{name}_aside", like=name) as url:
            yield Database(url, tmp_path)

    return copied
