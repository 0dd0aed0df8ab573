"""Cutting a text where the words of a search stand, so that a template can mark them."""

from dataclasses import dataclass

from competencies.core.matching import places

AROUND = 160  # characters before the first hit that stay


@dataclass(frozen=True)
class Piece:
    """A stretch of text that either is a word searched for or is not."""

    text: str
    hit: bool


def pieces(text, words, *, longest=320):
    """Return `text` as `Piece`s, cut to about `longest` characters around the first hit."""
    text = " ".join(text.split())
    hits = places(text, words)
    start = max(0, hits[0][0] - AROUND) if hits and len(text) > longest else 0
    end = min(len(text), start + longest)
    cut, at = ["…" if start else ""], start
    for first, last in hits:
        if last <= end:
            cut += [text[at:first], text[first:last]]
            at = last
    cut += [text[at:end] + ("…" if end < len(text) else "")]
    cut[0:2] = [cut[0] + cut[1]]
    return [Piece(piece, bool(number % 2)) for number, piece in enumerate(cut) if piece]
