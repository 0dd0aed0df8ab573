"""What was ordered before there were jobs is told as it was, done by today's worker, and lost by no kill."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .upgrading import KILLING

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def upgraded(database_to_throw_away, tmp_path_factory):
    """What came of a database of before there were jobs, see `upgrading.py`."""
    ours = {
        "DATABASE_URL": database_to_throw_away,
        "LADDER_DATA": str(tmp_path_factory.mktemp("data")),
        "DJANGO_SETTINGS_MODULE": "ladder.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.competencies.jobs.upgrading"],
        cwd=ROOT,
        env=os.environ | ours,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_each_state_is_told_as_before(upgraded):
    told = upgraded["told"]

    assert [state for state, *_rest in told["packets"]] == ["ready", "failed", "waiting", "waiting"]
    assert [state for state, *_rest in told["items"]] == ["ready", "failed", "taken"] + ["waiting"] * 5
    assert told["exports"] == ["running", "cancelled"]
    assert told["copies"] == [["ready", ""], ["failed", "The disk took nothing."], ["waiting", ""]]
    assert upgraded["again"] == told


def test_a_kill_between_two_steps_leaves_every_row(upgraded):
    assert upgraded["killed"]
    for words, code, rows, jobs in upgraded["killed"]:
        assert code == -signal.SIGKILL, words
        assert rows == upgraded["before"], words
        assert bool(jobs) is (KILLING.index(words) >= 2), words  # each app's steps are a transaction


def test_what_waited_is_done_by_the_tasks_that_were_left(upgraded):
    after = upgraded["after"]

    assert after["packets"][3] == ["ready", "", 1]
    assert [state for state, *_rest in after["items"][:4]] == ["ready", "failed", "ready", "ready"]
    assert after["copies"][2] == ["ready", ""]
    assert after["runs"][2] == ["work_out", True, ""]


def test_what_was_cancelled_is_not_done_after_all(upgraded):
    assert upgraded["after"]["items"][4:] == [["waiting", "", 0]] * 4
    assert upgraded["after"]["exports"] == ["done", "cancelled"]


def test_the_trail_and_the_triggers_are_whole(upgraded):
    assert (upgraded["breaks"], upgraded["missing"]) == ([], [])
