import copy
import json
from pathlib import Path

import pikepdf
import pytest

from ladder.print.child import Child, child, typeset

SNAPSHOT = Path(__file__).with_name("snapshot.json")


@pytest.fixture(scope="session")
def example():
    return json.loads(SNAPSHOT.read_text(encoding="utf-8"))


@pytest.fixture
def snapshot(example):
    """A packet of fifteen competencies, four stories and 24 pieces of evidence; yours to change."""
    return copy.deepcopy(example)


@pytest.fixture(scope="session")
def printed(example, tmp_path_factory):
    """The example, typeset once: where it lies and what it took."""
    path = tmp_path_factory.mktemp("packet") / "packet.pdf"
    return path, typeset(example, to=path)


@pytest.fixture
def document(printed):
    with pikepdf.open(printed[0]) as pdf:
        yield pdf


@pytest.fixture
def printer():
    """A child of the test's own, ended with it."""
    own = Child()
    yield own
    own.stop()


@pytest.fixture(scope="session", autouse=True)
def end_the_shared_child():
    yield
    child.stop()
