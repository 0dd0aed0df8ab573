"""In which encoding a text was saved: by its mark, as UTF-8, else by which letters make words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from django.utils.translation import gettext_lazy as _

ENCODINGS = {
    "utf-8": _("UTF-8"),
    "utf-16": _("UTF-16"),
    "cp1252": _("Western European (Windows)"),
    "cp1250": _("Central European (Windows)"),
    "cp1251": _("Cyrillic (Windows)"),
    "cp1253": _("Greek (Windows)"),
    "cp1254": _("Turkish (Windows)"),
    "cp1257": _("Baltic (Windows)"),
    "mac_roman": _("Western European (old Macintosh)"),
    "cp850": _("Western European (DOS)"),
    "koi8-r": _("Cyrillic (KOI8-R)"),
    "cp932": _("Japanese (Shift JIS)"),
    "gb18030": _("Chinese (GB 18030)"),
    "cp949": _("Korean"),
}
MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
LETTERS = {  # of a language beside ASCII, in small; what stands first of equals is taken
    "cp1252": ("äöüßé", "éèêëàâçîïôùûœæ", "áéíóúñü", "ãõáéíóúâêôàç", "åäöæøé", "áðéíóúýþæö", "àèéìòù"),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž"),
    "cp1254": ("çğıöşü",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
    "mac_roman": ("äöüßé", "éèêëàâçîïôùûœ", "áéíóúñü", "åäöæøé"),
    "cp850": ("äöüßé", "éèêëàâçîïôùû", "áéíóúñü", "åäöæøé"),
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў",),
    "koi8-r": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё",),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋ",),
}
COMMON = {"cp1251": "оеаинтсрл", "koi8-r": "оеаинтсрл", "cp1253": "αοιετσνηρς"}
WIDE = {  # characters of two bytes: what all text in them is made of
    "cp932": re.compile("[\u3040-\u30ff\u4e00-\u9fff\uff00-\uffef\u3000-\u303f]"),
    "cp949": re.compile("[\uac00-\ud7a3]"),
    "gb18030": re.compile("[\u4e00-\u9fff\u3000-\u303f]"),
}
LOOKED_AT = 20_000  # letters beside ASCII that are weighed
TWICE = re.compile("[ÃÅÄÐÑ][\u0080-\u00bf‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™›€¡-¿]")
SAMPLES = 4  # encodings that are offered beside the usual ones
USUAL = {"utf-8", "cp1252", "cp1250", "cp1251"}


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str, bool] | None:
    """Return the text of some bytes, the encoding, and whether that is sure; None where it is no text.

    With `encoding` given it is taken, and what does not fit it becomes U+FFFD.
    """
    mark, marked = next(((mark, name) for mark, name in MARKS if content.startswith(mark)), (b"", ""))
    if encoding:
        if encoding == "utf-16" and not marked:
            encoding_of_bytes = _unmarked_utf_16(content) or "utf-16-le"
        else:
            encoding_of_bytes = encoding
        body = content if encoding == "utf-16" else content[len(mark) :]
        return body.decode(encoding_of_bytes, "replace"), encoding, True
    if marked == "utf-16":
        try:
            return content.decode("utf-16"), "utf-16", True
        except UnicodeDecodeError:
            return None
    if unmarked := _unmarked_utf_16(content):
        try:
            return content.decode(unmarked), "utf-16", True
        except UnicodeDecodeError:
            return None
    body = content[len(mark) :]
    try:
        return body.decode("utf-8"), "utf-8", True
    except UnicodeDecodeError:
        best = _most_likely(body)
        return body.decode(best, "replace"), best, False


def _unmarked_utf_16(content: bytes) -> str:
    """Return how UTF-16 without a mark is stored, told by the zeros in every other byte; else nothing."""
    start = content[:2_000]
    if len(start) < 8 or b"\0" not in start:
        return ""
    if start[1::2].count(0) > 0.4 * len(start[1::2]) and start[::2].count(0) == 0:
        return "utf-16-le"
    if start[::2].count(0) > 0.4 * len(start[::2]) and start[1::2].count(0) == 0:
        return "utf-16-be"
    return ""


def _most_likely(content: bytes) -> str:
    weighed = {encoding: _weigh(content, encoding) for encoding in LETTERS}
    best = max(weighed, key=lambda encoding: weighed[encoding])
    if weighed[best] > 0:
        return best
    wide = {encoding: _share_of_wide(content, encoding) for encoding in WIDE}
    widest = max(wide, key=lambda encoding: wide[encoding])
    return widest if wide[widest] > 0.9 else best


def _weigh(content: bytes, encoding: str) -> float:
    """Return how well the letters beside ASCII fit one language: 1 for each that does, less for the odd."""
    text = content.decode(encoding, "replace")
    letters: Counter[str] = Counter()
    odd, common = 0, 0
    for run in re.findall(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*", text)[:LOOKED_AT]:
        for place, character in enumerate(run):
            if character.isascii():
                continue
            kind = unicodedata.category(character)[0]
            before, after = run[place - 1 : place], run[place + 1 : place + 2]
            if kind == "L":
                letters[character.lower()] += 1
                common += character.lower() in COMMON.get(encoding, "")
                odd += 2 * (character.isupper() and before.islower())
                if encoding in COMMON:  # of another alphabet: no word is half in it
                    odd += 2 * ((before + after).isascii() and (before + after).isalpha())
            elif kind == "C" or character == "\ufffd":
                odd += 5
            elif before.isalpha() or after.isalpha():
                odd += 3
    total = sum(letters.values())
    fitting = max(sum(letters[letter] for letter in language) for language in LETTERS[encoding])
    return fitting - (total - fitting) - odd + 0.5 * common


def _share_of_wide(content: bytes, encoding: str) -> float:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return 0
    beside = [character for character in text if not character.isascii()]
    return sum(bool(WIDE[encoding].match(c)) for c in beside) / len(beside) if beside else 0


def samples(content: bytes) -> list[list[str]]:
    """Return how the first words that are not ASCII alone read in each encoding that is likely.

    The result is `[[encoding, words]]`, the likeliest first.
    """
    start = content[:500_000].removeprefix(b"\xef\xbb\xbf")
    lines = [line for line in start.splitlines() if not line.isascii()][:20]
    weighed = []
    for place, encoding in enumerate(ENCODINGS):
        if encoding == "utf-16":
            continue
        try:
            text = "\n".join(line.decode(encoding) for line in lines)
        except UnicodeDecodeError:
            continue
        weight = _weigh(text.encode(encoding), encoding) if encoding in LETTERS else 0
        weighed.append((encoding != "utf-8", -weight, place, encoding, ", ".join(_words_beside_ascii(text))))
    found: dict[str, str] = {}
    for *_order, encoding, words in sorted(weighed):
        if words and words not in found.values() and (len(found) < SAMPLES or encoding in USUAL):
            found[encoding] = words
    return [[encoding, words] for encoding, words in found.items()]


def _words_beside_ascii(text: str) -> list[str]:
    """Return the first words in which a letter is not ASCII, as they can be shown."""
    words = dict.fromkeys(re.findall(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*", text))
    return ["".join(c if c.isprintable() else "\ufffd" for c in word)[:24] for word in list(words)[:5]]


def saved_twice(text: str) -> str:
    """Return a piece of text that was decoded wrongly before it was saved ("ZoÃ«"), or nothing."""
    found = TWICE.search(text)
    if not found:
        return ""
    try:
        piece = " ".join(text[max(0, found.start() - 10) : found.end() + 10].split())
        found.group().encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return ""
    return piece
