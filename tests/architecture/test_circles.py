"""No file imports one that imports it, and none imports anything below its head."""

import ast
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

from .test_house_rules import ROOT, files

TREES = ("competencies", "ladder")
OPTIONAL = {"fontTools", "pydyf", "pyhanko", "redis", "weasyprint"}  # what runs without them says so
RARE = {"openpyxl"}  # a fifteenth of a start, which few requests need
LATE = {"ladder/__main__.py"}  # names the settings before Django reads them


def circle(imports):
    """Return a circle in `{file: files it imports}` as a list, or nothing."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def imports_below_the_head(text, *, is_app=False):
    """Return what functions and methods of a file import, but for optional libraries and rare ones.

    `AppConfig.ready` is where Django wants a module imported that needs all models.
    """
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    found = [
        node
        for function in functions
        if not (is_app and function.name == "ready")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return [ast.unparse(node) for node in found if not _packages(node) <= OPTIONAL | RARE]


def _packages(node):
    names = [node.module or "."] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.split(".")[0] for name in names}


def test_no_files_import_each_other_in_a_circle():
    graph = grimp.build_graph(*TREES, exclude_type_checking_imports=True, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}

    assert len(imports) > 300
    assert circle(imports) == []


@pytest.mark.parametrize("imports", [{"a": {"b"}, "b": {"a"}}, {"a": {"b"}, "b": {"c"}, "c": {"b"}}])
def test_a_circle_is_noticed(imports):
    assert circle(imports)


def test_a_file_that_two_import_is_no_circle():
    assert not circle({"a": {"b", "c"}, "b": {"c"}, "c": set()})


def test_nothing_is_imported_below_the_head_of_a_file():
    read = files([f"{tree}/**/*.py" for tree in TREES], LATE)
    found = {
        str(path.relative_to(ROOT)): imports_below_the_head(
            path.read_text("utf-8"), is_app=path.name == "apps.py"
        )
        for path in read
    }

    assert len(read) > 300
    assert {path: imports for path, imports in found.items() if imports} == {}


@pytest.mark.parametrize(
    "text",
    [
        "def rows():\n    from .models import Row\n    return Row",
        "class Rows:\n    def here(self):\n        import competencies.people.models",
        "class Queue:\n    def ready(self):\n        from .models import Row",
    ],
)
def test_an_import_below_the_head_is_noticed(text):
    assert imports_below_the_head(text)


@pytest.mark.parametrize(
    "text",
    [
        "def work():\n    from redis import Redis",
        "try:\n    from django.tasks import task\nexcept ImportError:\n    from django_tasks import task",
        "class App(AppConfig):\n    def ready(self):\n        from . import checks",
    ],
)
def test_what_is_optional_or_needs_all_models_may_be_imported_late(text):
    assert not imports_below_the_head(text, is_app=True)
