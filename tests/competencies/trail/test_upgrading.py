"""A trail from before entries had bits goes on as it was, and verifies as before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def address(request, tmp_path):
    """The address of an empty database of its own, of the kind that is tested."""
    from django.db import connection

    from tests.conftest import database_beside

    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/before.sqlite3"
    else:
        with database_beside("trail_before", like="template1") as address:
            yield address


def test_entries_from_before_keep_their_shape_and_those_of_now_follow(address, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.competencies.trail.upgrading"],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": address,
            "LADDER_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "ladder.settings",
        },
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "kept": True,
        "breaks": [],
        "salted": 5,
        "identifiers": 45,
        "joined": True,
        "missing": [],
    }
