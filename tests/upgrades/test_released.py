"""A migration that was released is never edited: databases have had it, and would not have it again."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RELEASED = dict(
    line.split()[::-1] for line in (Path(__file__).parent / "released.txt").read_text().splitlines()
)


@pytest.mark.parametrize("name", RELEASED)
def test_it_is_what_it_was(name):
    assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == RELEASED[name]


def test_those_of_every_app_are_among_them():
    apps = {path.parts[-3] for path in ROOT.glob("competencies/*/migrations/0*.py")}

    assert apps <= {Path(name).parts[1] for name in RELEASED}
