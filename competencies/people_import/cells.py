"""What a cell of somebody's file says: its text without what cannot be seen, or what is in the way."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Cell = str | Literal[False]  # a text, or `FORMULA`
Row = list[Any]  # of a table: its line and its cells
FORMULA: Final = False  # stands in a row where a cell holds a formula without a value, or an error
JOINERS = "\u200c\u200d"  # names in Persian and Hindi are written with them
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LOST = "\ufffd"
ERRORS = {"#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#NV"}
GUARDED = re.compile(r"'+[=+\-@\t\r]")
NOTHING = {
    "-", "--", "–", "—", "/", ".", "?", "n/a", "na", "n.a.", "k.a.", "null", "nil", "none", "(none)",
    "(null)", "(blank)", "(leer)", "nan", "nat", "keine", "keiner", "aucun", "aucune", "néant",
}  # fmt: skip
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
OF_ADDRESSES = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]")


def cell_of(text: str) -> Cell:
    """Return a text of a file as a cell: errors of a spreadsheet are `FORMULA`, and a guard goes."""
    return FORMULA if text in ERRORS else unguarded(text)


def unguarded(cell: str) -> str:
    """Return a cell as it was before a spreadsheet's apostrophe kept it from being a formula."""
    return cell[1:] if cell.startswith("'") and GUARDED.match(cell) else cell


def spaced(text: str) -> str:
    """Return `text` composed (NFC), with each run of white space of any kind as one space."""
    text = " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def loose(text: str) -> str:
    """Return `text` for comparing titles: white space folded, without case."""
    return spaced(text).casefold()


def narrow(text: str) -> str:
    """Return `text` with full-width letters and digits, and digits of any script, as ASCII has them."""
    if text.isascii():
        return text
    text = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)


def is_nothing(cell: str) -> bool:
    """Return True if a cell only says that it says nothing, as "n/a" and "-" do."""
    return cell.casefold() in NOTHING


def unseen(text: str) -> str:
    """Return in words which character of `text` cannot be seen, and where it stands; else nothing."""
    if text.isascii() and text.isprintable():
        return ""
    for place, character in enumerate(text):
        if character == LOST:
            return _("a character was lost when the file was saved, %(where)s") % {
                "where": where(text, place)
            }
        if unicodedata.category(character) in UNSEEN and character not in JOINERS:
            return _("contains an invisible character: %(character)s, %(where)s") % {
                "character": named(character),
                "where": where(text, place),
            }
    return ""


def named(character: str) -> str:
    """Return what a character is called, with its number: "zero width space (U+200B)"."""
    name = {
        ",": pgettext("a character", "a comma"),
        ";": pgettext("a character", "a semicolon"),
        ":": pgettext("a character", "a colon"),
        " ": pgettext("a character", "a space"),
        "<": "“<”",
        ">": "“>”",
    }.get(character)
    if name:
        return name
    number = f"U+{ord(character):04X}"
    official = unicodedata.name(character, "").lower()
    if unicodedata.category(character)[0] == "C" or not character.isprintable():
        return f"{official or pgettext('a character', 'control character')} ({number})"
    return f"“{character}” ({official or number})"


def where(text: str, place: int) -> str:
    """Return in words where in `text` the character at `place` stands."""
    before = "".join(c for c in text[:place] if unicodedata.category(c) not in UNSEEN)[-30:]
    return _("after “%(text)s”") % {"text": before} if before else _("at the start")


def why_no_email(cell: str) -> str:
    """Return what keeps a text from being an email address, with the place where one can be told."""
    for place, character in enumerate(cell):
        if not OF_ADDRESSES.match(character):
            return _("%(character)s isn’t allowed, %(where)s") % {
                "character": named(character),
                "where": where(cell, place),
            }
    if "@" not in cell:
        return _("it has no @")
    if cell.count("@") > 1:
        return _("it has more than one @")
    local, _at, domain = cell.partition("@")
    if not local or not domain:
        return _("there’s nothing before or after the @")
    for part in (local, domain):
        if part.startswith(".") or part.endswith(".") or ".." in part:
            return _("“%(part)s” starts or ends with a dot, or has two in a row") % {"part": part[:60]}
    return _("the part after the @ isn’t a domain") if "." not in domain else ""


def addresses_in(cell: str) -> set[str]:
    """Return the email addresses that can be made out in a cell that is none itself, in small letters."""
    bare = "".join(c for c in narrow(cell) if unicodedata.category(c) not in UNSEEN)
    return {found.strip(".,;:!?*-_").lower() for found in ADDRESS.findall(bare)}


def number_in(cell: str) -> str:
    """Return what can be made out of a staff number that cannot be read, for comparing loosely."""
    bare = "".join(c for c in narrow(cell) if unicodedata.category(c) not in UNSEEN)
    return loose_number(re.sub(r"^[\W_]+|[\W_]+$", "", bare))


def loose_number(number: str) -> str:
    """Return a staff number without case and leading zeros, by which a spoilt one is known again."""
    return number.casefold().lstrip("0")
