"""A new database whose first migration is killed is made whole by the next: nothing is half noted.

A run goes on to the end of the app that it was killed in; LADDER_LONG=1 goes on to the end of all.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drawing import LONG

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, sys, django
django.setup()
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

noted, app, left = MigrationRecorder.record_applied, sys.argv[1], int(sys.argv[2])

def note(recorder, of, name):
    global left
    left -= of == app
    if not left:
        os._exit(9)
    noted(recorder, of, name)

MigrationRecorder.record_applied = note
call_command("migrate", verbosity=0)
"""


@pytest.mark.parametrize(("app", "step"), [("framework", 3)])
def test_what_was_begun_goes_on(tmp_path, app, step):
    said = {"LADDER_DATA": str(tmp_path), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "ladder.settings"}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=os.environ | said, capture_output=True, text=True
        )

    assert run("-c", KILLED, app, str(step)).returncode == 9
    whole = () if LONG else (app,)
    assert run("manage.py", "migrate", "--check", *whole).returncode == 1
    done = run("manage.py", "migrate", "--verbosity=0", *whole)
    assert done.returncode == 0, done.stderr
    assert run("manage.py", "migrate", "--check", *whole).returncode == 0
