"""The static files of a real installation: collected once, and again when one of them changed."""

import json
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles.finders import find, get_finders
from drf_spectacular.views import SpectacularSwaggerView

from ladder.ops.static_files import LARGE, NOT_SERVED, QuickCompressor, collect


@pytest.fixture
def file(settings, tmp_path):
    """One more file that is served, beside those of the apps."""
    folder = tmp_path / "more"
    folder.mkdir()
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [folder]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    file = folder / "one.css"
    file.write_text("a { color: red }")
    return file


def test_what_was_collected_is_left_alone_until_a_file_changes(file, settings):
    assert collect()
    there = settings.STATIC_ROOT / "one.css"
    there.write_text("as it was left")

    assert not collect()
    assert there.read_text() == "as it was left"
    file.write_text("a { color: blue }")
    assert collect()
    assert not collect()
    assert len(list(settings.STATIC_ROOT.glob("one.*.css"))) == 2
    file.rename(file.with_name("two.css"))
    assert collect()


def test_what_was_broken_off_is_done_again(file, settings, monkeypatch):
    collect()
    file.write_text("a { color: blue }")
    monkeypatch.setattr("ladder.ops.static_files.call_command", broken)
    with pytest.raises(OSError, match="no space"):
        collect()
    monkeypatch.undo()
    file.write_text("a { color: red }")

    assert collect()


def broken(*_arguments, **_options):
    raise OSError("no space")


def test_the_documentation_of_the_interface_finds_its_files(file, settings):
    collect()
    paths = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]

    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"):
        assert SpectacularSwaggerView._swagger_ui_resource(name).removeprefix("/static/") in paths.values()


def test_what_pages_load_is_compressed_as_far_as_it_goes():
    data = Path(find("django_htmx/htmx-2.min.js")).read_bytes()

    assert QuickCompressor.compress_brotli(data) == brotli.compress(data, quality=11)


def test_only_the_documentation_of_the_interface_is_compressed_quickly():
    served = [name for finder in get_finders() for name, _storage in finder.list(NOT_SERVED)]
    large = [name for name in served if Path(find(name)).stat().st_size > LARGE]

    assert large
    assert {name.partition("/")[0] for name in large} == {"drf_spectacular_sidecar"}
    data = Path(find(large[0])).read_bytes()
    assert QuickCompressor.compress_brotli(data) == brotli.compress(data, quality=9)
