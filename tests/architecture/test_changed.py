"""`make check` asks the tests that a change calls for, and says which it leaves out."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import changed, durations
from tests.changed import Tree, choose, fitting

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tree():
    return Tree(ROOT)


class Small:
    """A project of a few files, in which what is imported and included is said in so many words."""

    tests = (
        "tests/architecture/test_floors.py",
        "tests/competencies/reviews/test_submitting.py",
        "tests/competencies/reviews/test_rating.py",
        "tests/competencies/people/test_rating.py",
        "tests/competencies/packets/test_snapshot.py",
        "tests/journeys/test_saving.py",
        "tests/ladder/pages/reviews/test_assessments.py",
        "tests/ladder/pages/home/test_today.py",
        "tests/ladder/api/test_reviews.py",
    )

    def importing(self, module):
        return {
            "competencies.reviews.rating": {
                "tests/journeys/test_saving.py": 1,
                "tests/competencies/packets/test_snapshot.py": 3,
                "tests/ladder/pages/home/test_today.py": 2,
            },
            "tests.frameworks": {"tests/competencies/people/test_rating.py": 1},
        }.get(module, {})

    def including(self, template):
        return {template} | ({"home/today.html"} if template == "parts/level.html" else set())


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        (
            "competencies/reviews/rating.py",
            [
                "tests/competencies/reviews/test_rating.py",  # its own
                "tests/competencies/reviews/test_submitting.py",  # of its room, wherever
                "tests/ladder/api/test_reviews.py",
                "tests/ladder/pages/reviews/test_assessments.py",
                "tests/competencies/people/test_rating.py",  # of its name
                "tests/ladder/pages/home/test_today.py",  # importing it, the nearest first
                "tests/competencies/packets/test_snapshot.py",
            ],
        ),
        ("tests/competencies/people/test_rating.py", ["tests/competencies/people/test_rating.py"]),
        ("tests/journeys/test_saving.py", ["tests/journeys/test_saving.py"]),
        ("tests/frameworks.py", ["tests/competencies/people/test_rating.py"]),
        ("templates/home/today.html", ["tests/ladder/pages/home/test_today.py"]),
        ("templates/parts/level.html", ["tests/ladder/pages/home/test_today.py"]),
        ("docs/decisions.md", []),
        ("pyproject.toml", []),
    ],
)
def test_a_change_calls_for_its_tests(file, tests):
    assert choose([file], Small()) == tests


def test_what_changed_itself_comes_first():
    files = ["competencies/reviews/rating.py", "tests/competencies/packets/test_snapshot.py"]

    assert choose(files, Small())[0] == "tests/competencies/packets/test_snapshot.py"


def test_every_template_of_a_room_with_tests_calls_for_some(tree):
    rooms = {file.name for file in (ROOT / "templates").iterdir()} & {
        file.name for file in (ROOT / "tests/ladder/pages").iterdir()
    }
    assert len(rooms) > 5
    for room in rooms:
        for template in (ROOT / "templates" / room).glob("*.html"):
            chosen = choose([template.relative_to(ROOT).as_posix()], tree)
            assert any(f"/{room}/" in test for test in chosen), template


def test_every_module_of_the_domain_calls_for_some(tree):
    modules = {file.relative_to(ROOT).as_posix() for file in ROOT.glob("competencies/*/*.py")}
    without = {file for file in modules if not choose([file], tree)}

    assert without == set()


def test_imports_are_followed_through_the_code_and_through_the_tests(tree):
    reached = tree.importing("competencies.trail.models")

    assert reached["tests/competencies/trail/test_recording.py"] == 1
    assert reached["tests/ladder/pages/trail/test_sentences.py"] >= 1
    assert "tests/competencies/framework/test_inclusions.py" in tree.importing("tests.frameworks")


def test_a_part_that_pages_include_is_followed_to_them(tree):
    assert "home/today.html" in tree.including("base.html")


def test_what_does_not_fit_is_left_out_and_smaller_ones_are_asked():
    taken = {"a": 5, "b": 50, "c": 5}

    assert fitting(["a", "b", "c"], taken, seconds=20) == (["a", "c"], ["b"])
    assert fitting(["b", "a"], taken, seconds=20) == (["b"], ["a"])  # never nothing
    assert changed.by_folder(["x/y/a.py", "x/y/b.py", "x/c.py"]) == "1 of x, 2 of x/y"


def test_a_part_of_a_file_says_nothing_of_how_long_it_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(durations, "FILE", tmp_path / ".cache" / "durations.json")

    durations.remember({"a": (9.0, 12)}, durations.FILE)
    durations.remember({"a": (1.0, 1), "b": (2.0, 3)}, durations.FILE)

    assert durations.known() == {"a": 9.0, "b": 2.0}
    durations.FILE.write_text("{")
    assert durations.known() == {}


def test_what_git_does_not_know_yet_is_among_what_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(changed, "ROOT", tmp_path)

    def git(*arguments):
        named = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *named, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-b", "main")
    for name in ("left", "changed", "moved"):
        (tmp_path / name).write_text(name)
    git("add", ".")
    git("commit", "-m", "first")
    git("checkout", "-b", "branch")
    (tmp_path / "moved").rename(tmp_path / "elsewhere")
    git("add", ".")
    git("commit", "-m", "second")
    (tmp_path / "changed").write_text("again")
    (tmp_path / "new").write_text("new")

    assert changed.changed("main") == ["changed", "elsewhere", "moved", "new"]


def test_it_says_what_it_would_ask():
    command = [sys.executable, "-m", "tests.changed", "--only-say", "--against", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert "files changed against HEAD." in done.stdout
