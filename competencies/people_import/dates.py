"""Days as files write them: read where they can be read in one way, else refused in words."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competencies.core.folding import fold

from .cells import narrow

FIRST_YEAR, LAST_YEAR = 1940, 2100
DATES = {
    "iso": gettext_lazy("2026-03-31, 2026/03/31 or 20260331: year first"),
    "dmy": gettext_lazy("31/03/2026 or 31.3.2026: day first"),
    "mdy": gettext_lazy("03/31/2026: month first"),
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janner janvier janv",
            "february feb februar feber fevrier fevr fev",
            "march mar marz maerz mrz mars",
            "april apr avril avr",
            "may mai",
            "june jun juni juin",
            "july jul juli juillet juil",
            "august aug aout",
            "september sep sept septembre",
            "october oct oktober okt octobre",
            "november nov novembre",
            "december dec dezember dez decembre",
        ),
        start=1,
    )
    for name in names.split()
}
TIME = re.compile(
    r"(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$"
)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\.?$")
TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})$")
WRITTEN = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4})\.?$")
DAY_AND_WORD = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s./-]*(?:de |of )?([^\W\d_]{3,10})\.?,?[\s./-]*(\d{4})$"
)
WORD_AND_DAY = re.compile(r"([^\W\d_]{3,10})\.?[\s./-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s./-]+(\d{4})$")
WEEKDAY = re.compile(r"[^\W\d_]{2,10}\.?,\s+")
SHORT = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*'?(\d{2})\.?$")
COUNTED = re.compile(r"\d{5}(?:\.\d+)?$")
NO_DAY = re.compile(r"0{4}[-/.]?0{2}[-/.]?0{2}|0{1,2}[-/.]0{1,2}[-/.]0{4}|1899-12-3[01]|1900-01-0[01]")
NEVER_ENDING = 9999  # the year by which payroll systems say that something has no end


class NoDay(ValueError):
    """A cell is no day that can be read; `str()` says why."""


def read_day(cell: str, order: str) -> date | None:
    """Return the day that a cell says, or None where it says none; `order` is how the file writes them.

    Refuses with `NoDay` what is none, what can be read in two ways, and what is before 1940 or after 2100.
    """
    text = " ".join(narrow(cell).split())
    if NO_DAY.fullmatch(TIME.sub("", text)):
        return None
    text = _without_hour(text, cell)
    parts = _parts(text, order)
    if parts is None:
        raise NoDay(_why(text, cell, order))
    if parts[0] == NEVER_ENDING:
        return None
    try:
        day = date(*parts)
    except ValueError:
        raise NoDay(_why("", cell, order)) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoDay(_why("", cell, order))
    return day


def _without_hour(text: str, cell: str) -> str:
    """Return `text` without the hour; refuse an instant, which is another day elsewhere."""
    found = TIME.search(text)
    if not found or not text[: found.start()]:
        return text
    hour, minute, second, _half, zone = found.groups()
    at_midnight = int(hour) % 24 == 0 and int(minute) == 0 and int(second or 0) == 0
    if zone and not at_midnight:
        raise NoDay(
            _("“%(cell)s” has a time and time zone, so the date depends on the place: give the date alone")
            % {"cell": cell[:40]}
        )
    return text[: found.start()].strip()


def _parts(text: str, order: str) -> tuple[int, int, int] | None:
    """Return year, month and day as the text says them, or None."""
    if found := YEAR_FIRST.match(text):
        return int(found[1]), int(found[3]), int(found[4])
    if (found := TOGETHER.match(text)) and 1 <= int(found[2]) <= 12:
        return int(found[1]), int(found[2]), int(found[3])
    if found := WRITTEN.match(text):
        one, other, year = int(found[1]), int(found[3]), int(found[4])
        return {"dmy": (year, other, one), "mdy": (year, one, other)}.get(order)
    text = WEEKDAY.sub("", text, count=1) if WEEKDAY.match(text) else text
    for pattern, day, word in ((DAY_AND_WORD, 1, 2), (WORD_AND_DAY, 2, 1)):
        if (found := pattern.match(text)) and (month := MONTHS.get(fold(found[word]))):
            return int(found[3]), month, int(found[day])
    return None


def _why(text: str, cell: str, order: str) -> str:
    values = {"cell": cell[:40], "order": DATES[order]}
    if SHORT.match(text):
        return _("“%(cell)s” has a two-digit year: use four digits") % values
    if COUNTED.match(text):
        return _("“%(cell)s” is a date as a spreadsheet stores it: format the column as a date") % values
    return _("“%(cell)s” isn’t a date in the chosen format (%(order)s)") % values


def is_dated(text: str) -> bool:
    """Return True if a text looks like a day, in whichever order, or says that there is none."""
    text = " ".join(narrow(text).split())
    if NO_DAY.fullmatch(TIME.sub("", text)):
        return True
    text = TIME.sub("", text).strip() or text
    return _parts(text, "dmy") is not None or bool(SHORT.match(text))


def orders_of(text: str) -> set[str]:
    """Return the orders in which a text is a day: "dmy", "mdy", or "either" where both could be meant."""
    found = WRITTEN.match(TIME.sub("", " ".join(narrow(text).split())).strip())
    if not found:
        return set()
    one, other = int(found[1]), int(found[3])
    if other > 12:
        return {"mdy"}
    return {"dmy"} if one > 12 or found[2] == "." else {"either"}
