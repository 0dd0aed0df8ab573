"""Reading the sheet of a workbook (XLSX) as its cells show it, within limits that are asked before.

Nothing is worked out: of a formula the value is taken that was saved with it. Merged cells and hidden rows
and columns are read, and said.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .cells import FORMULA, LOST, Cell, unguarded
from .csv_parser import Unreadable

MAX_UNZIPPED = 80 * 1024 * 1024
MAX_RATIO = 100  # what spreadsheet programs write shrinks to a tenth or a twentieth
MAX_PARTS = 500
MAX_SHEETS = 50
MAX_STRINGS = 1_000_000
MAX_STYLES = 70_000
MAX_MERGED = 20_000
MAX_CELLS = 3_000_000
MAX_LINES = 200_000  # of a sheet, empty ones too
MAX_WIDE = 16_384
MAX_HIDDEN = 200  # columns that are told of
MAX_TEXT = 32_767
TRIED = 40  # rows of a sheet by which the one is chosen that names columns
BROKEN = (  # what parsing raises where a workbook is none
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # ParseError among them
    ValueError,  # everything defusedxml refuses among them
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
)
Line = tuple[int, list[Cell]]
Choose = Callable[[Sequence[Sequence[Sequence[Cell]]]], tuple[int, bool]]
PADDED = re.compile(r"(?:\"[^\"]*\"|\\.|[-/ .A-Za-z])*0{2,}(?:\"[^\"]*\"|\\.|[-/ 0])*$")
LITERAL = re.compile(r"\"([^\"]*)\"|\\(.)|(.)")


def read_workbook(
    content: bytes, how: Mapping[str, Any], choose: Choose
) -> tuple[Iterator[Line], dict[str, Any], dict[str, Any]]:
    """Take bytes and what was chosen (`sheet`); return rows, how they were read, and what is shown of it.

    `choose` takes the first rows of the sheets that are shown and returns which is read. Refuses with
    `Unreadable`.
    """
    try:
        book = Workbook(content)
        if not book.sheets:
            raise Unreadable(_("the workbook has no visible sheet"))
        title: Any = how.get("sheet")
        is_sure = True
        if title not in [sheet["title"] for sheet in book.sheets]:
            title, is_sure = _chosen(book, choose)
        sheet = next(sheet for sheet in book.sheets if sheet["title"] == title)
        rows, notes = book.rows_of(sheet["part"])
    except BROKEN as problem:
        raise Unreadable(_("this workbook can’t be read: save it as XLSX again, or as CSV")) from problem
    shown = [{"title": one["title"], "hidden": one["hidden"]} for one in book.sheets]
    read_as: dict[str, Any] = {"kind": "xlsx", "sheet": title[:100], "sheets": len(book.sheets)}
    read_as["unsure"] = [] if is_sure else ["sheet"]
    return iter(rows), read_as, {"sheets": shown, "notes": notes}


def _chosen(book: Workbook, choose: Choose) -> tuple[str, bool]:
    shown = [sheet for sheet in book.sheets if not sheet["hidden"]]
    if not shown:
        raise Unreadable(_("the workbook has no visible sheet"))
    if len(shown) == 1:
        return shown[0]["title"], True
    firsts = [book.rows_of(sheet["part"], at_most=TRIED)[0] for sheet in shown]
    chosen, is_sure = choose([[cells for _line, cells in rows] for rows in firsts])
    return shown[chosen]["title"], is_sure


@cache
def openpyxl() -> Any:
    """Return openpyxl, which is loaded for the first workbook: each start would wait for it."""
    import openpyxl

    return openpyxl


class Workbook:
    """The parts of a workbook that its cells need: sheets, shared texts and formats."""

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self._check_size(content)
        self._check_kind()
        self.epoch = openpyxl().utils.datetime.CALENDAR_WINDOWS_1900
        self.sheets = self._sheets()
        self.formats = self._formats()
        self.kinds: dict[str, str] = {}
        self.texts = self._texts()

    def _check_size(self, content: bytes) -> None:
        """Refuse a bomb before anything is unzipped. A part never yields more than it says here."""
        parts = self.archive.infolist()
        size = sum(part.file_size for part in parts)
        if len(parts) > MAX_PARTS or size > MAX_UNZIPPED or size > MAX_RATIO * len(content) + 1024 * 1024:
            raise Unreadable(_("the workbook unpacks to more than 80 MiB, or is compressed too much"))

    def _check_kind(self) -> None:
        names = set(self.archive.namelist())
        if "xl/workbook.bin" in names:
            raise Unreadable(_("this is a binary workbook (XLSB): save it as XLSX, or as CSV"))
        if "content.xml" in names:
            raise Unreadable(_("this is an OpenDocument file: save the table as XLSX, or as CSV"))
        if "xl/workbook.xml" not in names:
            raise Unreadable(_("this workbook can’t be read: save it as XLSX again, or as CSV"))

    def _elements(self, part: str, *names: str) -> Iterator[Element]:
        """Yield the elements of a part that have one of these names, as they end; let go of all others."""
        with self.archive.open(part) as file:
            for _event, element in iterparse(file, events=("end",)):
                if _name(element) in names:
                    yield element

    def _sheets(self) -> list[dict[str, Any]]:
        parts = {}
        for link in self._elements("xl/_rels/workbook.xml.rels", "Relationship"):
            if link.get("Type", "").endswith("/worksheet"):
                target = link.get("Target", "")
                parts[link.get("Id")] = target[1:] if target.startswith("/") else f"xl/{target}"
        sheets: list[dict[str, Any]] = []
        for element in self._elements("xl/workbook.xml", "sheet", "workbookPr"):
            if _name(element) == "workbookPr":
                if element.get("date1904") in ("1", "true"):
                    self.epoch = openpyxl().utils.datetime.CALENDAR_MAC_1904
                continue
            linked = next((value for key, value in element.items() if key.endswith("}id")), None)
            if linked in parts and len(sheets) < MAX_SHEETS:
                hidden = element.get("state", "visible") != "visible"
                title = element.get("name", "")[:100]
                sheets.append({"title": title, "part": parts[linked], "hidden": hidden})
        return sheets

    def _formats(self) -> list[str]:
        """Return the number format of each style, by the number that cells name it with."""
        if "xl/styles.xml" not in self.archive.namelist():
            return []
        built_in = openpyxl().styles.numbers.BUILTIN_FORMATS
        own: dict[str | None, str] = {}
        found: list[str] = []
        for element in self._elements("xl/styles.xml", "numFmt", "cellXfs"):
            if _name(element) == "numFmt":
                own[element.get("numFmtId")] = element.get("formatCode", "")[:255]
                continue
            for style in list(element)[:MAX_STYLES]:
                number = style.get("numFmtId", "0")
                code = own.get(number)
                found.append(code if code is not None else built_in.get(int(number), "General"))
        return found

    def _texts(self) -> list[str]:
        texts: list[str] = []
        if "xl/sharedStrings.xml" in self.archive.namelist():
            for element in self._elements("xl/sharedStrings.xml", "si"):
                texts.append(_text_in(element))
                element.clear()
                if len(texts) > MAX_STRINGS:
                    raise Unreadable(_("the workbook contains too much text"))
        return texts

    def rows_of(self, part: str, at_most: int | None = None) -> tuple[list[Line], list[str]]:
        """Return the rows of a sheet that hold something, `(line, cells)`, and what is to be said of it."""
        sheet = _Sheet(self, at_most)
        with self.archive.open(part) as file:
            for _event, element in iterparse(file, events=("end",)):
                sheet.take(element)
                if at_most and len(sheet.rows) >= at_most:
                    break
        sheet.fill_merged()
        return sheet.rows, sheet.notes()

    def shown(self, cell: Element) -> Cell:
        """Return the text of a cell as it is shown, or `FORMULA` where it has no value of its own."""
        kind, value, formula, inline = cell.get("t", "n"), None, False, None
        for child in cell:
            name = _name(child)
            if name == "v":
                value = child.text
            elif name == "f":
                formula = True
            elif name == "is":
                inline = _text_in(child)
        if kind == "e":
            return FORMULA
        if inline is not None:
            return inline
        if value is None or value == "":
            return FORMULA if formula and value is None else ""
        if kind == "s":
            return self.texts[int(value)]
        if kind == "str":
            return value
        if kind == "b":
            return "True" if value in ("1", "true") else "False"
        if kind == "d":
            return value
        return self._number(value, int(cell.get("s", "0")))

    def _number(self, value: str, style: int) -> str:
        code = self.formats[style] if style < len(self.formats) else "General"
        if code not in self.kinds:
            self.kinds[code] = _kind(code)
        kind = self.kinds[code]
        number = float(value)
        if kind == "day" and number >= 0:
            try:
                return _day(number, self.epoch)
            except (ValueError, OverflowError):  # as far off as spreadsheets show no day either
                return value
        if number.is_integer() and abs(number) < 1e15:
            whole = str(int(number))
            return _padded(whole, code) if kind == "padded" and number >= 0 else whole
        if kind == "percent":
            return f"{round(number * 100, 10):g}%"
        return repr(number) if "e" in value.lower() else value


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text_in(element: Element) -> str:
    """Return the text of a cell or shared text, its pieces joined, without how it is pronounced."""
    text, pieces = "", [element]
    while pieces:
        piece = pieces.pop(0)
        if _name(piece) == "t":
            text += piece.text or ""
        pieces[:0] = [child for child in piece if _name(child) in ("r", "t")]
    if len(text) > MAX_TEXT:
        raise Unreadable(_("a cell has more than 32,767 characters"))
    return re.sub("_x([0-9A-Fa-f]{4})_", _escaped, text) if "_x" in text else text


def _escaped(found: re.Match[str]) -> str:
    """Return the character that is written by its number; none is kept that no database takes."""
    number = int(found[1], 16)
    return chr(number) if number and not 0xD800 <= number < 0xE000 else LOST


def _kind(code: str) -> str:
    """Return how a number format shows numbers: as a "day", "percent", "padded" with zeros, or "plain"."""
    first = code.split(";")[0]
    if openpyxl().styles.numbers.is_date_format(code):
        return "day"
    if PADDED.match(first) and not re.search("[#?,E]", re.sub(r'"[^"]*"|\\.', "", first)):
        return "padded"
    return "percent" if first.rstrip().endswith("%") else "plain"


def _padded(digits: str, code: str) -> str:
    """Return digits in a format of zeros and literal signs: 42 in `"E"00000` is E00042."""
    signs = [found.groups() for found in LITERAL.finditer(code.split(";")[0])]
    places = sum(sign == "0" for _quoted, _escaped, sign in signs)
    digits = digits.zfill(places)
    more, shown = len(digits) - places, ""
    for quoted, escaped, sign in signs:
        if sign != "0":
            shown += quoted or escaped or sign or ""
            continue
        shown, digits, more = shown + digits[: more + 1], digits[more + 1 :], 0
    return shown


def _day(number: float, epoch: datetime) -> str:
    """Return what a cell formatted as a day shows: the day, with the hour where it has one."""
    value: datetime | time | timedelta = openpyxl().utils.datetime.from_excel(number, epoch)
    if isinstance(value, datetime):
        value += timedelta(microseconds=500)  # a fraction of a day is never quite the hour
        value = value.replace(microsecond=0)
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, time) else str(value)


class _Sheet:
    """One sheet as it is walked through: its rows, its merged cells and what it hides."""

    def __init__(self, book: Workbook, at_most: int | None) -> None:
        self.book, self.at_most = book, at_most
        self.rows: list[Line] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.line = self.weight = self.texts = 0

    def take(self, element: Element) -> None:
        name = _name(element)
        if name == "row":
            self._row(element)
            element.clear()
        elif name == "col":
            if element.get("hidden") in ("1", "true"):
                first, last = int(element.get("min", "")), int(element.get("max", ""))
                self.hidden_columns += range(first, min(last, first + MAX_HIDDEN) + 1)
                del self.hidden_columns[MAX_HIDDEN:]
        elif name == "mergeCell" and len(self.merged) < MAX_MERGED:
            self.merged.append(openpyxl().utils.cell.range_boundaries(element.get("ref", "")))

    def _row(self, element: Element) -> None:
        self.line = int(element.get("r") or self.line + 1)
        cells: list[Cell] = []
        place = 0
        for cell in element:
            if _name(cell) != "c":
                continue
            place = _column_of(cell.get("r")) or place + 1
            if place > MAX_WIDE:
                raise Unreadable(_("the sheet has far too many cells or lines"), self.line)
            self.weight += max(1, place - len(cells))
            self._check_weight()
            shown = self.book.shown(cell)
            self.texts += len(shown) if shown else 0
            cells += [""] * (place - 1 - len(cells))
            cells[place - 1 :] = [unguarded(shown) if shown else shown]
        self.weight += 1
        self._check_weight()
        if any(cell is FORMULA or cell.strip() for cell in cells):
            self.rows.append((self.line, cells))
            if element.get("hidden") in ("1", "true"):
                self.hidden_rows.append(self.line)

    def _check_weight(self) -> None:
        if self.weight > MAX_CELLS or self.line > MAX_LINES or self.texts > MAX_UNZIPPED:
            raise Unreadable(_("the sheet has far too many cells or lines"), self.line)

    def fill_merged(self) -> None:
        """Give what stands in cells that are merged downwards to each of their rows, as it is seen there."""
        lines = [line for line, _cells in self.rows]
        self.filled: list[str] = []
        for left, top, _right, bottom in self.merged:
            first = bisect_left(lines, top)
            if top == bottom or first == len(lines) or lines[first] != top:
                continue
            above = self.rows[first][1]
            value = above[left - 1] if left <= len(above) else ""
            if value == "":
                continue
            for place in range(first + 1, bisect_right(lines, bottom)):
                self.weight += left
                self._check_weight()
                cells = self.rows[place][1]
                cells += [""] * (left - len(cells))
                if cells[left - 1] == "":
                    cells[left - 1] = value
            column = openpyxl().utils.cell.get_column_letter(left)
            self.filled.append(f"{column}{top}:{column}{bottom}")

    def notes(self) -> list[str]:
        notes = []
        if self.filled:
            notes.append(
                ngettext(
                    "Merged cells were read as they appear, with their text in each row: %(where)s.",
                    "Merged cells were read as they appear, with their text in each row: %(where)s.",
                    len(self.filled),
                )
                % {"where": listed(self.filled)}
            )
        if self.hidden_rows:
            notes.append(
                ngettext(
                    "%(number)d hidden row was read too: %(where)s.",
                    "%(number)d hidden rows were read too: %(where)s.",
                    len(self.hidden_rows),
                )
                % {"number": len(self.hidden_rows), "where": listed(self.hidden_rows)}
            )
        if self.hidden_columns:
            letters = [openpyxl().utils.cell.get_column_letter(place) for place in self.hidden_columns]
            notes.append(
                ngettext(
                    "%(number)d hidden column is included below: %(where)s.",
                    "%(number)d hidden columns are included below: %(where)s.",
                    len(letters),
                )
                % {"number": len(letters), "where": listed(letters)}
            )
        return notes


def _column_of(reference: str | None) -> int:
    """Return the number of the column that "AB12" stands in, from 1; 0 where nothing is said."""
    number = 0
    for character in reference or "":
        if not character.isalpha():
            break
        number = 26 * number + ord(character.upper()) - 64
    return number


def listed(places: Sequence[int | str], most: int = 6) -> str:
    """Return places as a short list in a sentence."""
    text = ", ".join(map(str, places[:most]))
    return f"{text} …" if len(places) > most else text
