"""An export that is cancelled while it is tried again, on a database of its own (see `racing.py`)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def races(database_to_throw_away):
    done = subprocess.run(
        [sys.executable, "-m", "tests.competencies.packets.racing"],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": database_to_throw_away, "DJANGO_SETTINGS_MODULE": "ladder.settings"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("step", ["retry one", "retry all"])
def test_what_is_tried_again_while_it_is_cancelled_is_refused_and_stays_ended(races, step):
    assert races[f"cancel, {step}"] == ["denied", 0]


@pytest.mark.parametrize("step", ["retry one", "retry all"])
def test_what_is_cancelled_while_it_is_tried_again_is_called_off_with_the_rest(races, step):
    assert races[f"{step}, cancel"] == ["done", 0]
