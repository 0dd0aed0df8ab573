"""What a program finds in a PDF: its structure in reading order, and its words page by page."""

import json
import os
from functools import lru_cache
from pathlib import Path

import pikepdf
from pypdf import PdfReader


def elements(document):
    """Return every structure element, in reading order, as `(kind, element)`."""

    def walk(node):
        if not isinstance(node, pikepdf.Dictionary):
            return
        if "/S" in node:
            yield str(node.S)[1:], node
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            yield from walk(kid)

    return list(walk(document.Root.StructTreeRoot))


def pages(path):
    """Return the text of each page, with single spaces."""
    return [" ".join(text.split()) for text in _texts(path)]


def _texts(path):
    """Return the text of each page; it lies beside the file after, since reading takes a second."""
    return list(_read(Path(path), Path(path).stat().st_mtime_ns))


@lru_cache(maxsize=16)
def _read(path, changed):
    beside = path.with_name(f"{path.name}.{changed}.json")
    if not beside.exists():
        unfinished = path.with_name(f"{beside.name}.{os.getpid()}")
        unfinished.write_text(json.dumps([page.extract_text() for page in PdfReader(path).pages]))
        unfinished.replace(beside)
    return json.loads(beside.read_text())


def everything(path):
    """Return all text that a document holds: its pages, bookmarks, metadata, attachments and alternatives."""
    reader = PdfReader(path)
    parts = _texts(path)
    parts += [str(value) for value in (reader.metadata or {}).values()]
    with pikepdf.open(path) as pdf:
        parts.append(pdf.Root.Metadata.read_bytes().decode())
        for name, attached in pdf.attachments.items():
            parts += [name, attached.get_file().read_bytes().decode()]
        with pdf.open_outline() as outline:
            parts += list(_titles(outline.root))
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary):
                parts += [
                    str(item[key])
                    for key in ("/Alt", "/ActualText", "/Contents", "/URI", "/T")
                    if key in item
                ]
    return "\n".join(parts)


def _titles(entries):
    for entry in entries:
        yield entry.title
        yield from _titles(entry.children)
