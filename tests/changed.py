"""
Run the tests of what changed against main: python -m tests.changed [--seconds 75] [--only-say]

Asked are, for as long as they fit: tests that changed themselves; those that carry the name and stand in the
room of what changed, as tests mirror the code; those of its room; those that import it, the nearest first. A
template belongs to the rooms of all pages that include it. The tests of the architecture are always asked;
browsers, PostgreSQL and what is marked as slow are left to `make test`. Says what it leaves out.
"""

import argparse
import ast
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import grimp

from tests import durations

ROOT = Path(__file__).resolve().parent.parent
ALWAYS = "tests/architecture"
ELSEWHERE = ("tests/journeys/", "tests/outages/", "tests/exports/", "tests/access/", "tests/benchmarks/")
FAST = "not browser and not slow and not postgres"
PACKAGES = ("competencies", "ladder")
SHELVES = {
    "competencies",
    "ladder",
    "pages",
    "tests",
    "templates",
    "static",
    "management",
    "migrations",
    "models",
}
NEAREST, OF_ITS_ROOM, OF_ITS_NAME, IMPORTING = 1, 2, 3, 4  # ranks; importing adds the steps it takes
A_TEST = 0.3  # seconds of a test that was never timed
INCLUDED = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"'#]+)""")


def main():
    parser = argparse.ArgumentParser(
        prog="python -m tests.changed", description="Run the tests of what changed."
    )
    parser.add_argument("--seconds", type=float, default=75, help="of a processor that may be spent")
    parser.add_argument("--against", default="main", help="the branch to compare with")
    parser.add_argument("--only-say", action="store_true", help="name the tests and run none")
    parser.add_argument("arguments", nargs="*", help="arguments for pytest")
    given = parser.parse_args()

    files = changed(given.against)
    print(f"{len(files)} files changed against {given.against}.")
    chosen, left_out = fitting(choose(files, Tree(ROOT)), durations.known(), given.seconds)
    for test in chosen:
        print(f"  {test}")
    if left_out:
        print(f"Left out, as they would take too long; make test asks them: {by_folder(left_out)}.")
    if given.only_say:
        return 0
    workers = ["-n", "2", "--dist", "worksteal"] if len(chosen) > 1 else []
    command = [sys.executable, "-m", "pytest", "-q", *workers, "-m", FAST, *chosen, ALWAYS, *given.arguments]
    return subprocess.call(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": ""})


def by_folder(tests):
    """Return some tests in words: those of a folder by their number."""
    folders = Counter(test.rpartition("/")[0] for test in tests)
    return ", ".join(f"{number} of {folder}" for folder, number in sorted(folders.items()))


def changed(against):
    """Return the files that differ from where the branch left `against`, and those that git does not know."""
    base = _git("merge-base", against, "HEAD") or ["HEAD"]
    differing = _git("diff", "--name-only", "--no-renames", base[0])
    return sorted({*differing, *_git("ls-files", "--others", "--exclude-standard")})


def _git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines() if done.returncode == 0 else []


class Tree:
    """The files of the project: which tests there are, what imports what, and what includes what."""

    def __init__(self, root):
        self.tests = sorted(_name(file, root) for file in root.glob("tests/**/test_*.py"))
        self._importing = defaultdict(set)
        for file in root.glob("tests/**/*.py"):
            for module in _imports(file, root):
                self._importing[module].add(_module(_name(file, root)))
        self._including = defaultdict(set)
        for file in root.glob("templates/**/*.html"):
            for name in INCLUDED.findall(file.read_text(encoding="utf-8")):
                self._including[name].add(_name(file, root / "templates"))
        self._graph = grimp.build_graph(*PACKAGES, cache_dir=None)
        self._importers = cache(self._importers)

    def importing(self, module):
        """Return each test that comes to a module by imports, with the number of steps."""
        steps, found, step = {module}, {module: 0}, 0
        while steps:
            step += 1
            steps = {above for one in steps for above in self._importers(one)} - found.keys()
            found |= dict.fromkeys(steps, step)
        return {name: found[_module(name)] for name in self.tests if _module(name) in found}

    def _importers(self, module):
        known = module in self._graph.modules
        above = set(self._graph.find_modules_that_directly_import(module)) if known else set()
        above |= self._importing.get(module, set())
        if module.endswith(".conftest"):
            folder = module.removesuffix("conftest")
            above |= {_module(name) for name in self.tests if _module(name).startswith(folder)}
        return above

    def including(self, template):
        """Return a template, named as it is included, and all that include or extend it, however far."""
        found, new = {template}, {template}
        while new := {page for one in new for page in self._including.get(one, ())} - found:
            found |= new
        return found


def choose(files, tree):
    """Return the tests that what changed calls for, the nearest first."""
    ranks = {}

    def ask(test, rank):
        ranks[test] = min(rank, ranks.get(test, rank))

    for file in files:
        if file in tree.tests:
            ask(file, 0)
            continue
        for name in _mirrored(file, tree):
            for test in tree.tests:
                if rank := _likeness(name, test):
                    ask(test, rank)
        if file.endswith(".py"):
            for test, steps in tree.importing(_module(file)).items():
                ask(test, IMPORTING + steps)
    asked = {test for test, rank in ranks.items() if rank == 0 or not test.startswith(ELSEWHERE)}
    return sorted(
        (test for test in asked if not test.startswith(ALWAYS)), key=lambda test: (ranks[test], test)
    )


def _mirrored(file, tree):
    """Return the paths by whose words the tests of a file are found."""
    if file.startswith("templates/"):
        return [f"templates/{page}" for page in tree.including(file.removeprefix("templates/"))]
    return [file] if file.startswith((*PACKAGES, "tests/")) else []


def _likeness(file, test):
    """Return how near a test is by its name: 0 where it has nothing of the file's."""
    rooms, stem = _words(file)
    of_test, name = _words(test)
    in_its_room, named = bool(rooms & of_test) or name in rooms, name == stem
    if in_its_room:
        return NEAREST if named else OF_ITS_ROOM
    return OF_ITS_NAME if named else 0


@cache
def _words(file):
    path = Path(file)
    stem = path.stem.removeprefix("test_").strip("_")
    return frozenset(path.parent.parts) - SHELVES, stem


def fitting(tests, taken, seconds):
    """Return the tests that fit into some seconds of a processor, and those that do not."""
    chosen, left_out = [], []
    for test in tests:
        needed = taken.get(test) or A_TEST * max(1, _number_of_tests(test))
        if needed <= seconds or not chosen:
            chosen.append(test)
            seconds -= needed
        else:
            left_out.append(test)
    return chosen, left_out


def _number_of_tests(test):
    file = ROOT / test
    return (
        len(re.findall(r"^\s*def test_", file.read_text(encoding="utf-8"), re.MULTILINE))
        if file.exists()
        else 1
    )


def _name(file, root):
    return file.relative_to(root).as_posix()


def _module(name):
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(file, root):
    """Return the names of the modules that a file of the tests imports, wherever in it."""
    name, found = _module(_name(file, root)), set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = name.split(".")[: -node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


if __name__ == "__main__":
    sys.exit(main())
