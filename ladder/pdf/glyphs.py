"""Which letters of a packet no typeface here has, asked before it is frozen."""

from functools import lru_cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from .child import Child, faces_here
from .pictograms import without_pictograms
from .refusal import TypesettingFailed

BUNDLED = settings.BASE_DIR / "ladder" / "static" / "ladder" / "fonts" / "Inter-Regular.woff2"
PAGE = '<html lang="en"><head><title>Letters</title></head><body><p class="packet">{}</p></body></html>'
MOMENT = "2026-01-01T00:00:00+00:00"


def without_face(snapshot):
    """Return the letters of a snapshot that would stop its document, in order; empty where all can be drawn.

    Letters that the bundled face lacks are asked of the printer itself, so that both follow one rule. Where
    it cannot be asked, nothing is said.
    """
    letters = {letter for text in _texts(snapshot) for letter in without_pictograms(text)}
    strange = "".join(sorted(letter for letter in letters if ord(letter) not in _bundled() and letter >= " "))
    return _refused(strange, faces_here()) if strange else ""


def _texts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value


@lru_cache(maxsize=1)
def _bundled():
    """The code points that the bundled face has; none where the library that reads it is not installed."""
    try:
        from fontTools.ttLib import TTFont
    except ImportError:
        return frozenset()
    with TTFont(BUNDLED, lazy=True) as face:
        return frozenset(face.getBestCmap())


@lru_cache(maxsize=64)
def _refused(letters, _faces):
    own = Child()
    try:
        with TemporaryDirectory(prefix="ladder-letters-") as folder:
            page = PAGE.format(" ".join(map(escape, letters)))
            own.typeset(page, b"{}", name="letters.json", moment=MOMENT, to=Path(folder, "letters.pdf"))
    except TypesettingFailed as refusal:
        return refusal.letters
    finally:
        own.stop()
    return ""
