"""`migrate` draws few models for its steps, and makes the tables that Django makes where it draws all."""

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
    migrate.drawn_when_needed = contextlib.nullcontext
call_command("migrate", interactive=False, verbosity=0)
"""


@pytest.mark.slow
def test_what_is_made_with_few_models_is_what_is_made_with_all(tmp_path, migrated):
    """The database that is kept for the tests was made with few, where there is one."""
    with_few = migrated or _made(tmp_path / "few", plainly=False)
    with_all = _made(tmp_path / "all", plainly=True)

    assert _schema(with_few) == _schema(with_all)
    assert len(_schema(with_few)) > 500
    assert _rows(with_few) == _rows(with_all)


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


def _rows(file):
    """Return the rows that steps wrote: but for the list of steps itself, which says when each was taken."""
    with closing(sqlite3.connect(file)) as database:
        return [line for line in database.iterdump() if 'INSERT INTO "django_migrations"' not in line]
