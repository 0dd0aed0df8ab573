"""The documentation holds: links lead somewhere, settings and commands are there, examples run."""

import importlib.util
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from ladder.ops.environment import Environment

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FENCED = re.compile(r"(?ms)^```([^\n]*)\n(.*?)^```$")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
COMMAND = re.compile(
    r"(?m)(?:^(?:\$ )?|/bin/|-m |python )(?:ladder|manage\.py)\s+([a-z]\w*)((?:[ ]+(?:\\\n +)?[^\s|;#]+)*)"
)
KNOWN = {
    field.validation_alias or f"LADDER_{name.upper()}" for name, field in Environment.model_fields.items()
}
SAID_BY_START = {"LADDER_SERVED_AT"}
OF_TESTS = re.compile(r"LADDER_(?:LONG|DRAW|REQUIRE_ALL)")
NAME = re.compile(r"\b(?:LADDER|DATABASE)_[A-Z_]*[A-Z]\b")


def names(pages):
    return [page.relative_to(ROOT).as_posix() for page in pages]


def text_of(page):
    return page.read_text(encoding="utf-8")


def prose_of(page):
    """Return the text of a page without its blocks and pieces of code."""
    return re.sub(r"`[^`\n]*`", "", FENCED.sub("", text_of(page)))


def code_of(page):
    """Return the blocks and pieces of code of a page."""
    blocks, prose = [block for _info, block in FENCED.findall(text_of(page))], FENCED.sub("", text_of(page))
    return blocks + [" ".join(piece.split()) for piece in re.findall(r"`([^`]+)`", prose)]


@cache
def anchors(page):
    """Return the anchors that a reader of the repository makes of the headings of a page."""
    headings = re.findall(r"(?m)^#+ (.+)$", FENCED.sub("", text_of(page)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_there_is_something_to_read():
    assert {"README.md", "SECURITY.md", "docs/hosting.md", "docs/contributing.md"} <= set(names(PAGES))
    assert text_of(ROOT / "README.md").count("\n") <= 120


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_link_leads_somewhere(page):
    astray = []
    for target in LINK.findall(prose_of(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            astray.append(target)

    assert astray == []


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [("The proxy", "the-proxy"), ("In containers", "in-containers"), ("A field, or `two`", "a-field-or-two")],
)
def test_an_anchor_is_made_of_its_heading(tmp_path, heading, anchor):
    page = tmp_path / "page.md"
    page.write_text(f"# {heading}\n\n```\n# not this\n```\n")

    assert anchors(page) == {anchor}


def test_every_page_is_led_to():
    led_to = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in PAGES
        for link in LINK.findall(prose_of(page))
    }

    assert {page for page in PAGES if page.name != "README.md"} - led_to == set()


def test_every_setting_is_in_the_table():
    table = re.search(r"(?s)## Settings\n(.*?)\n## ", text_of(ROOT / "docs" / "hosting.md"))[1]

    assert set(NAME.findall(table)) == KNOWN - SAID_BY_START


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_no_page_names_a_setting_that_is_none(page):
    named = {name for name in NAME.findall(text_of(page)) if not OF_TESTS.fullmatch(name)}

    assert {name for name in named if not any(one.startswith(name) for one in KNOWN)} == set()


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_command_that_is_named_is_there_with_its_options(page):
    unknown = [
        f"{command} {option}".strip()
        for code in code_of(page)
        for command, rest in COMMAND.findall(code)
        for option in options_unknown_of(command, rest)
    ]

    assert unknown == []


def options_unknown_of(command, rest):
    """Return the options in `rest` that a command does not know; an empty one where it is none."""
    if command == "help":
        return []
    if command not in get_commands():
        return [""]
    app = get_commands()[command]
    made = load_command_class(app, command) if isinstance(app, str) else app
    known = made.create_parser("manage.py", command)._option_string_actions
    return [option for option in re.findall(r"(?<=\s)--[a-z][\w-]*", rest) if option not in known]


@pytest.mark.parametrize(
    ("code", "unknown"),
    [
        ("ladder start --port 1", []),
        ("ladder start --ports 1", ["--ports"]),
        ("python manage.py begin", [""]),
        ("exec web python -m ladder add_person a@b.example --nam x", ["--nam"]),
    ],
)
def test_a_command_that_is_none_is_noticed(code, unknown):
    ((command, rest),) = COMMAND.findall(code)

    assert options_unknown_of(command, rest) == unknown


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_target_and_module_that_is_named_is_there(page):
    targets = set(re.findall(r"(?m)^([a-z][\w-]*):", text_of(ROOT / "Makefile")))
    code = "\n".join(code_of(page))

    assert set(re.findall(r"(?m)^(?:\$ )?make ([a-z][\w-]+)", code)) - targets == set()
    assert [
        name
        for name in re.findall(r"-m ((?:tests|ladder)[\w.]*)", code)
        if importlib.util.find_spec(name) is None
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_path_that_is_named_is_there(page):
    """A file or folder of this repository, from its root; a page about the past may name what is gone."""
    tops = "competencies|ladder|templates|tests|seeds|docs|deploy"
    named = re.findall(rf"(?<![\w/.-])(?:{tops})/[\w./-]*\w", "\n".join(code_of(page)))

    assert [path for path in named if not (ROOT / path).exists()] == []


def examples():
    """Return the commands of every block whose first line ends in `run`: `[(page, command)]`."""
    for page in PAGES:
        for info, block in FENCED.findall(text_of(page)):
            if info.split()[1:] == ["run"]:
                for command in re.findall(r"(?m)^\$ (.+)$", block):
                    yield page.relative_to(ROOT).as_posix(), command


def test_there_are_examples_to_run():
    assert len(list(examples())) >= 5


@pytest.mark.slow
@pytest.mark.parametrize(("page", "command"), list(examples()))
def test_an_example_runs(page, command, tmp_path):
    """As it stands, but in the environment of these tests and on a data folder of its own."""
    command = command.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LADDER_", "DATABASE_"))
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command], cwd=ROOT, env=kept | {"LADDER_DATA": str(tmp_path)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, f"{page}: {command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
