"""An import beside others, and one killed in the middle, on a database of its own (see `applying.py`)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .applying import NEW

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def step(database_to_throw_away):
    """A function that takes a step of `applying.py` in a process of its own; returns how it ended."""
    ours = {"DATABASE_URL": database_to_throw_away, "DJANGO_SETTINGS_MODULE": "ladder.settings"}

    def take(what):
        command = [sys.executable, "-m", "tests.competencies.people_import.applying", what]
        return subprocess.run(
            command, cwd=ROOT, env=os.environ | ours, capture_output=True, text=True, timeout=240
        )

    return take


@pytest.fixture(scope="module")
def killed(step):
    assert step("killed").returncode == -signal.SIGKILL


def came_of(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_kill_in_the_middle_leaves_nothing_half(killed, step):
    assert came_of(step("looked")) == {
        "there": {"ReportingLine": 0, "ManagerPath": 0, "people": 0, "words of them": 0},
        "state": "previewed",
        "people": NEW,
        "whole": True,
    }


def test_others_write_while_it_is_prepared(killed, step):
    found = came_of(step("others_write_while_it_is_prepared"))

    assert found["ends"] == ["done"]
    assert found["people"] % NEW == 0
    assert found["whole"]


def test_it_is_prepared_anew_when_people_change_meanwhile(killed, step):
    found = came_of(step("people_change_while_it_is_prepared"))

    assert [end.split(":")[0] for end in found["ends"]] == ["done", "done", "StopIteration"]
    assert found["state"] == "applied"
