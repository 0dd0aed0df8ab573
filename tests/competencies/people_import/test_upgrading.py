"""Imports of before they were an app of their own are still there, and go on where they were."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOLD = ["import.uploaded", "import.applied", "import.undone"]


@pytest.fixture(scope="module")
def upgraded(database_to_throw_away, tmp_path_factory):
    """What came of a database of before the move, see `upgrading.py`."""
    ours = {
        "DATABASE_URL": database_to_throw_away,
        "LADDER_DATA": str(tmp_path_factory.mktemp("data")),
        "DJANGO_SETTINGS_MODULE": "ladder.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.competencies.people_import.upgrading"],
        cwd=ROOT,
        env=os.environ | ours,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_no_row_is_lost(upgraded):
    assert upgraded["after"]["rows"] == upgraded["before"]["rows"]
    assert upgraded["after"]["rows"]["import"] == 2
    assert upgraded["after"]["rows"]["memory"] == 1


def test_content_types_and_permissions_follow(upgraded):
    assert upgraded["before"]["apps"] == ["people"]
    assert upgraded["after"]["apps"] == ["people_import"]
    for of in ("kinds", "permissions"):
        assert upgraded["after"][of] == upgraded["before"][of] > 0


def test_what_has_a_plainer_name_is_no_new_kind(upgraded):
    assert upgraded["before"]["renamed"] == ["chain", "gap"]
    assert upgraded["after"]["renamed"] == ["managerpath", "missingassignment"]


def test_what_was_prepared_is_applied_and_what_was_applied_is_undone(upgraded):
    assert upgraded["states"] == {"1.csv": "applied", "2.csv": "previewed"}
    assert upgraded["states after"] == {"1.csv": "undone", "2.csv": "applied"}
    assert upgraded["gone"]


def test_the_trail_is_whole_and_finds_entries_of_before_and_after_as_one_kind(upgraded):
    assert upgraded["told"] == TOLD
    assert upgraded["kinds of record"] == ["people.import"]
    assert upgraded["breaks"] == []
    assert upgraded["missing"] == []
