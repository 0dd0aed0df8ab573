"""Many sources, one file for a browser: what a style sheet or a module imports stands in it, in its place.

A bundle has the address of the file that lists its sources. It is put together at a start, in the data
folder, as the code may be read-only; with `make dev` at each request.
"""

import os
import posixpath
import re
from fnmatch import fnmatch
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from ladder.installation import PACKAGE

SOURCES = PACKAGE / "static"
BUNDLES = ("ladder/css/app.css", "ladder/css/packet/preview.css", "ladder/js/app.js")
SHEET = re.compile(
    r'^@import url\("(?P<file>[^"]+)"\)(?: layer\((?P<layer>\w+)\))?(?: (?P<media>\w+))?;$', re.MULTILINE
)
MODULE = re.compile(r'^import "(?P<file>\./[^"]+)";$', re.MULTILINE)
ADDRESS = re.compile(r'url\("(?P<file>\.\.?/[^"]+)"\)')


def bundle(name):
    """Return the text of a bundle: its file with each source in the place of the import."""
    return (_sheet if name.endswith(".css") else _module)(name)


def sources(name):
    """Return the names of all files that a bundle is made of, but for the one that lists them."""
    imported = SHEET if name.endswith(".css") else MODULE
    found = [_beside(name, match["file"]) for match in imported.finditer(_read(name))]
    return [source for file in found for source in (file, *sources(file))]


class BundleFinder(BaseFinder):
    """Finds bundles, before another finder finds the files of these names that list their sources."""

    def __init__(self, *_args, **_options):
        self.storage = FileSystemStorage(settings.DATA_DIR / "bundles")

    def check(self, **_options):
        return []

    def find(self, path, find_all=False, **_options):
        found = [_written(self.storage, path)] if path in BUNDLES else []
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns):
        for name in BUNDLES:
            if not any(fnmatch(name, pattern) for pattern in ignore_patterns or ()):
                _written(self.storage, name)
                yield name, self.storage


def _written(storage, name):
    """Write a bundle where another is; return its path. Of two processes at once neither shows a half."""
    path, text = Path(storage.path(name)), bundle(name).encode()
    if not path.exists() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_bytes(text)
        part.replace(path)
    return str(path)


def _sheet(name):
    def imported(match):
        file = _beside(name, match["file"])
        text = ADDRESS.sub(lambda address: f'url("{moved(file, address)}")', _sheet(file))
        if match["layer"]:
            text = f"@layer {match['layer']} {{\n{text}}}\n"
        if match["media"]:
            text = f"@media {match['media']} {{\n{text}}}\n"
        return text

    def moved(file, address):
        return posixpath.relpath(_beside(file, address["file"]), posixpath.dirname(name))

    return SHEET.sub(imported, _read(name))


def _module(name):
    """Each source keeps its names for itself, as a module does."""
    return MODULE.sub(lambda match: f"{{\n{_module(_beside(name, match['file']))}}}\n", _read(name))


def _beside(name, file):
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), file))


def _read(name):
    return (SOURCES / name).read_text(encoding="utf-8")
