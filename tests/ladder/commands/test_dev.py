"""`dev` serves for who works on Ladder, and `reset_demo` throws away what they did to the demo."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.ladder.commands.test_start import Started, until
from tests.ladder.ops.programs import OftenAsked

ROOT = Path(__file__).parents[3]
PERSON = """
from competencies.people.models import Organisation, Person
Person.objects.create_user("ada@testing.example", "Ada", password="a password of Ada")
Organisation.objects.update_or_create(pk=1, defaults={"name": "Ada and sons", "demo": True})
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The program, loaded once, on a data folder of its own."""
    program = OftenAsked("", tmp_path_factory.mktemp("data"))
    yield program
    program.end()


@pytest.fixture(scope="module")
def of_ada(loaded, migrated, tmp_path_factory):
    """A database with Ada, in an organisation that is the demo's."""
    if not migrated:
        pytest.skip("PostgreSQL has a kept database of its own.")
    file = loaded.folder / "ladder.sqlite3"
    shutil.copy(migrated, file)
    code, said = loaded.run("manage.py", "shell", "-c", PERSON)
    assert code == 0, said
    return file.rename(tmp_path_factory.mktemp("ada") / "ladder.sqlite3")


@pytest.fixture
def folder(loaded, of_ada):
    """The data folder, with Ada and a packet of hers."""
    shutil.copy(of_ada, loaded.folder)
    (loaded.folder / "packets").mkdir(exist_ok=True)
    (loaded.folder / "packets" / "a.pdf").touch()
    return loaded.folder


def people(folder):
    with closing(sqlite3.connect(folder / "ladder.sqlite3")) as rows:
        return [name for (name,) in rows.execute("SELECT name FROM people_person ORDER BY id")]


@pytest.mark.slow
def test_a_company_that_is_not_the_demo_stays(folder, loaded, db):
    with closing(sqlite3.connect(folder / "ladder.sqlite3")) as there:
        there.execute("UPDATE people_organisation SET demo = 0")
        there.commit()

    code, said = loaded.run("manage.py", "reset_demo", "--yes")

    assert code == 1
    assert "is not the demo's. Nothing was deleted." in said
    assert people(folder) == ["Ada"]
    assert (folder / "packets" / "a.pdf").exists()


@pytest.mark.slow
def test_the_demo_is_made_anew_once_somebody_says_yes(folder, loaded, db):
    code, _said = loaded.run("manage.py", "reset_demo", given="no\n")
    assert (code, people(folder)) == (1, ["Ada"])

    code, said = loaded.run("manage.py", "reset_demo", given="yes\n")
    assert code == 0, said
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
