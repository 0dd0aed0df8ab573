"""What the columns of a file mean together, and what a row of it says once they are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from .cells import (
    FORMULA,
    addresses_in,
    is_nothing,
    loose,
    narrow,
    number_in,
    spaced,
    unseen,
    why_no_email,
)
from .columns import COLUMNS
from .dates import NoDay, read_day
from .employment_status import meaning_of

if TYPE_CHECKING:
    from .cells import Cell, Row
    from .columns import Column


KEYS = ("number", "email")
SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d+$", re.IGNORECASE)
FRACTION_OF_NOTHING = re.compile(r"(\d+)\.0$")  # what programs write of a whole number in a column with gaps


def faults_of(columns: Mapping[str, int]) -> list[str]:
    """Return in sentences why a mapping (`{column key: place}`) cannot be used; empty when it can."""
    faults = []
    if not {"number", "email"} & set(columns):
        faults.append(_("Choose the column with the staff number or the email: they identify people."))
    if {"last_day", "gone_from"} <= set(columns):
        faults.append(_("Choose either the last day or the first day after leaving, not both."))
    if len(set(columns.values())) < len(columns):
        faults.append(_("One column of the file can’t be used twice."))
    if ("first_name" in columns) != ("last_name" in columns):
        faults.append(_("First and last name go together: choose the column with the other one."))
    for needing, needed in (("line_from", "manager"), ("level_from", "level")):
        if needing in columns and needed not in columns:
            faults.append(
                _("“%(day)s” also needs “%(what)s”.")
                % {"day": COLUMNS[needing].label, "what": COLUMNS[needed].label}
            )
    return faults


@dataclass(slots=True)
class ParsedRow:
    """What one row of the file says: its line, a value for each cell that is filled, and what is wrong.

    `spoilt` names the columns whose cell cannot be read: what they would have said is not missing.
    `hints` is what can be made out of such cells all the same, by which somebody is protected and never
    changed: email addresses and loose staff numbers.
    """

    line: int
    values: dict[str, Any]
    faults: list[str] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)
    hints: set[str] = field(default_factory=set)


class Reader:
    """Turns rows into what they say, by a mapping.

    A mapping is `{"columns": {key: place from 0}, "dates": "iso" | "dmy" | "mdy", "status": {word: "here" |
    "gone"}, "turned": bool}`; how days and statuses are written is asked for only where the file has some,
    and names are `turned` where it writes "Ng, Ada".
    """

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        self.columns = [(COLUMNS[key], place + 1) for key, place in mapping["columns"].items()]
        self.dates = mapping.get("dates") or "iso"
        self.status = {loose(word): means for word, means in mapping.get("status", {}).items()}
        self.is_turned = mapping.get("turned", False)
        self.days: dict[str, date | NoDay | None] = {}

    def parse(self, row: Row) -> ParsedRow:
        """Take a row `[line, cell, …]`; return a `ParsedRow`. Empty cells say nothing."""
        parsed = ParsedRow(row[0], {})
        for column, place in self.columns:
            cell = row[place]
            if cell is not FORMULA and not (cell := spaced(cell)):
                continue
            try:
                value = self._value(column, cell)
            except ValueError as fault:
                parsed.faults.append(f"{column.label}: {fault}")
                parsed.spoilt.add(column.key)
                if column.key in KEYS and cell is not FORMULA:
                    parsed.hints |= addresses_in(cell) or {number_in(cell)}
            else:
                if value is not None:
                    parsed.values[column.key] = value
        _join_names(parsed)
        return parsed

    def _value(self, column: Column, cell: Cell) -> date | str | None:
        if cell is FORMULA:
            raise ValueError(_("a formula without a value, or an error: paste it as a value"))
        if column.is_day:
            return self._day(cell)
        if column.key not in NAMED and is_nothing(cell):
            return None
        if reason := unseen(cell):
            raise ValueError(reason)
        if column.key in ("number", "email", "manager"):
            cell = _key(narrow(cell))
        if len(cell) > column.longest:
            raise ValueError(_("longer than %(most)d characters") % {"most": column.longest})
        if column.key == "email":
            return _email(cell)
        if column.key == "name" and self.is_turned and cell.count(",") == 1:
            last, _comma, first = cell.partition(",")
            return spaced(f"{first} {last}")
        if column.key == "status":
            return self._status(cell)
        return cell

    def _day(self, cell: str) -> date | None:
        if cell not in self.days:
            try:
                self.days[cell] = None if is_nothing(cell) else read_day(cell, self.dates)
            except NoDay as reason:
                self.days[cell] = reason
        day = self.days[cell]
        if isinstance(day, NoDay):
            raise ValueError(str(day))
        return day

    def _status(self, cell: str) -> str:
        means = self.status.get(loose(cell)) or meaning_of(cell)
        if means is None:
            raise ValueError(
                _("Ladder doesn’t know the status “%(cell)s”: choose what it means when you match columns")
                % {"cell": cell[:40]}
            )
        return means


NAMED = {"name", "first_name", "last_name", "title", "team"}  # somebody can be called "None"


def _key(cell: str) -> str:
    if SHORTENED.match(cell):
        raise ValueError(
            _("a spreadsheet shortened the number “%(cell)s”: format the column as text")
            % {"cell": cell[:40]}
        )
    whole = FRACTION_OF_NOTHING.match(cell)
    return whole[1] if whole else cell


def _email(cell: str) -> str:
    cell = cell.lower()
    try:
        validate_email(cell)
    except ValidationError:
        problem = _("“%(cell)s” isn’t an email address") % {"cell": cell}
        why = why_no_email(cell)
        raise ValueError(f"{problem}: {why}" if why else problem) from None
    return cell


def _join_names(row: ParsedRow) -> None:
    """Make a name of first and last name where the row has no whole one."""
    first, last = row.values.pop("first_name", ""), row.values.pop("last_name", "")
    if "name" not in row.values and (first or last):
        row.values["name"] = f"{first} {last}".strip()
        if not first or not last:
            row.values["half_name"] = True
