"""What reaches into the inside of a library stands in one file, which is mended when the library moves."""

import ast
import re

import pytest

from .test_house_rules import ROOT

ADAPTERS = {  # a module, or part of its name, and who may import it
    r"allauth\b.*\.internal\b": {"ladder/accounts/allauth_internals.py"},
    r"(django_tasks|django_tasks_db|django\.tasks)\b": {"ladder/jobs/task_database.py"},
    r"gunicorn\b": {"ladder/ops/gunicorn_worker.py"},
    r"(weasyprint|pydyf)\b": {"ladder/pdf/__main__.py"},
}


def imported(text):
    """Return the dotted name of everything that a text imports, wherever it does."""
    names = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def reaching_in(text, pattern):
    return [name for name in imported(text) if re.match(pattern, name)]


@pytest.mark.parametrize("pattern", ADAPTERS)
def test_the_inside_of_a_library_is_taken_by_its_adapter_alone(pattern):
    found = {
        str(path.relative_to(ROOT)): reaching_in(path.read_text(encoding="utf-8"), pattern)
        for tree in ("competencies", "ladder")
        for path in (ROOT / tree).rglob("*.py")
        if "migrations" not in path.parts
    }

    assert {path for path, names in found.items() if names} == ADAPTERS[pattern]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("from allauth.core.internal import ratelimit", r"allauth\b.*\.internal\b"),
        ("from allauth.account import internal", r"allauth\b.*\.internal\b"),
        ("def work():\n    from django_tasks_db.models import DBTaskResult", r"django_tasks_db\b"),
        ("import weasyprint.html", r"weasyprint\b"),
    ],
)
def test_reaching_in_is_noticed(text, pattern):
    assert reaching_in(text, pattern)


def test_what_is_public_may_be_taken_anywhere():
    assert not reaching_in("from allauth.core import ratelimit", r"allauth\b.*\.internal\b")
