"""Lists as CSV that a spreadsheet opens by a double click."""

import csv

from django.utils.formats import get_format

from ladder.web.spreadsheets import harmless

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of its country


def as_csv(columns, rows):
    """Yield the lines of a CSV file that Excel opens by a double click: heads, then `rows` of plain values.

    Lines end in CR LF, and cells are parted by what Excel expects in the language that is active: a
    semicolon where a comma is written in numbers.
    """
    writer = csv.writer(_Line(), delimiter=";" if get_format("DECIMAL_SEPARATOR") == "," else ",")
    yield BYTE_ORDER_MARK + writer.writerow([harmless(str(name)) for name in columns])
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text
