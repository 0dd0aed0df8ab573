"""A new database whose first migration is killed is made whole by the next: nothing is half noted.

A run goes on to the end of the app that it was killed in; LADDER_LONG=1 goes on to the end of all.
"""

import pytest

from tests.drawing import LONG
from tests.ladder.ops.programs import OftenAsked

pytestmark = pytest.mark.slow
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


@pytest.fixture
def run(tmp_path):
    """A function that runs a program on a data folder without a database; gives its exit code and words."""
    program = OftenAsked("", tmp_path)
    yield program.run
    program.end()


@pytest.mark.parametrize(("app", "step"), [("framework", 3)])
def test_what_was_begun_goes_on(run, app, step):
    code, _said = run("-c", KILLED, app, str(step))
    assert code == 9
    whole = () if LONG else (app,)
    code, _said = run("manage.py", "migrate", "--check", *whole)
    assert code == 1
    code, said = run("manage.py", "migrate", "--verbosity=0", *whole)
    assert code == 0, said
    code, _said = run("manage.py", "migrate", "--check", *whole)
    assert code == 0
