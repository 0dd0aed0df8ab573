"""Workers share the work of rewriting assertions, and what they keep is what pytest looks for."""

import sys

import pytest

from tests.rewriting import rewrite_share

NAMES = ("conftest.py", "test_one.py", "test_two.py", "below/test_three.py")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "below").mkdir()
    for name in (*NAMES, "below/frameworks.py"):
        (tmp_path / name).write_text("def test_it():\n    assert 1 + 1 == 3\n")
    return tmp_path


@pytest.fixture
def rewritten_by(folder, monkeypatch, pytestconfig):
    """A function that says what a worker rewrites, of so many."""

    def rewritten(worker, *, of=2):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", f"gw{worker}")
        monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", str(of))
        return {file.relative_to(folder).as_posix() for file in rewrite_share(pytestconfig, folder=folder)}

    return rewritten


def test_each_worker_takes_a_part_and_together_they_take_all(rewritten_by):
    first, second = rewritten_by(0), rewritten_by(1)

    assert len(first) == len(second) == 2
    assert first | second == set(NAMES)


def test_what_is_kept_is_left_and_what_changed_is_rewritten_again(rewritten_by, folder):
    rewritten_by(0), rewritten_by(1)
    (folder / "test_one.py").write_text("def test_it():\n    assert 1 + 1 == 4, 'so'\n")

    assert rewritten_by(0) | rewritten_by(1) == {"test_one.py"}


def test_who_runs_alone_rewrites_as_it_goes(rewritten_by):
    assert rewritten_by(0, of=1) == set()


def test_pytest_finds_what_was_kept_and_explains_by_it(rewritten_by, folder, pytestconfig):
    rewritten_by(0), rewritten_by(1)
    hook = pytestconfig.pluginmanager.rewrite_hook
    spec = hook.find_spec("test_one", [str(folder)])
    module = type(sys)("test_one")
    module.__spec__ = spec

    kept = set(folder.rglob("*.pyc"))
    hook.exec_module(module)

    assert set(folder.rglob("*.pyc")) == kept
    with pytest.raises(AssertionError, match=r"\(1 \+ 1\) == 3"):
        module.test_it()
