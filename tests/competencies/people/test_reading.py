"""Tables of people: what is read, and that nothing hostile is read at all."""

import io
import time
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from competencies.people import reading
from competencies.people.reading import FORMULA, BadTable, read

MIB = 1024 * 1024
WANTED = [[2, "Zoë Ångström", "a@x.example"], [3, "Bo", ""]]
TEXT = "Name{0}Email\r\nZoë Ångström{0}a@x.example\r\nBo{0}\r\n"


def workbook(*rows, **options):
    book = Workbook(write_only=True)
    sheet = book.create_sheet(options.get("title", "People"))
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content, **parts):
    """The same workbook with other texts in some parts, by the end of their names."""
    old, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            changed = [text for part, text in parts.items() if name.endswith(f"/{part}.xml")]
            new.writestr(name, changed[0] if changed else old.read(name))
    return file.getvalue()


def sheet_xml(cells, before=""):
    head = '<?xml version="1.0"?>'
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f"{head}{before}<worksheet {space}><sheetData>{cells}</sheetData></worksheet>"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_a_text_is_read_however_it_was_saved(encoding, said, delimiter):
    table = read(TEXT.format(delimiter).encode(encoding), file="people.csv")

    assert table.headings == ["Name", "Email"]
    assert table.rows == WANTED
    assert table.read_as == {"kind": "csv", "encoding": said, "delimiter": delimiter}


def test_a_workbook_gives_text_whatever_its_cells_hold():
    content = workbook(
        ["No", "Joined", "At", "Share", "Yes"],
        [1001, date(2026, 3, 31), datetime(2026, 3, 31), 0.5, True],
        [1002.0, None, None, None, None],
    )
    table = read(content, file="people.xlsx")

    assert table.rows == [[2, "1001", "2026-03-31", "2026-03-31", "0.5", "True"], [3, "1002", "", "", "", ""]]
    assert table.read_as == {"kind": "xlsx", "sheet": "People", "sheets": 1}


def test_formulas_and_errors_are_no_values():
    content = workbook(["Name", "Email"], ["=1+1", '=HYPERLINK("http://x.example","x")'], ["#N/A", "a"])

    assert [row[1:] for row in read(content, file="p.xlsx").rows] == [[FORMULA, FORMULA], [FORMULA, "a"]]


def test_a_text_that_looks_like_a_formula_is_a_text():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    cell = WriteOnlyCell(sheet, "=1+1")
    cell.data_type = "s"
    sheet.append(["Name"])
    sheet.append([cell])
    file = io.BytesIO()
    book.save(file)

    assert read(file.getvalue(), file="p.xlsx").rows == [[2, "=1+1"]]


def test_lines_are_those_of_the_file():
    content = b'\r\nName,Team\r\n\r\n"Two\nlines",x\r\nBo,y\r\n'

    assert [row[0] for row in read(content, file="p.csv").rows] == [4, 6]


def test_an_empty_heading_is_named_by_its_place():
    assert read(b"Name,,Team\na,b,c", file="p.csv").headings == ["Name", "Column 2", "Team"]


def test_the_content_decides_and_not_the_name():
    assert read(workbook(["Name"], ["Bo"]), file="people.csv").read_as["kind"] == "xlsx"
    assert read(b"Name\nBo", file="people.xlsx").read_as["kind"] == "csv"


REFUSED = {
    "nothing": (b"", 0),
    "headings alone": (b"Name,Email\r\n", 0),
    "NUL": (b"Name\nB\0o", 0),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 0),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 0),
    "half a mark": (b"\xff\xfeN\0a", 0),
    "quotes": (b'Name\n"Bo', 2),
    "a longer row": (b"Name\nBo,Ba", 2),
    "a long cell": (b"Name\n" + b"x" * 1_001, 2),
    "a huge cell": (b'Name\n"' + b"x" * 200_000 + b'"', 2),
    "many columns": (b",".join([b"x"] * 61) + b"\n1", 1),
    "no workbook": (b"PK\x03\x04 and nothing more", 0),
    "an empty archive of other things": (None, 0),
}


def archive(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused_with_its_place(what):
    content, line = REFUSED[what]
    with pytest.raises(BadTable) as refusal:
        read(content if content is not None else archive(a="b"), file="p.csv")

    assert [fault.line for fault in refusal.value.faults][:1] == [line]
    assert str(refusal.value).startswith("p.csv")


def test_limits_hold_to_the_row(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)

    assert len(read(b"Name\na\nb\nc\n", file="p.csv").rows) == 3
    with pytest.raises(BadTable, match="50,000 rows"):
        read(b"Name\na\nb\nc\nd\n", file="p.csv")


def test_limits_hold_to_the_byte(monkeypatch):
    content = b"Name\n" + b"a\n" * 100
    monkeypatch.setattr(reading, "MAX_BYTES", len(content))
    assert read(content, file="p.csv")
    with pytest.raises(BadTable, match="10 MiB"):
        read(content + b" ", file="p.csv")


def test_faults_end_somewhere():
    with pytest.raises(BadTable) as refusal:
        read(b"Name\n" + b"a,b\n" * 500, file="p.csv")

    assert len(refusal.value.faults) == reading.MAX_FAULTS


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CELL = '<row r="1"><c t="inlineStr"><is><t>{}</t></is></c></row>'
HOSTILE = {
    "a bomb of spaces": lambda: repacked(workbook(["a"], ["b"]), sheet1=" " * (81 * MIB)),
    "a thousandfold": lambda: repacked(workbook(["a"], ["b"]), sheet1=sheet_xml(" " * (20 * MIB))),
    "many laughs": lambda: repacked(
        workbook(["a"], ["b"]), sheet1=sheet_xml(CELL.format("&i;"), f"{ENTITIES}]>")
    ),
    "a file of the server": lambda: repacked(
        workbook(["a"], ["b"]),
        sheet1=sheet_xml(CELL.format("&x;"), '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    ),
    "a row a million lines down": lambda: repacked(
        workbook(["a"], ["b"]),
        sheet1=sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="9999999"><c r="A9999999"/></row>'),
    ),
    "rows as wide as can be": lambda: repacked(
        workbook(["a"], ["b"]),
        sheet1=sheet_xml("".join(f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(1, 2_000))),
    ),
    "a thousand parts": lambda: archive(**{f"xl/{n}.xml": "x" for n in range(1_000)}),
    "broken XML": lambda: repacked(workbook(["a"], ["b"]), sheet1="<worksheet><row"),
    "a cut file": lambda: workbook(["a"], ["b"])[:-200],
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_workbook_is_refused_soon_and_in_little_memory(what):
    content = HOSTILE[what]()
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(BadTable):
            read(content, file="p.xlsx")
        spent, (_now, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 64 * MIB
    assert spent < 10


def test_only_the_first_sheet_that_is_shown_is_read():
    book = Workbook()
    book.active.title = "Hidden"
    book.active.append(["Secret"])
    book.active.append(["x"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Shown").append(["Name"])
    book["Shown"].append(["Bo"])
    file = io.BytesIO()
    book.save(file)

    table = read(file.getvalue(), file="p.xlsx")
    assert (table.headings, table.read_as["sheet"]) == (["Name"], "Shown")


def test_nothing_is_fetched_for_the_parts_that_are_not_read():
    styles = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><x>&x;</x>'

    with suppress(BadTable):
        assert read(repacked(workbook(["a"], ["b"]), styles=styles), file="p.xlsx").rows == [[2, "b"]]
