"""Guessing what a table holds: which row has the headings, and what each column means.

Words are held against values: a column whose heading says "Employee" and that holds numbers is no name.
What cannot be told stays open, and is for whoever imports to say.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping, Sequence

from competencies.core.folding import fold

from .cells import FORMULA, Cell, Row, is_nothing, narrow, spaced
from .columns import COLUMNS, headings_as_words, known_by
from .dates import is_dated, orders_of

LOOKED_AT = 200  # rows whose values are looked at
FIRST_ROWS = 30  # among which the headings are looked for
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+[,;.]?$")
CODE = re.compile(r"[+@\w./#-]*\d[\w./#-]*$")
SALUTATIONS = {
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "herr",
    "frau",
    "m",
    "mme",
    "mlle",
    "monsieur",
    "madame",
}
NUMBERING = {"number", "no", "nr", "num", "id", "code", "nummer", "numero", "kennung", "key", "#"}
OF_OTHERS = {
    "manager", "supervisor", "phone", "telephone", "tel", "telefon", "mobile", "cost", "center", "centre",
    "department", "dept", "team", "position", "job", "tax", "steuer", "social", "account", "konto", "iban",
    "zip", "plz", "postal", "code_postal", "room", "floor", "country", "company", "location", "building",
}  # fmt: skip
TOTALS = re.compile(
    r"(grand |sub|zwischen|gesamt|sous-)?(total|totals|totale|sum|summe|gesamt|insgesamt|gesamtsumme|somme|"
    r"count|anzahl|headcount|nombre|effectif)( général| general)?\s*:?\s*[\d.,]*$",
    re.IGNORECASE,
)


def heading_row(rows: Sequence[Sequence[Cell]]) -> tuple[int | None, bool]:
    """Take the first rows, lists of cells; return the place of the headings, and whether that is sure.

    The place is None where there is none: the first row that is as wide as the others holds an address.
    """
    rows = rows[:FIRST_ROWS]
    known = [len({key for cell in row if cell and (key := known_by(cell))}) for row in rows]
    counts = [
        count if not any(_is_email(cell) for cell in row) else 0
        for count, row in zip(known, rows, strict=True)
    ]
    widths = [sum(bool(cell is FORMULA or cell.strip()) for cell in row) for row in rows]
    if max(counts, default=0) >= 2 or (counts and max(counts) == 1 and max(widths) <= 2):
        best = counts.index(max(counts))
        keys = {known_by(cell) for cell in rows[best] if cell}
        return best, bool(keys & {"number", "email"})
    usual = statistics.median_low(widths) if widths else 0
    first = next((place for place, width in enumerate(widths) if width >= usual), 0)
    if rows and any(_is_email(cell) for cell in rows[first]):
        return None, False
    return first, False


def likeliest(tables: Sequence[Sequence[Sequence[Cell]]]) -> tuple[int, bool]:
    """Take the first rows of several sheets; return which names people, and whether that is sure."""
    weights = [_names_people(rows) for rows in tables]
    best = max(range(len(tables)), key=lambda place: (weights[place], -place))
    others = [rows for place, rows in enumerate(tables) if place != best and weights[place] > 0]
    return best, weights[best] > 0 and not others


def _names_people(rows: Sequence[Sequence[Cell]]) -> float:
    if len(rows) < 2:
        return 0
    place, _is_sure = heading_row(rows)
    if place is None:
        return 1
    keys = {known_by(cell) for cell in rows[place] if cell} - {None}
    return len(keys) if keys & {"number", "email"} else len(keys) / 10


def is_total(cells: Sequence[Cell]) -> bool:
    """Return True for a row that counts or sums up the others: it is about nobody."""
    filled = [cell for cell in cells if cell is not FORMULA and cell.strip()]
    formulas = sum(cell is FORMULA for cell in cells)
    if not filled or len(filled) + formulas > max(2, len(cells) // 2):
        return False
    first, *others = [spaced(cell) for cell in filled]
    return bool(TOTALS.match(first)) and all(re.fullmatch(r"[\d.,]+", cell) for cell in others)


def guess(headings: Sequence[str], rows: Sequence[Row] = ()) -> dict[str, int]:
    """Return which column says what, by words and values: `{column key: place from 0}`.

    `rows` are those of a `Table`: `[line, cell, …]`.
    """
    spelt = [headings_as_words(heading) for heading in headings]
    values = [_values(rows, place) for place in range(len(headings))]
    found: dict[str, int] = {}
    for column in COLUMNS.values():
        options = [
            (not values[place], rank, order, place)
            for place, words in enumerate(spelt)
            for order, word in enumerate(words)
            if place not in found.values() and word in column.spellings and fits(column.key, values[place])
            for rank in [column.spellings.index(word)]
        ]
        if options:
            found[column.key] = min(options)[-1]
    _name_by_parts(found, values)
    _by_values(found, headings, values)
    if "last_day" in found:
        found.pop("gone_from", None)
    for day, what in (("line_from", "manager"), ("level_from", "level")):
        if what not in found:
            found.pop(day, None)
    return found


def _values(rows: Sequence[Row], place: int) -> list[str]:
    """Return the first different values of a column that say something."""
    cells = (row[place + 1] for row in rows[:LOOKED_AT])
    texts = dict.fromkeys(spaced(cell) for cell in cells if cell is not FORMULA)
    return [text for text in texts if text and not is_nothing(text)]


def fits(key: str, values: Sequence[str]) -> bool:
    """Return True if what stands in a column can be what the column would mean; nothing in it can be all."""
    if not values:
        return True
    if COLUMNS[key].is_day:
        return _share(values, is_dated) >= 0.3
    return _share(values, FITTING.get(key, _is_text)) >= (0.3 if key == "email" else 0.6)


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values)


def _is_email(text: Cell) -> bool:
    return bool(text and EMAIL.match(text.strip()))


def _is_code(text: str) -> bool:
    text = narrow(text)
    return bool(CODE.match(text)) and len(text) <= 40 and (not is_dated(text) or text.isdigit())


def _is_key(text: str) -> bool:
    return (
        " " not in text and not _is_email(text) and len(text) <= 40 and not (is_dated(text) and "-" in text)
    )


def _is_no_email(text: str) -> bool:
    return not _is_email(text)


def _is_text(text: str) -> bool:
    return any(c.isalpha() for c in text) and not _is_email(text)


def _is_name(text: str) -> bool:
    return _is_text(text) and sum(c.isdigit() for c in text) < 2


def _is_title(text: str) -> bool:
    return _is_text(text) and fold(text).strip(".") not in SALUTATIONS


FITTING: dict[str, Callable[[str], bool]] = {
    "number": _is_key,
    "email": _is_email,
    "name": _is_name,
    "first_name": _is_name,
    "last_name": _is_name,
    "title": _is_title,
    "team": _is_no_email,
    "manager": lambda text: _is_email(text) or _is_code(text),
    "level": _is_no_email,
    "track": _is_no_email,
    "status": _is_no_email,
}


def _name_by_parts(found: dict[str, int], values: Sequence[Sequence[str]]) -> None:
    """Let "Name" beside a first name be the last one, and first and last name go together or not at all."""
    if "first_name" in found and "last_name" not in found and "name" in found:
        whole = sum(" " in value for value in values[found["name"]])
        if whole <= len(values[found["name"]]) / 2:
            found["last_name"] = found.pop("name")
    if "name" in found:
        found.pop("first_name", None)
        found.pop("last_name", None)
    elif "last_name" in found and "first_name" not in found:
        found["name"] = found.pop("last_name")
    elif "first_name" in found and "last_name" not in found:
        del found["first_name"]


def _by_values(found: dict[str, int], headings: Sequence[str], values: Sequence[Sequence[str]]) -> None:
    """Find email and staff number by what stands in the columns that no heading told."""
    free = [place for place in range(len(headings)) if place not in found.values() and values[place]]
    if "email" not in found:
        emails = [place for place in free if _share(values[place], _is_email) >= 0.9]
        if len(emails) == 1:
            found["email"] = emails[0]
    if "number" not in found:
        for place in free:
            tokens = set(re.findall(r"\w+|#", fold(headings[place])))
            if tokens & NUMBERING and not tokens & OF_OTHERS and _share(values[place], _is_code) >= 0.9:
                found["number"] = place
                break


def are_turned(rows: Sequence[Row], columns: Mapping[str, int]) -> bool:
    """Return True if the names of a file are written with the family name first: "Ng, Ada"."""
    values = _values(rows, columns["name"]) if "name" in columns else []
    return bool(values) and _share(values, lambda name: name.count(",") == 1) >= 0.8


def managers_by_name(headings: Sequence[str], rows: Sequence[Row], columns: Mapping[str, int]) -> list[str]:
    """Return the headings of columns that name managers by their names, which tell nobody apart."""
    if "manager" in columns:
        return []
    spellings = set(COLUMNS["manager"].spellings)
    return [
        heading
        for place, heading in enumerate(headings)
        if place not in columns.values()
        and spellings & set(headings_as_words(heading))
        and (values := _values(rows, place))
        and _share(values, _is_name) >= 0.6
    ]


def dates_of(rows: Sequence[Row], columns: Mapping[str, int]) -> str:
    """Return how a file writes days ("iso", "dmy" or "mdy"), or "" where it can be read both ways."""
    seen: set[str] = set()
    for key, place in columns.items():
        if COLUMNS[key].is_day:
            for value in _values(rows, place):
                seen |= orders_of(value)
    if {"dmy", "mdy"} <= seen:
        return ""
    certain = seen & {"dmy", "mdy"}
    if certain:
        return certain.pop()
    return "" if "either" in seen else "iso"
