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
Organisation.objects.update_or_create(pk=1, defaults={{"name": "Ada and sons", "demo": {demo}}})
"""


@pytest.fixture
def folder(tmp_path, migrated):
    if not migrated:
        pytest.skip("PostgreSQL has a kept database of its own.")
    shutil.copy(migrated, tmp_path / "ladder.sqlite3")
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
    run(folder, "shell", "-c", PERSON.format(demo=False))

    done = run(folder, "reset_demo", "--yes")

    assert done.returncode == 1
    assert "is not the demo's. Nothing was deleted." in done.stderr
    assert people(folder) == ["Ada"]
    assert (folder / "packets" / "a.pdf").exists()


@pytest.mark.slow
def test_the_demo_is_made_anew_once_somebody_says_yes(folder, db):
    run(folder, "shell", "-c", PERSON.format(demo=True))

    asked = run(folder, "reset_demo", said="no\n")
    assert (asked.returncode, people(folder)) == (1, ["Ada"])

    done = run(folder, "reset_demo", said="yes\n")
    assert done.returncode == 0, done.stderr
    assert "Tomasz Wierzbicki" in people(folder)
    assert "Ada" not in people(folder)
    assert not (folder / "packets" / "a.pdf").exists()


@pytest.mark.slow
def test_pages_and_worker_run_side_by_side_and_end_together(folder, db):
    run(folder, "shell", "-c", PERSON.format(demo=True))

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
