"""Reading a table of people: CSV or XLSX within stated limits, nothing built before they are kept.

Nothing in a file is evaluated: a formula is handed on as `FORMULA`, and the row that needs it is
refused later. Every fault names the file, the line and the column.
"""

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from competencies.access.refusal import Refusal

MAX_BYTES = 10 * 1024 * 1024
MAX_UNZIPPED = 80 * 1024 * 1024
MAX_RATIO = 100  # what spreadsheet programs write shrinks to a tenth or a twentieth
MAX_PARTS = 500
MAX_ROWS = 50_000
MAX_COLUMNS = 60
MAX_CELL = 1_000
MAX_CELLS = MAX_ROWS * MAX_COLUMNS
MAX_LINES = 4 * MAX_ROWS  # of a sheet, empty ones too
MAX_FAULTS = 20

FORMULA = False  # stands in a row where a cell holds a formula, or the error one came to
DELIMITERS = ",;\t|"
BROKEN = (  # what openpyxl says of a workbook that is none
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


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file: where (from 1; 0 when it is the file itself) and what."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self):
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        return f"{place}: {self.message}"


class BadTable(Refusal):
    """A file was refused; `faults` says what is wrong with it."""

    code = "bad-file"

    def __init__(self, faults):
        self.faults = faults
        super().__init__("\n".join(map(str, faults)), faults=[str(fault) for fault in faults])


@dataclass(frozen=True)
class Table:
    """What a file holds: its headings, and rows of `[line, cell, …]` as long as the headings.

    A cell is a text without space around it, or `FORMULA`. `read_as` says how it was read: the kind
    of file with its encoding and delimiter, or the sheet.
    """

    headings: list
    rows: list
    read_as: dict


def read(content, *, file):
    """Take the bytes of a file and its name; return a `Table`. The content decides, not the name.

    Refuses with `BadTable`: over 10 MiB (80 MiB unzipped, or shrunk to less than a hundredth), over
    50,000 rows, 60 columns or 1,000 characters in a cell, no headings, no rows, rows that are longer
    than the headings, and anything that is no text and no workbook.
    """
    if len(content) > MAX_BYTES:
        raise _bad(file, _("larger than 10 MiB"))
    if content[:4] == b"PK\x03\x04":
        cells, read_as = _of_workbook(content, file)
    else:
        cells, read_as = _of_text(content, file)
    return _table(cells, read_as, file)


def _bad(file, message, line=0, column=0):
    return BadTable([Fault(file, line, column, message)])


def _of_text(content, file):
    text, encoding = _decoded(content, file)
    if "\0" in text:
        raise _bad(file, _("this is no text: save the table as CSV or as XLSX"))
    delimiter = _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return _numbered(lines, file), {"kind": "csv", "encoding": encoding, "delimiter": delimiter}


def _decoded(content, file):
    """Return the text and how it was read: by its mark, else UTF-8, else Windows' Latin-1."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
            except UnicodeDecodeError as problem:
                raise _bad(file, _("this is no text in %(encoding)s") % {"encoding": encoding}) from problem
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _delimiter(text):
    """Return the character that parts the first line that says anything most often outside of quotes."""
    first = next((line for line in text[:20_000].splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count)


def _numbered(lines, file):
    """Yield `(line, cells)`; the line is the one on which the row begins."""
    begins = 1
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as problem:
            message = _("the quotes do not match, or a cell is too long (%(because)s)") % {"because": problem}
            raise _bad(file, message, lines.line_num) from problem
        yield begins, cells
        begins = lines.line_num + 1


def _of_workbook(content, file):
    from openpyxl import load_workbook

    try:
        _weigh(content, file)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
        if sheet is None:
            raise _bad(file, _("the workbook holds no sheet that is shown"))
        read_as = {"kind": "xlsx", "sheet": sheet.title[:100], "sheets": len(book.worksheets)}
        return _of_sheet(sheet, file), read_as
    except BROKEN as problem:
        raise _bad(file, _("this workbook cannot be read: save it as XLSX anew, or as CSV")) from problem


def _weigh(content, file):
    """Refuse a bomb before anything is unzipped. A part never yields more than it says here."""
    parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    size = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or size > MAX_UNZIPPED or size > MAX_RATIO * len(content) + 1024 * 1024:
        raise _bad(file, _("the workbook unpacks to more than 80 MiB, or to far more than it weighs"))


def _of_sheet(sheet, file):
    weight = 0
    try:
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        for line, row in enumerate(sheet.iter_rows(), start=1):
            weight += len(row) + 1
            if weight > MAX_CELLS or line > MAX_LINES:
                raise _bad(file, _("the sheet goes on for far too many cells or lines"), line)
            yield line, [FORMULA if cell.data_type in "fe" else _text(cell.value) for cell in row]
    except BROKEN as problem:
        raise _bad(file, _("this workbook cannot be read: save it as XLSX anew, or as CSV")) from problem


def _text(value):
    """Return the text of a typed cell: a day as ISO, a whole number without a fraction."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _table(numbered, read_as, file):
    headings, rows, faults = None, [], []
    for line, cells in numbered:
        cells = _trimmed(cells)
        if not cells:
            continue
        if headings is None:
            headings = _headings(cells, line, file)
            continue
        if len(rows) == MAX_ROWS:
            raise _bad(file, _("more than 50,000 rows"), line)
        faults += _faults_of(cells, len(headings), line, file)
        if len(faults) >= MAX_FAULTS:
            break
        rows.append([line, *cells, *[""] * (len(headings) - len(cells))])
    if faults:
        raise BadTable(faults[:MAX_FAULTS])
    if headings is None or not rows:
        raise _bad(file, _("there is nothing in it: the first line holds the headings, then one line a row"))
    return Table(headings, rows, read_as)


def _trimmed(cells):
    cells = [cell.strip() if cell is not FORMULA else cell for cell in cells]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _headings(cells, line, file):
    if len(cells) > MAX_COLUMNS:
        raise _bad(file, _("more than 60 columns"), line, MAX_COLUMNS + 1)
    if len(long := [cell for cell in cells if cell and len(cell) > MAX_CELL]):
        raise _bad(file, _("more than 1,000 characters"), line, cells.index(long[0]) + 1)
    return [
        cell[:80] or _("Column %(number)d") % {"number": number}
        if cell is not FORMULA
        else _("Column %(number)d") % {"number": number}
        for number, cell in enumerate(cells, start=1)
    ]


def _faults_of(cells, width, line, file):
    faults = []
    if len(cells) > width:
        faults.append(Fault(file, line, width + 1, _("a cell without a heading above it")))
    for column, cell in enumerate(cells, start=1):
        if cell and len(cell) > MAX_CELL:
            faults.append(Fault(file, line, column, _("more than 1,000 characters")))
    return faults
