"""Lists as files for spreadsheets: one writer, and one guard by which no text is taken for a formula."""

import csv
import io

from django.utils.formats import get_format
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of its country


def harmless(value):
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def as_csv(columns, rows):
    """Yield the lines of a CSV file that Excel opens by a double click: heads, then `rows` of plain values.

    Lines end in CR LF, and cells are parted by what Excel expects in the language that is active: a
    semicolon where a comma is written in numbers.
    """
    writer = csv.writer(_Line(), delimiter=";" if get_format("DECIMAL_SEPARATOR") == "," else ",")
    yield BYTE_ORDER_MARK + writer.writerow([harmless(str(name)) for name in columns])
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def as_xlsx(title, columns, rows):
    """Return the bytes of an XLSX file of one sheet with its heads fixed; texts stay texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, name) for name in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _head(sheet, name):
    cell = WriteOnlyCell(sheet, value=str(name))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet, value):
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # or a text that begins with = would be one
    return cell


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text
