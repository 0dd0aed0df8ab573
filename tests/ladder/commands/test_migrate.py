"""`migrate` makes the tables of a migration at once, and they are those that Django makes one by one."""

import os
import sqlite3
import subprocess
import sys

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
def test_tables_made_at_once_are_those_made_one_by_one(tmp_path):
    found = [_schema(tmp_path / name, plainly=plainly) for name, plainly in (("a", False), ("b", True))]

    assert found[0] == found[1]
    assert len(found[0]) > 500


def _schema(folder, *, plainly):
    said = os.environ | {
        "LADDER_DATA": str(folder),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "ladder.settings",
    }
    folder.mkdir()
    subprocess.run([sys.executable, "-c", MIGRATE.format(plainly=plainly)], env=said, check=True)
    with sqlite3.connect(folder / "ladder.sqlite3") as database:
        made = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        done = database.execute("SELECT 'migration', name, app, '' FROM django_migrations").fetchall()
    return sorted((*map(str, row),) for row in made + done)
