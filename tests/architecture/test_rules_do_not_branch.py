"""A rule is one condition for everybody: its SQL is compiled for two people and then asked of all. So is what
is prepared.

If it chose between two conditions by who asks, both of them could choose the same, and nobody would notice.
"""

import ast

import pytest

from .test_house_rules import ROOT

ASKING = {"over", "holding", "reports", "above", "beside", "below", "reporting_to"}
CHOOSING = (ast.If, ast.IfExp, ast.BoolOp, ast.While, ast.Match, ast.Assert, ast.Compare)


def branching(text):
    """Return the functions from a person to a condition that choose by who the person is."""
    return [
        function.name
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef) and any(_chooses(function, who) for who in _people(function))
    ]


def _people(function):
    """Return what stands for the person in a function that makes a condition, or none."""
    names = [argument.arg for argument in function.args.args]
    if function.name in ASKING and names[:1] == ["self"]:
        return names[:2]
    if any(ast.unparse(mark) == "prepared" for mark in function.decorator_list):
        return names
    makes = function.returns is not None and ast.unparse(function.returns) == "Q"
    return [name for name in names if name == "person"] if makes else []


def _chooses(function, who):
    for node in ast.walk(function):
        if isinstance(node, CHOOSING) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
            asked = node.test if isinstance(node, (ast.If, ast.IfExp, ast.While, ast.Assert)) else node
            asked = node.subject if isinstance(node, ast.Match) else asked
            if any(isinstance(name, ast.Name) and name.id == who for name in ast.walk(asked)):
                return True
        if isinstance(node, ast.comprehension) and any(
            isinstance(name, ast.Name) and name.id == who for test in node.ifs for name in ast.walk(test)
        ):
            return True
    return False


def test_no_rule_chooses_its_condition_by_who_asks():
    found = {
        str(path.relative_to(ROOT)): branching(path.read_text(encoding="utf-8"))
        for tree in ("competencies", "ladder")
        for path in sorted((ROOT / tree).rglob("*.py"))
    }

    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "body",
    [
        "if person.pk > 100:\n        return NO_ROW\n    return EVERY_ROW",
        "return EVERY_ROW if person.manages else NO_ROW",
        "return person.leaves_on is None and NO_ROW",
        "return person.manages or NO_ROW",
        "return reduce(or_, [Q(pk=pk) for pk in (1, 2) if pk != person.pk])",
        "return Q(pk=1) if not person.pk else Q()",
        "return [NO_ROW, EVERY_ROW][person.pk in (1, 2)]",
        "match person.pk:\n        case 1:\n            return NO_ROW",
    ],
)
def test_choosing_by_who_asks_is_noticed(body):
    assert branching(f"def read(person: Person) -> Q:\n    {body}") == ["read"]


def test_choosing_in_what_is_prepared_is_noticed():
    body = "return Q(pk=cycle) if cycle > 3 else Q()"
    assert branching(f"@prepared\ndef rows(person, cycle):\n    {body}") == ["rows"]
    assert not branching(f"def rows(person, cycle):\n    {body}")


def test_joining_conditions_is_no_choice():
    body = "return Q(person=person) | person.over('pk') & ~Q(pk=person.pk)"
    assert not branching(f"def read(person: Person) -> Q:\n    {body}")
