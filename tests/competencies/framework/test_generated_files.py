"""Whatever tree stands in a file, the answer is an edition's spec or a refusal in words."""

import string

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from competencies.framework.parser import BadFile, LadderSpec, read

from .conftest import TINY

TREE = yaml.safe_load(TINY)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True),
    st.text(max_size=20),
    st.sampled_from(
        ["low", "high", "web", "900 s1", "900 s9", "making", "split", "any-of", "", "yes", "0x1f"]
    ),
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


def _paths(tree, path=()):
    yield path
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, inner in steps:
        yield from _paths(inner, (*path, step))


PATHS = [path for path in _paths(TREE) if path]


def _with(tree, path, value):
    if not path:
        return value
    step, *rest = path
    copy = list(tree) if isinstance(tree, list) else dict(tree)
    copy[step] = _with(tree[step], rest, value)
    return copy


def _read(content):
    faults = _faults(content)
    assert all(fault.line >= 1 and fault.column >= 1 and fault.message for fault in faults)


def _faults(content):
    """Return what is wrong with the content, nothing when it is a ladder. Any other exception fails."""
    try:
        spec = read(content, file="x.yaml")
    except BadFile as refused:
        return refused.faults
    assert isinstance(spec, LadderSpec)
    return []


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(PATHS), trees)
def test_a_ladder_with_any_tree_at_any_place(path, value):
    _read(yaml.dump(_with(TREE, path, value), allow_unicode=True).encode("utf-8", "surrogatepass"))


@settings(max_examples=60, deadline=None)
@given(trees)
def test_any_tree(value):
    _read(yaml.dump(value, allow_unicode=True).encode("utf-8", "surrogatepass"))


@settings(max_examples=120, deadline=None)
@given(st.text(alphabet=string.printable, max_size=120).map(str.encode) | st.binary(max_size=120))
def test_any_bytes(content):
    _read(content)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, len(TINY)), st.integers(0, 30), st.text(alphabet="[]{}:-&*!|>'\"%@`\t\n #,?0a", max_size=6)
)
def test_a_ladder_with_a_cut_anywhere(start, length, inserted):
    _read((TINY[:start] + inserted + TINY[start + length :]).encode())
