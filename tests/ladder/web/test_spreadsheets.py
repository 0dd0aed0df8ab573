"""No cell of a list is taken for a formula."""

import csv
import io

import pytest
from django.utils import translation
from openpyxl import load_workbook

from ladder.web.csv_files import as_csv
from ladder.web.spreadsheets import as_xlsx, harmless

FORMULAS = ["=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "＝1"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_begins_as_a_formula_is_quoted(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Ada", "a=1", "", 7, -7, None])
def test_the_rest_stays_as_it_is(cell):
    assert harmless(cell) == cell


def test_a_csv_is_read_back():
    lines = "".join(as_csv(["Name", "Note"], [["Ada, B.", "=SUM(A1)"], ["Łukasz", 'said "no"']]))

    assert lines[0] == "\ufeff"
    assert list(csv.reader(io.StringIO(lines[1:]))) == [
        ["Name", "Note"],
        ["Ada, B.", "'=SUM(A1)"],
        ["Łukasz", 'said "no"'],
    ]


@pytest.mark.parametrize("cell", [text for text in FORMULAS if not text.startswith(("\r", "\n"))])
def test_a_text_in_a_sheet_stays_a_text(cell):
    sheet = load_workbook(io.BytesIO(as_xlsx("Sheet", ["Name", "Pages"], [[cell, 9]]))).active

    assert (sheet["A2"].value, sheet["A2"].data_type) == (cell, "s")
    assert (sheet["B2"].value, sheet.freeze_panes) == (9, "A2")


def test_a_csv_opens_in_excel_by_a_double_click():
    rows = [["Łukasz", "two\nlines"], ["=1", 5]]
    assert "".join(as_csv(["Name", "Note"], rows)).encode("utf-8") == (
        b"\xef\xbb\xbfName,Note\r\n" + 'Łukasz,"two\nlines"\r\n\'=1,5\r\n'.encode()
    )
    with translation.override("de"):
        assert "".join(as_csv(["Name", "Note"], rows)).splitlines()[0] == "\ufeffName;Note"


def test_a_sheet_holds_no_letter_that_a_sheet_cannot_hold():
    sheet = load_workbook(io.BytesIO(as_xlsx("Sheet", ["Name"], [["A\x0bda\x01"]]))).active
    assert sheet["A2"].value == "Ada"
