"""Killed in the middle of handing in, signing, closing or releasing, all of it is there or nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
AFTER = {
    "submit": {"submissions": 2, "reveals": 1, "entries": {"assessment.submitted": 2, "review.revealed": 1}},
    "sign": {"signoffs": 2, "entries": {"review.signed": 2}},
    "close": {"closings": 1, "entries": {"cycle.closed": 1}},
    "release": {
        "releases": 2, "packets": 4, "orders": 4, "tasks": 4,
        "entries": {"case.decided": 2, "packet.frozen": 4, "packet.ordered": 4},
    },
}  # fmt: skip


def test_a_transition_is_wholly_before_or_wholly_after(database_to_throw_away, tmp_path):
    said = {"DATABASE_URL": database_to_throw_away, "LADDER_DATA": str(tmp_path), "LADDER_LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.outages.cutting_short"],
        cwd=ROOT, env=os.environ | said, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    came = json.loads(done.stdout.splitlines()[-1])
    assert came.keys() == AFTER.keys()
    for name, told in came.items():
        assert {key: told[key] for key in AFTER[name]} == AFTER[name], name
        assert told["breaks"] == 0
        assert told["kills"] >= 6, name
