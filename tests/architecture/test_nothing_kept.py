"""Rights are asked anew by every request: nothing about them outlives one, in a cache, session or rule."""

import ast
import re

import pytest

from .test_house_rules import ROOT

RIGHTS = (".roles", ".manages", "has_perm", "may(", "allowing(", "marking(", "holding(", "demand(")
KEEPING = {"set", "add", "set_many", "get_or_set"}
REMEMBERED = re.compile(r"\b(lru_cache|cache|cache_page)\b")


def kept_rights(text):
    """Return the functions that keep something beyond a request and ask for rights in the same breath."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    return [
        function.name
        for function in functions
        if _keeps(function) and any(right in ast.unparse(function) for right in RIGHTS)
    ]


def _keeps(function):
    """Say whether a function puts something into a cache or a session, or is remembered itself."""
    remembered = any(REMEMBERED.search(ast.unparse(mark)) for mark in function.decorator_list)
    return remembered or any(_puts_away(node) for node in ast.walk(function))


def _puts_away(node):
    match node:
        case ast.Call(func=ast.Attribute(value=holder, attr=name)) if name in KEEPING:
            return "cache" in ast.unparse(holder)
        case ast.Assign(targets=[target, *_]):
            return "session[" in ast.unparse(target)
    return False


def test_nothing_about_rights_outlives_a_request():
    read = sorted(path for tree in ("competencies", "ladder") for path in (ROOT / tree).glob("**/*.py"))
    found = {str(path.relative_to(ROOT)): kept_rights(path.read_text(encoding="utf-8")) for path in read}

    assert {path: names for path, names in found.items() if names} == {}


def test_what_a_person_remembers_of_their_roles_is_asked_by_no_rule():
    """`Person.roles` and `Person.manages` live as long as the object: for menus alone."""
    for path in (ROOT / "competencies").glob("*/access.py"):
        text = path.read_text(encoding="utf-8")
        assert ".roles" not in text, path
        assert ".manages" not in text, path


@pytest.mark.parametrize(
    "text",
    [
        "def seen(request):\n    request.session['hr'] = request.user.holding('hr')",
        "def ids(person):\n    return cache.get_or_set(person.pk, lambda: rows.allowing(person, 'a.b'))",
        "@lru_cache\ndef is_hr(person):\n    return 'hr' in person.roles",
    ],
)
def test_a_right_that_is_kept_is_noticed(text):
    assert kept_rights(text)


@pytest.mark.parametrize(
    "text",
    [
        "def heads(pk):\n    return caches['process'].get_or_set(pk, lambda: count(pk))",
        "@cached_property\ndef roles(self):\n    return frozenset(self.grants.all())",
        "@never_cache\ndef page(request):\n    return rows.allowing(request.user, 'a.b')",
    ],
)
def test_what_is_no_right_may_be_kept(text):
    assert not kept_rights(text)
