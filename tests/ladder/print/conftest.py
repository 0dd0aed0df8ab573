import copy
import json
from pathlib import Path

import pikepdf
import pytest
from django.test import override_settings

from ladder.print.child import Child, child, typeset

from .faces import make_face
from .variants import variant_of

HERE = Path(__file__).parent
VARIANTS = ("committee", "candidate", "masked", "archive")


@pytest.fixture(scope="session", autouse=True)
def a_face_for_the_names(tmp_path_factory):
    """The bundled faces have no Han: a small one lies where an installation would put its own."""
    folder = tmp_path_factory.mktemp("data") / "fonts"
    make_face(folder / "han.ttf")
    with override_settings(FONT_DIR=folder):
        yield folder


@pytest.fixture(scope="session")
def example():
    return json.loads((HERE / "snapshot.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def whole():
    """The archive copy of a packet of the second format, with endorsements, two panels and an appeal."""
    return json.loads((HERE / "archive.json").read_text(encoding="utf-8"))


@pytest.fixture
def snapshot(example):
    """A packet of fifteen competencies, four stories and 24 pieces of evidence; yours to change."""
    return copy.deepcopy(example)


@pytest.fixture
def archive(whole):
    """The archive copy; yours to change."""
    return copy.deepcopy(whole)


@pytest.fixture(scope="session")
def printed(example, tmp_path_factory, a_face_for_the_names):
    """The example, typeset once: where it lies and what it took."""
    path = tmp_path_factory.mktemp("packet") / "packet.pdf"
    return path, typeset(example, to=path)


@pytest.fixture(scope="session")
def copies(whole, tmp_path_factory, a_face_for_the_names):
    """Each copy of the packet, typeset once: `copies(variant)` is its content, its path and what it took."""
    folder, made = tmp_path_factory.mktemp("copies"), {}

    def copy_of(variant):
        if variant not in made:
            content, path = variant_of(whole, variant), folder / f"{variant}.pdf"
            made[variant] = content, path, typeset(content, to=path)
        return made[variant]

    return copy_of


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
