"""After an erasure no file of the data folder holds a byte of what named the person."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_database_journal_and_files_hold_nothing_of_the_erased(tmp_path, demo):
    (tmp_path / "var").mkdir()
    shutil.copy(demo, tmp_path / "var" / "ladder.sqlite3")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.competencies.personal_data.leaving_nothing"],
        cwd=ROOT,
        env=environment | {"LADDER_DATA": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["before"]) >= 3
    assert told["after"] == {}
    assert (told["breaks"], told["packets"], told["leftovers"]) == (0, ["redacted"], 0)
