"""Cutting a text where the words of a search stand, so that a template can mark them."""

import re
from dataclasses import dataclass

AROUND = 160  # characters before the first hit that stay


@dataclass(frozen=True)
class Piece:
    """A stretch of text that either is a word searched for or is not."""

    text: str
    hit: bool


def pieces(text, words, *, longest=320):
    """Return `text` as `Piece`s, cut to about `longest` characters around the first hit."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.I)
    shown = _cut(" ".join(text.split()), pattern, longest)
    cut = pattern.sub(lambda match: f"\0{match.group()}\0", shown).split("\0")
    return [Piece(piece, bool(number % 2)) for number, piece in enumerate(cut) if piece]


def _cut(text, pattern, longest):
    if len(text) <= longest:
        return text
    match = pattern.search(text)
    start = max(0, (match.start() if match else 0) - AROUND)
    end = start + longest
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
