"""Texts as they are compared when somebody looks for something: without case and accents, in words."""

from __future__ import annotations

import re
import unicodedata

ACCENTS = re.compile("[\u0300-\u036f]+")
PLAIN = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """Return `text` without case and accents: "José", "JOSE" and "jose" are one."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", ACCENTS.sub("", apart).translate(PLAIN))


def words_of(text: str) -> list[str]:
    """Return the words of `text` in order, folded: runs of letters, digits and the marks on them."""
    folded = fold(text)
    if folded.isascii():
        return re.findall("[a-z0-9]+", folded)
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split()
