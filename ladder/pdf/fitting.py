"""How much room letters take, where a text cannot wrap: in charts, along the edges and on the cover."""

import math
import textwrap
import unicodedata
from typing import NamedTuple

from .pictograms import without_pictograms


class Cover(NamedTuple):
    """What a cover has room for: lines of title, facts and contents, and letters in a line of each."""

    title_lines: int
    fact_rows: int
    content_rows: int
    title: int
    fact: int
    content: int


REPORT = Cover(title_lines=9, fact_rows=15, content_rows=99, title=26, fact=44, content=44)  # of format 3
WIDE = dict.fromkeys("MWmw@%—", 1.7)  # in letters of common width, which are those of running text


def width(text):
    """Return how many letters of common width take as much room as `text`."""
    return sum(map(_width, text))


def _width(letter):
    if unicodedata.east_asian_width(letter) in "WF":
        return 2
    return WIDE.get(letter, 1.25 if letter.isupper() else 1)


def shortened(text, most):
    """Return `text`, or its beginning and an ellipsis where it is wider than `most` letters."""
    text = without_pictograms(text)
    if width(text) <= most:
        return text
    room, kept = most - 1.0, []
    for letter in text:
        room -= _width(letter)
        if room < 0:
            break
        kept.append(letter)
    return f"{''.join(kept).rstrip()}…"


def fitted(text, line, lines):
    """Return `text` cut so that it wraps into so many `lines` of `line` letters, no word wider than one."""
    words = " ".join(shortened(word, line) for word in without_pictograms(text).split())
    wrapped = textwrap.wrap(words, line, break_long_words=False)
    kept = [shortened(part, line * 1.25) for part in wrapped[:lines]]
    if len(wrapped) > lines:
        kept[-1] = f"{kept[-1][: line - 1].rstrip('…')}…"
    return " ".join(kept)


def is_long(title, facts, *, foot, contents=(), cover=REPORT):
    """Return whether a cover with these lines of title, facts and contents would not fit on one page."""
    lines = _lines(title, cover.title) > cover.title_lines
    rows = _lines(facts, cover.fact) > cover.fact_rows or _lines(contents, cover.content) > cover.content_rows
    return lines or rows or width(foot) > cover.fact


def _lines(texts, letters):
    """Return how many lines of so many letters the texts take."""
    return sum(math.ceil(width(without_pictograms(str(text))) / letters) for text in texts)
