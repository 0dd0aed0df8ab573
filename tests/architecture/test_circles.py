"""No file of the domain imports one that imports it, and none imports anything below its head."""

import ast
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

from .test_house_rules import ROOT, files

DOMAIN = ["competencies/**/*.py"]
REGISTERING = {"apps.py"}  # what listens or registers is imported once all models are there


def circle(imports):
    """Return a circle in `{file: files it imports}` as a list, or nothing."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def imports_below_the_head(text):
    """Return what functions and methods of a file import."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    found = [node for function in functions for node in ast.walk(function)]
    return [ast.unparse(node) for node in found if isinstance(node, ast.Import | ast.ImportFrom)]


def test_no_files_import_each_other_in_a_circle():
    graph = grimp.build_graph("competencies", cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}

    assert len(imports) > 100
    assert circle(imports) == []


@pytest.mark.parametrize("imports", [{"a": {"b"}, "b": {"a"}}, {"a": {"b"}, "b": {"c"}, "c": {"b"}}])
def test_a_circle_is_noticed(imports):
    assert circle(imports)


def test_a_file_that_two_import_is_no_circle():
    assert not circle({"a": {"b", "c"}, "b": {"c"}, "c": set()})


def test_nothing_is_imported_below_the_head_of_a_file():
    read = [path for path in files(DOMAIN, set()) if path.name not in REGISTERING]
    found = {str(path.relative_to(ROOT)): imports_below_the_head(path.read_text("utf-8")) for path in read}

    assert len(read) > 100
    assert {path: imports for path, imports in found.items() if imports} == {}


@pytest.mark.parametrize(
    "text",
    [
        "def rows():\n    from .models import Row\n    return Row",
        "class Rows:\n    def here(self):\n        import competencies.people.models",
    ],
)
def test_an_import_below_the_head_is_noticed(text):
    assert imports_below_the_head(text)
