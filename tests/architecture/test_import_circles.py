"""No files import each other in a circle, and nothing is imported below the head of a file."""

import ast
from collections.abc import Iterator

import pytest

from .test_house_rules import ROOT

TREES = ("competencies", "ladder")
OPTIONAL = {"fontTools", "pydyf", "pyhanko", "redis", "weasyprint"}  # what runs without them says so

# What is still to be mended. Both may only shrink: whoever mends one takes it out.
IN_CIRCLES = {
    "competencies.evidence.models",
    "competencies.evidence.querysets",
    "competencies.framework.inclusions",
    "competencies.framework.models",
    "competencies.framework.querysets",
    "competencies.packets.choosing",
    "competencies.packets.exports",
    "competencies.packets.models",
    "competencies.packets.snapshot",
    "competencies.people.absence",
    "competencies.people.chains",
    "competencies.people.circles",
    "competencies.people.columns",
    "competencies.people.days",
    "competencies.people.gaps",
    "competencies.people.guessing",
    "competencies.people.importing",
    "competencies.people.imports",
    "competencies.people.keys",
    "competencies.people.mapping",
    "competencies.people.models",
    "competencies.people.names",
    "competencies.people.organisation",
    "competencies.people.planning",
    "competencies.people.prepared",
    "competencies.people.querysets",
    "competencies.people.reading",
    "competencies.people.standing",
    "competencies.people.statuses",
    "competencies.people.subjects",
    "competencies.people.words",
    "competencies.people.world",
    "competencies.promotions.deciding",
    "competencies.promotions.endorsing",
    "competencies.promotions.hearings",
    "competencies.promotions.recusing",
    "competencies.reviews.models",
    "competencies.reviews.querysets",
    "competencies.reviews.revealing",
}
BELOW_THE_HEAD = {
    "competencies.evidence.querysets",
    "competencies.framework.models",
    "competencies.framework.querysets",
    "competencies.packets.exports",
    "competencies.packets.models",
    "competencies.people.chains",
    "competencies.people.gaps",
    "competencies.people.querysets",
    "competencies.people.words",
    "competencies.people.world",
    "competencies.promotions.hearings",
    "competencies.promotions.recusing",
    "competencies.reviews.models",
    "competencies.reviews.querysets",
}


def modules() -> dict[str, str]:
    """Return the text of each module of ours by its dotted name."""
    found = {}
    for tree in TREES:
        for path in (ROOT / tree).rglob("*.py"):
            *packages, name = path.relative_to(ROOT).with_suffix("").parts
            found[".".join([*packages, *([] if name == "__init__" else [name])])] = path.read_text("utf-8")
    return found


def packages(texts: dict[str, str]) -> set[str]:
    return {name.rpartition(".")[0] for name in texts}


def imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield what a module imports when it runs, not what its types alone name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")):
            yield from imports(node)


def targets(node: ast.Import | ast.ImportFrom, module: str, texts: dict[str, str]) -> set[str]:
    """Return the modules of ours that one statement of `module` imports."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & set(texts)
    base = node.module or ""
    if node.level:
        home = module.split(".") if module in packages(texts) else module.split(".")[:-1]
        base = ".".join([*home[: len(home) - node.level + 1], *filter(None, [node.module])])
    named = {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in named if name in texts} or ({base} & set(texts))


def graph(texts: dict[str, str]) -> dict[str, set[str]]:
    return {
        module: {found for node in imports(ast.parse(text)) for found in targets(node, module, texts)}
        - {module}
        for module, text in texts.items()
    }


def in_circles(edges: dict[str, set[str]]) -> set[str]:
    """Return the modules that can be reached from themselves."""

    def reached(module: str) -> set[str]:
        seen: set[str] = set()
        waiting = [*edges[module]]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += edges[name]
        return seen

    left = dict(edges)  # what imports nothing that is left, or is imported by nothing, is in no circle
    while ends := {module for module, wanted in left.items() if not wanted & set(left)}:
        left = {module: wanted for module, wanted in left.items() if module not in ends}
    return {module for module in left if module in reached(module)}


def below_the_head(text: str, *, is_app: bool = False) -> list[str]:
    """Return the imports in functions and classes of a text, but those of optional libraries.

    `AppConfig.ready` is where Django wants a module imported that needs all models.
    """
    found = []
    for outer in ast.parse(text).body:
        if not isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for function in ast.walk(outer):
            if isinstance(function, ast.FunctionDef) and function.name == "ready" and is_app:
                function.body = [ast.Pass()]
        for node in imports(outer):
            names = [node.module or "."] if isinstance(node, ast.ImportFrom) else [n.name for n in node.names]
            if any(name.split(".")[0] not in OPTIONAL for name in names):
                found.append(ast.unparse(node))
    return found


def test_no_file_imports_itself_by_way_of_others():
    assert in_circles(graph(modules())) == IN_CIRCLES


def test_nothing_is_imported_below_the_head_of_a_file():
    found = {name for name, text in modules().items() if below_the_head(text, is_app=name.endswith(".apps"))}

    assert found == BELOW_THE_HEAD


def test_only_the_domain_has_something_left_to_mend():
    assert [name for name in IN_CIRCLES | BELOW_THE_HEAD if not name.startswith("competencies.")] == []


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"a.x": "from a import y", "a.y": "from .x import it"}, {"a.x", "a.y"}),
        ({"a.x": "def late():\n    import a.y", "a.y": "from a.x import it"}, {"a.x", "a.y"}),
        ({"a.x": "import a.y", "a.y": "from a import z", "a.z": "import a.x"}, {"a.x", "a.y", "a.z"}),
        ({"a": "from .x import it", "a.x": "from a import it"}, {"a", "a.x"}),
        ({"a.x": "from a import y", "a.y": "", "a.z": "import a.x, a.y"}, set()),
        ({"a.x": "if TYPE_CHECKING:\n    from a import y", "a.y": "import a.x"}, set()),
    ],
)  # fmt: skip
def test_a_circle_is_noticed(texts, found):
    assert in_circles(graph(texts)) == found


@pytest.mark.parametrize(
    "text",
    [
        "def work():\n    from ladder.jobs import queue",
        "class Work:\n    def do(self):\n        import json",
        "class Queue:\n    def ready(self):\n        from .models import Row",
    ],
)
def test_an_import_below_the_head_is_noticed(text):
    assert below_the_head(text)


@pytest.mark.parametrize(
    "text",
    [
        "def work():\n    from redis import Redis",
        "try:\n    from django.tasks import task\nexcept ImportError:\n    from django_tasks import task",
        "class App(AppConfig):\n    def ready(self):\n        from . import checks",
    ],
)
def test_what_is_optional_may_be_imported_late(text):
    assert not below_the_head(text, is_app=True)
