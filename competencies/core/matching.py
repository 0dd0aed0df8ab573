"""Whether words stand in a text: the rule by which everything is searched that has no rows of words.

As people are found, so are texts: whatever the case, accents and apostrophes, by how words
begin, and in scripts without spaces anywhere. Words of one or two letters are found as whole words alone,
because nearly every text has one that begins so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .folding import UNSPACED, fold

SHORT = 2  # letters of a word that has to stand there whole
JOINED = "['\u2019\u2010\u2011.&/-]?"  # what may stand inside: O'Brien is typed as obrien, too


@lru_cache(maxsize=1_000)
def pattern_of(word: str) -> re.Pattern[str]:
    """Return the pattern that finds a folded `word` in a folded text."""
    letters = JOINED.join(map(re.escape, word))
    if UNSPACED.match(word):
        return re.compile(letters)
    whole = r"(?![^\W_])" if len(word) <= SHORT else ""
    return re.compile(rf"(?<![^\W_]){letters}{whole}")


def mentions(words: Sequence[str], texts: Iterable[str], context: Iterable[str] = ()) -> bool:
    """Return whether every one of `words` stands in `texts` or in `context`, and one of them in `texts`."""
    own, around = fold("\n".join(texts)), fold("\n".join(context))
    in_own = [bool(pattern_of(word).search(own)) for word in words]
    return any(in_own) and all(
        here or pattern_of(word).search(around) for word, here in zip(words, in_own, strict=True)
    )


def places(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return where `words` stand in `text` as it is written: `[(start, end), …]`, in order.

    None is inside another, and what one sign alone parts is one: `O'Brien`.
    """
    folded = ""
    origins: list[int] = []
    for place, letter in enumerate(text):
        plain = fold(letter)
        folded += plain
        origins += [place] * len(plain)
    found = sorted(
        (origins[match.start()], -_with_marks(text, origins[match.end() - 1] + 1))
        for word in words
        for match in pattern_of(word).finditer(folded)
    )
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if kept and (start <= kept[-1][1] or _is_sign(text[kept[-1][1] : start])):
            kept[-1] = kept[-1][0], max(kept[-1][1], -end)
        else:
            kept.append((start, -end))
    return kept


def _with_marks(text: str, end: int) -> int:
    while end < len(text) and not fold(text[end]):  # an accent of its own belongs to the letter before
        end += 1
    return end


def _is_sign(between: str) -> bool:
    return len(between) == 1 and not between.isspace()
