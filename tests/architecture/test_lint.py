"""What is checked before a commit is what `make lint` checks."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def test_the_hooks_of_pre_commit_are_the_parts_of_make_lint():
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    parts = re.search(r"^lint: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()

    assert local["repo"] == "local"
    assert [hook["entry"] for hook in local["hooks"]] == [f"make {part}" for part in parts]
    assert {hook["language"] for hook in local["hooks"]} == {"system"}  # nothing is fetched
