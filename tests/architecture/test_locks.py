import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-redis.txt", "requirements-dev.txt"]


def pinned(lock):
    return set(re.findall(r"^([\w.\[\]-]+==[^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_install_from(lock):
    lines = (ROOT / lock).read_text().splitlines()

    assert [line for line in lines if "/" in line or "@" in line or line.startswith("-")] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_hashed(lock):
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_environment_for_tests_runs_what_the_product_runs():
    assert pinned("requirements.txt") <= pinned("requirements-dev.txt")
