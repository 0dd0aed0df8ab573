"""Reading a table of people: CSV or XLSX within stated limits, nothing built before they are kept.

Nothing in a file is evaluated. How it is read is guessed (encoding, delimiter, sheet, the row with the
headings) and can be chosen instead. Cells are kept as they came, so that they go out again as they came;
what they say is for `column_mapping.Reader` to tell. Every fault names the file, the line and the column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.core.refusals import Refusal

from .cells import FORMULA, Cell, Row, spaced
from .csv_parser import Unreadable, read_text
from .detection import FIRST_ROWS, heading_row, is_total, likeliest
from .xlsx_parser import listed, read_workbook

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELLS = 3_000_000
MAX_CHARACTERS = 80 * 1024 * 1024
SHOWN_ROWS, SHOWN_CELLS, SHOWN_TEXT = 8, 8, 40  # of the top of a file, to choose the headings by
Line = tuple[int, list[Cell]]
ZIPPED = b"PK\x03\x04"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file: where (from 1; 0 when it is the file itself) and what."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        return f"{place}: {self.message}"


class BadTable(Refusal):
    """A file was refused; `faults` says what is wrong with it."""

    code = "bad-file"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)), faults=[str(fault) for fault in faults])


@dataclass(frozen=True)
class Table:
    """What a file holds: its headings, and rows of `[line, cell, …]` as long as the headings.

    A cell is a text as it came, or `FORMULA`. `read_as` says how the file was read, and what of it is
    `unsure`; it holds nothing of what the file says. `about` does: the top of it, its sheets, how it reads
    in other encodings, and `notes`, sentences on what was read otherwise than it stands there.
    """

    headings: list[str]
    rows: list[Row]
    read_as: dict[str, Any]
    about: dict[str, Any] = field(default_factory=dict)


def read(content: bytes, *, file: str, how: Mapping[str, Any] | None = None) -> Table:
    """Take the bytes of a file and its name; return a `Table`. The content decides, not the name.

    `how` holds what was chosen instead of guessed, any of `encoding`, `delimiter`, `sheet` and `heading`,
    the line of the headings (0 where there are none). Refuses with `BadTable`: over 10 MiB (80 MiB
    unzipped, or shrunk to less than a hundredth), over 50,000 rows, 200 columns, 3 million cells, 32,767
    characters in a cell or 80 MiB of them, no rows, and anything that is no text and no workbook.
    """
    if len(content) > MAX_BYTES:
        raise _bad(file, _("larger than 10 MiB"))
    how = how or {}
    try:
        if content[:4] == ZIPPED:
            rows, read_as, about = read_workbook(content, how, likeliest)
        else:
            rows, read_as, about = read_text(content, how)
        return _table(rows, read_as, about, how.get("heading"), file)
    except Unreadable as problem:
        raise _bad(file, str(problem), problem.line) from problem


def _bad(file: str, message: str, line: int = 0, column: int = 0) -> BadTable:
    return BadTable([Fault(file, line, column, message)])


def _table(
    lines: Iterable[Line], read_as: dict[str, Any], about: dict[str, Any], heading: int | None, file: str
) -> Table:
    trimmed = ((line, _trimmed(cells)) for line, cells in lines)
    filled = ((line, cells) for line, cells in trimmed if cells)
    first = list(islice(filled, FIRST_ROWS))
    about["top"] = [[line, *map(_shown, cells[:SHOWN_CELLS])] for line, cells in first[:SHOWN_ROWS]]
    place = _heading_place(first, heading, read_as)
    head: Line = first[place] if place is not None else (0, [])
    if len(head[1]) > MAX_COLUMNS:
        raise _bad(file, _("more than 200 columns"), head[0], MAX_COLUMNS + 1)
    below = first if place is None else first[place + 1 :]
    rows = _rows(chain(below, filled), [_heading(cell) for cell in head[1]], about, file)
    if not rows:
        raise _bad(
            file, _("there are no rows: the file needs a row of headings, then one row for each person")
        )
    width = max(len(head[1]), max(len(row) - 1 for row in rows))
    for row in rows:
        row += [""] * (width + 1 - len(row))
    if place:
        about["notes"].append(
            ngettext(
                "%(number)d line above the headings was left out.",
                "%(number)d lines above the headings were left out.",
                place,
            )
            % {"number": place}
        )
    cells = [*head[1], *[""] * (width - len(head[1]))]
    return Table(
        [_heading(cell) or _nth(number) for number, cell in enumerate(cells, 1)], rows, read_as, about
    )


def _nth(number: int) -> str:
    return _("Column %(number)d") % {"number": number}


def _heading_place(first: Sequence[Line], heading: int | None, read_as: dict[str, Any]) -> int | None:
    """Return where among the first rows the headings stand, chosen or guessed; None where nowhere."""
    lines = [line for line, _cells in first]
    if heading == 0:
        place, is_sure = None, True
    elif heading in lines:
        place, is_sure = lines.index(heading), True
    else:
        place, is_sure = heading_row([cells for _line, cells in first])
    read_as["heading"] = 0 if place is None or not first else lines[place]
    if not is_sure:
        read_as["unsure"].append("heading")
    return place if first else None


def _heading(cell: Cell) -> str:
    return "" if cell is FORMULA else spaced(cell)[:80]


def _shown(cell: Cell) -> str:
    return "=…" if cell is FORMULA else spaced(cell)[:SHOWN_TEXT]


def _rows(filled: Iterable[Line], headings: Sequence[str], about: dict[str, Any], file: str) -> list[Row]:
    """Return the rows below the headings, without headings that come again and without totals."""
    rows: list[Row] = []
    weight = characters = 0
    again: list[int] = []
    totals: list[int] = []
    stray: list[int] = []
    for line, cells in filled:
        if len(rows) == MAX_ROWS:
            raise _bad(file, _("more than 50,000 rows"), line)
        if len(cells) > MAX_COLUMNS:
            raise _bad(file, _("more than 200 columns"), line, MAX_COLUMNS + 1)
        if headings and [_heading(cell) for cell in cells] == headings[: len(cells)] and len(cells) > 1:
            again.append(line)
            continue
        if is_total(cells):
            totals.append(line)
            continue
        if headings and len(cells) > len(headings):
            stray.append(line)
        weight += max(len(cells), len(headings))
        characters += sum(len(cell) for cell in cells if cell)
        if weight > MAX_CELLS or characters > MAX_CHARACTERS:
            raise _bad(file, _("the table has far too many cells"), line)
        rows.append([line, *cells])
    for lines, one, many in (
        (
            again,
            "Line %(lines)s repeats the headings and was left out.",
            "Lines %(lines)s repeat the headings and were left out.",
        ),
        (
            totals,
            "Line %(lines)s is a total and was left out.",
            "Lines %(lines)s are totals and were left out.",
        ),
        (
            stray,
            "Line %(lines)s has cells without a heading. They’re used only if you match their columns.",
            "Lines %(lines)s have cells without a heading. They’re used only if you match their columns.",
        ),
    ):
        if lines:
            about["notes"].append(ngettext(one, many, len(lines)) % {"lines": listed(lines)})
    return rows


def _trimmed(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] is not FORMULA and not cells[-1].strip():
        cells = cells[:-1]
    return cells
