"""`dev` serves for who works on Ladder, and `reset_demo` throws away what they did to the demo."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.ladder.commands.test_start import Started, until

ROOT = Path(__file__).parents[3]
PERSON = """
from competencies.people.models import Organisation, Person
Person.objects.create_user("ada@testing.example", "Ada", password="a password of Ada")
Organisation.objects.update_or_create(pk=1, defaults={"name": "Ada and sons", "demo": True})
"""


@pytest.fixture(scope="module")
def of_ada(migrated, tmp_path_factory):
    """A database with Ada, in an organisation that is the demo's."""
    if not migrated:
        pytest.skip("PostgreSQL has a kept database of its own.")
    folder = tmp_path_factory.mktemp("ada")
    shutil.copy(migrated, folder / "ladder.sqlite3")
    run(folder, "shell", "-c", PERSON)
    return folder / "ladder.sqlite3"


@pytest.fixture
def folder(tmp_path, of_ada):
    shutil.copy(of_ada, tmp_path)
    (tmp_path / "packets").mkdir()
    (tmp_path / "packets" / "a.pdf").touch()
    return tmp_path


def run(folder, *arguments, said="", **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LADDER_")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | {"LADDER_DATA": str(folder), "DATABASE_URL": ""} | environment,
        input=said,
        capture_output=True,
        text=True,
    )


def people(folder):
    with closing(sqlite3.connect(folder / "ladder.sqlite3")) as rows:
        return [name for (name,) in rows.execute("SELECT name FROM people_person ORDER BY id")]


@pytest.mark.slow
def test_a_company_that_is_not_the_demo_stays(folder, db):
    with closing(sqlite3.connect(folder / "ladder.sqlite3")) as there:
        there.execute("UPDATE people_organisation SET demo = 0")
        there.commit()

    done = run(folder, "reset_demo", "--yes")

    assert done.returncode == 1
    assert "is not the demo's. Nothing was deleted." in done.stderr
    assert people(folder) == ["Ada"]
    assert (folder / "packets" / "a.pdf").exists()


@pytest.mark.slow
def test_the_demo_is_made_anew_once_somebody_says_yes(folder, db):
    asked = run(folder, "reset_demo", said="no\n")
    assert (asked.returncode, people(folder)) == (1, ["Ada"])

    done = run(folder, "reset_demo", said="yes\n")
    assert done.returncode == 0, done.stderr
    assert "Tomasz Wierzbicki" in people(folder)
    assert "Ada" not in people(folder)
    assert not (folder / "packets" / "a.pdf").exists()


@pytest.mark.slow
def test_pages_and_worker_run_side_by_side_and_end_together(folder, db):
    with Started(folder, command="dev") as working:
        working.until_it_answers()
        until(
            lambda: (
                {"runserver", "work"} <= {word for _pid, line in working.children() for word in line.split()}
            )
        )
        before = [child for child in working.children() if "manage.py work" in child[1]]
        os.utime(ROOT / "ladder" / "management" / "commands" / "dev.py")
        until(lambda: not any(child in working.children() for child in before))
        until(lambda: any("manage.py work" in line for _pid, line in working.children()))
        working.stop(signal.SIGINT)

    assert working.code == 0
    assert working.left_over() == []
    assert "Traceback" not in working.said
