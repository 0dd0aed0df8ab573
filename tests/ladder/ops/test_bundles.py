"""Bundles: each source once, in the order of the cascade, and anew when one of them changes."""

import re

import pytest
from django.contrib.staticfiles import finders

from ladder.ops import bundles
from ladder.ops.bundles import BUNDLES, SOURCES, BundleFinder, bundle, sources

APP, PREVIEW, MODULES = BUNDLES
APART = {
    "api-docs.css",  # of a page that is not ours
    *("packet/packet.css", "packet/page.css", "packet/preview.css", "packet/print.css"),
    *("packet/packet4.css", "packet/page4.css", "packet/print4.css"),
}


@pytest.fixture
def tree(tmp_path, settings, monkeypatch):
    """A style sheet of two sources, of which one lies in a folder, and a data folder to put it in."""
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(bundles, "SOURCES", tmp_path)
    monkeypatch.setattr(bundles, "BUNDLES", ("css/app.css",))
    (tmp_path / "css" / "parts").mkdir(parents=True)
    (tmp_path / "css" / "app.css").write_text(
        "@layer base, print;\n"
        '@import url("parts/one.css") layer(base);\n'
        '@import url("two.css") layer(print) print;\n'
    )
    (tmp_path / "css" / "parts" / "one.css").write_text('a { background: url("../../fonts/a.woff2") }\n')
    (tmp_path / "css" / "two.css").write_text('b { background: url("data:,") }\n')
    return tmp_path / "css"


def test_an_import_is_replaced_by_its_source_in_its_layer(tree):
    assert bundle("css/app.css") == (
        "@layer base, print;\n"
        '@layer base {\na { background: url("../fonts/a.woff2") }\n}\n\n'
        '@media print {\n@layer print {\nb { background: url("data:,") }\n}\n}\n\n'
    )


def test_a_source_that_changes_is_in_the_next_answer(tree):
    finder = BundleFinder()
    before = finder.find("css/app.css")
    (tree / "two.css").write_text("b { color: red }\n")
    after = finder.find("css/app.css")

    assert before == after
    with open(after) as file:
        assert "b { color: red }" in file.read()
    assert [file.name for file in (tree.parent / "data" / "bundles" / "css").iterdir()] == ["app.css"]


def test_the_style_sheet_holds_each_source_once_and_in_order():
    every = {
        file.relative_to(SOURCES / "ladder/css").as_posix()
        for file in (SOURCES / "ladder/css").rglob("*.css")
    }
    listed = [name.removeprefix("ladder/css/") for name in sources(APP)]
    text = bundle(APP)

    assert sorted(listed) == sorted(every - APART - {"app.css"})
    assert _order(text, sources(APP)) == sources(APP)
    assert "@import" not in text


def test_the_scripts_hold_each_source_once_in_a_block_of_its_own():
    text = bundle(MODULES)

    assert _order(text, sources(MODULES)) == sources(MODULES)
    assert re.search(r"^(import|export)\b", text, re.MULTILINE) is None
    assert all("{\n" + (SOURCES / name).read_text() + "}\n" in text for name in sources(MODULES))


@pytest.mark.parametrize("name", BUNDLES)
def test_what_is_found_under_the_name_is_the_bundle(name):
    with open(finders.find(name)) as file:
        assert file.read() == bundle(name)


def _order(text, names):
    """Return the sources that stand in the text just once, in the order in which they stand there."""
    found = {name: (SOURCES / name).read_text(encoding="utf-8") for name in names}
    once = [name for name in names if text.count(found[name]) == 1]
    return sorted(once, key=lambda name: text.index(found[name]))
