"""`migrate` makes the tables of a migration at once, and they are those that Django makes one by one."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

MIGRATE = """
import contextlib, django
django.setup()
from django.core.management import call_command
from ladder.management.commands import migrate
if {plainly}:
    migrate.tables_at_once = contextlib.nullcontext
call_command("migrate", interactive=False, verbosity=0)
"""


@pytest.mark.slow
def test_tables_made_at_once_are_those_made_one_by_one(tmp_path, migrated):
    """The database that is kept for the tests was made at once, where there is one."""
    at_once = migrated or _made(tmp_path / "at-once", plainly=False)
    one_by_one = _made(tmp_path / "one-by-one", plainly=True)

    assert _schema(at_once) == _schema(one_by_one)
    assert len(_schema(at_once)) > 500


def _made(folder, *, plainly):
    said = os.environ | {
        "LADDER_DATA": str(folder),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "ladder.settings",
    }
    folder.mkdir()
    subprocess.run([sys.executable, "-c", MIGRATE.format(plainly=plainly)], env=said, check=True)
    return folder / "ladder.sqlite3"


def _schema(file):
    with closing(sqlite3.connect(file)) as database:
        made = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        done = database.execute("SELECT 'migration', name, app, '' FROM django_migrations").fetchall()
    return sorted((*map(str, row),) for row in made + done)
