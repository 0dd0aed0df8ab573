"""Whoever looks for an ordinary thing by its usual word finds a file named so, first in the right room."""

import subprocess
from pathlib import PurePosixPath

import pytest

from .test_house_rules import ROOT

ROOMS = {  # where each word leads first: a folder on the way to the file
    "core": "permissions",
    "trail": "audit",
    "people_import": "import csv",
    "packets": "packet snapshot export",
    "promotions": "ballot recusal committee",
    "web": "spreadsheet email middleware markdown autosave",
    "api": "token",
    "onboarding": "onboarding invitation",
    "people": "reporting closure search",
    "people charts": "chart",
    "jobs": "worker",
    "pdf": "pdf",
    "ops": "static supervisor health",
    "demo": "demo",
    "ladder": "settings",
    "seeds": "seed",
}
WORDS = {word: set(rooms.split()) for rooms, words in ROOMS.items() for word in words.split()}


def names() -> list[str]:
    """Return the files that git knows of, but migrations, whose names nobody chooses by what they hold."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.splitlines() if "/migrations/" not in name]


def first(word: str, among: list[str]) -> PurePosixPath | None:
    """Return the best hit as a finder of files ranks them: code first, a whole name before a part of one."""

    def rank(path: PurePosixPath) -> tuple:
        parts = {*path.parent.parts, path.stem}
        return path.suffix != ".py", word not in parts, f"{word}s" not in parts, str(path)

    return min((PurePosixPath(name) for name in among if word in name.lower()), key=rank, default=None)


def leads(word: str, among: list[str]) -> bool:
    found = first(word, among)
    return found is not None and bool(WORDS[word] & set(found.parent.parts))


def test_each_word_leads_to_its_room():
    known = names()

    assert len(WORDS) == 30
    assert [word for word in WORDS if not leads(word, known)] == []


@pytest.mark.parametrize(
    ("among", "found"),
    [
        (["ladder/accounts/email_change.py", "ladder/web/email.py"], True),
        (["ladder/accounts/email_change.py"], False),
        (["ladder/static/email.css", "ladder/web/email_text.py"], True),
        (["ladder/web/letters.py"], False),
    ],
)
def test_a_word_that_leads_astray_is_noticed(among, found):
    assert leads("email", among) is found
