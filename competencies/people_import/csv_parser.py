"""Reading delimited text (CSV): encoding, delimiter and quotes are found by parsing, or given."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .cells import Cell, cell_of
from .encodings import decode, samples, saved_twice

if TYPE_CHECKING:
    import _csv


DELIMITERS = ",;\t|"
TRIED = 60  # rows by which a delimiter is found
TRIED_TEXT = 200_000
MAX_TEXT = 32_767  # of a cell: more no spreadsheet holds, and a quote is not closed
SEP = re.compile(r"\"?sep=(\t| |[^\w\s\"'])\"?[ \t]*(\r\n|\r|\n|$)", re.IGNORECASE)


class Unreadable(Exception):
    """A text cannot be read as a table; `line` (0 for all of it) says where, `str()` why."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.line = line
        super().__init__(message)


def read_text(
    content: bytes, how: Mapping[str, Any]
) -> tuple[Iterator[tuple[int, list[Cell]]], dict[str, Any], dict[str, Any]]:
    """Take bytes and what was chosen (`encoding`, `delimiter`); return rows, how they were read, and more.

    Rows are `(line, cells)`, an iterator that refuses with `Unreadable`. The second is what is kept of how
    the text was read; the third what is shown of it while its rows are kept.
    """
    if not (decoded := decode(content, how.get("encoding"))):
        raise Unreadable(_("this isn’t UTF-16 text"))
    text, encoding, is_sure = decoded
    if reason := next((reason for start, reason in NO_TEXT.items() if content.startswith(start)), ""):
        raise Unreadable(str(reason))
    if "\0" in text:
        raise Unreadable(_("this isn’t a text file: save the table as CSV or XLSX"))
    delimiter, skipped, sign = how.get("delimiter"), 0, ""
    if stated := SEP.match(text):
        delimiter, skipped, sign = delimiter or stated[1], 1, stated[1]
        text = text[stated.end() :]
    options = _parted(text, delimiter)
    read_as: dict[str, Any] = {"kind": "csv", "encoding": encoding, "delimiter": options["delimiter"]}
    about: dict[str, Any] = {
        "encodings": samples(content) if not encoding.startswith("utf-16") else [],
        "notes": [],
    }
    read_as["unsure"] = [] if is_sure else ["encoding"]
    if skipped:
        about["notes"].append(_("The first line, “sep=%(sign)s”, sets the separator.") % {
            "sign": "\\t" if sign == "\t" else sign
        })  # fmt: skip
    if options["quoting"] == csv.QUOTE_NONE:
        about["notes"].append(_("Quotes don’t match, so they were read as part of the text."))
    if piece := saved_twice(text[:TRIED_TEXT]):
        about["notes"].append(
            _("Accented letters were damaged before this file was saved: “%(text)s”. Export the file again.")
            % {"text": piece}
        )
    return _numbered(text, options, 1 + skipped), read_as, about


NO_TEXT = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": gettext_lazy(
        "this is an old Excel file (XLS) or has a password: save it as XLSX without a password, or as CSV"
    ),
    b"%PDF": gettext_lazy("this is a PDF: save the table as CSV or XLSX"),
}


def _parted(text: str, chosen: str | None) -> dict[str, Any]:
    """Return how the first rows parse best: the options of a reader that part them alike and widest."""
    start = text[:TRIED_TEXT]
    whole = len(start) == len(text)
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        found: list[tuple[tuple[float, int, int], dict[str, Any]]] = []
        for sign in chosen or DELIMITERS:
            spaced = bool(re.search(re.escape(sign) + ' +"', start))
            options = {"delimiter": sign, "quoting": quoting, "skipinitialspace": spaced}
            if weight := _weigh(start, options, whole):
                found.append((weight, options))
        if found:
            return max(found, key=lambda one: one[0])[1]
    likely = chosen or max(DELIMITERS, key=start.count)
    return {"delimiter": likely, "quoting": csv.QUOTE_MINIMAL, "skipinitialspace": False}


def _weigh(text: str, options: Mapping[str, Any], whole: bool) -> tuple[float, int, int] | None:
    """Return how well a delimiter parts the first rows: how many alike, how wide; None where it fails."""
    widths = []
    try:
        for row in islice(_reader(text, options), TRIED):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
    except csv.Error:
        if whole or len(widths) < 2:
            return None
    width, often = max(
        Counter(widths).items(), key=lambda found: (found[0] > 1, found[1], found[0]), default=(1, 0)
    )
    if options["quoting"] == csv.QUOTE_NONE and (width < 2 or often < len(widths)):
        return None
    if width < 2:
        return (0, 0, 0)
    return (often / len(widths), width, -DELIMITERS.find(options["delimiter"]))


def _reader(text: str, options: Mapping[str, Any]) -> _csv.Reader:
    lines = io.StringIO(text, newline="")
    return csv.reader(lines, strict=options["quoting"] != csv.QUOTE_NONE, **options)


def _numbered(text: str, options: Mapping[str, Any], first: int) -> Iterator[tuple[int, list[Cell]]]:
    """Yield `(line, cells)`; the line is the one on which the row begins."""
    lines, begins = _reader(text, options), first
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as problem:
            raise Unreadable(_why(problem, begins), begins) from problem
        for cell in cells:
            if len(cell) > MAX_TEXT:
                raise Unreadable(_why(None, begins), begins)
        yield begins, [cell_of(cell) for cell in cells]
        begins = lines.line_num + first


def _why(problem: csv.Error | None, line: int) -> str:
    if problem is not None and "expected after" in str(problem):
        return _("there’s more text in the cell after a closing quote: double any quote inside a cell")
    return _(
        "a quote in the row that starts on line %(line)d isn’t closed, or a cell is longer than "
        "32,767 characters"
    ) % {"line": line}
