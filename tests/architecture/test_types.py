"""An error of types is found in any body: some are planted in a copy of the program, drawn by chance.

LADDER_LONG=1 plants twenty.
"""

import ast
import os
import random
import re
import shutil
import subprocess
import sys

import pytest

from .test_house_rules import ROOT, files

TREES = ("competencies", "ladder")
MANY = 20 if os.environ.get("LADDER_LONG") == "1" else 4
PLANTED = (  # nothing that fails when it is run: what checks types loads the models
    'planted: int = ""',
    'planted = lambda: 1 + ""',
    "planted = lambda: len(5)",
    'planted = lambda: "".of_no_text()',
)
WITHOUT_TYPES = "competencies/core/clock.py"
CACHE = ".mypy_cache"


def places(text):
    """Return where a statement can stand first in each function of a text: `[(line from 0, indent)]`."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    firsts = [(function, next(filter(_does_something, function.body), None)) for function in functions]
    return [
        (
            min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", ()))]) - 1,
            first.col_offset,
        )
        for function, first in firsts
        if first and first.lineno > function.lineno
    ]


def _does_something(statement):
    return not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A copy of what types are checked of, with what is known of it since they were checked last."""
    folder = tmp_path_factory.mktemp("program")
    for tree in TREES:
        shutil.copytree(ROOT / tree, folder / tree, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "manage.py"):
        shutil.copy2(ROOT / file, folder)
    (folder / "templates").symlink_to(ROOT / "templates")
    if (ROOT / CACHE).is_dir():
        shutil.copytree(ROOT / CACHE, folder / CACHE)
    return folder


@pytest.fixture(scope="module")
def planted(program):
    """The places of the errors that were planted, one a file: `{(file, line)}`."""
    texts = {
        path.relative_to(ROOT): path.read_text("utf-8")
        for path in files([f"{tree}/**/*.py" for tree in TREES], set())
    }
    bodies = [
        (file, *place)
        for file, text in texts.items()
        if "migrations" not in file.parts and str(file) != WITHOUT_TYPES
        for place in places(text)
    ]
    chance = random.Random(len(bodies))  # another draw whenever there is another function
    drawn = {file: place for file, *place in chance.sample(bodies, len(bodies))}
    for file in list(drawn)[:MANY]:
        line, indent = drawn[file]
        lines = texts[file].split("\n")
        lines.insert(line, " " * indent + chance.choice(PLANTED))
        (program / file).write_text("\n".join(lines), "utf-8")
    return {(str(file), drawn[file][0] + 1) for file in list(drawn)[:MANY]}


@pytest.fixture(scope="module")
def found(program, planted):
    """What mypy says of the copy, by place: `{(file, line): message}`."""
    with (program / WITHOUT_TYPES).open("a") as file:
        file.write("\n\ndef planted(row):\n    return row\n")
    said = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=program, capture_output=True, text=True, timeout=300
    )
    assert said.returncode == 1, said.stdout + said.stderr  # 2 is a crash
    errors = re.findall(r"^([\w/]+\.py):(\d+): error: (.*)$", said.stdout, re.MULTILINE)
    return {(file, int(line)): message for file, line, message in errors}


@pytest.mark.slow
def test_an_error_in_any_body_is_found(found, planted):
    assert len(planted) == MANY
    assert {place for place in found if place[0] != WITHOUT_TYPES} == planted


@pytest.mark.slow
def test_a_function_of_the_domain_without_types_is_found(found):
    assert [message for (file, _line), message in found.items() if file == WITHOUT_TYPES] == [
        "Function is missing a type annotation  [no-untyped-def]"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def one():\n    return 1\n", [(1, 4)]),
        ('def one():\n    """Told."""\n    return 1\n', [(2, 4)]),
        ('def one():\n    """Told."""\n', []),
        ("def one(): return 1\n", []),
        ("def one():\n    @two\n    def three():\n        pass\n", [(1, 4), (3, 8)]),
    ],
)
def test_a_statement_can_stand_before_what_a_function_does(text, expected):
    assert places(text) == expected
