"""Tables of people: what is read, and that nothing hostile is read at all."""

import io
import json
import time
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from competencies.people_import import parser
from competencies.people_import.cells import FORMULA
from competencies.people_import.encodings import ENCODINGS
from competencies.people_import.parser import BadTable, read

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
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("cp1252", "cp1252"),
    ],
)
def test_a_text_is_read_however_it_was_saved(encoding, said, delimiter):
    table = read(TEXT.format(delimiter).encode(encoding), file="people.csv")

    assert table.headings == ["Name", "Email"]
    assert table.rows == WANTED
    sure = [] if said != "cp1252" else ["encoding"]
    assert table.read_as == {
        "kind": "csv", "encoding": said, "delimiter": delimiter, "heading": 1, "unsure": sure,
    }  # fmt: skip


def test_a_workbook_gives_text_whatever_its_cells_hold():
    content = workbook(
        ["No", "Joined", "At", "Share", "Yes"],
        [1001, date(2026, 3, 31), datetime(2026, 3, 31), 0.5, True],
        [1002.0, None, None, None, None],
    )
    table = read(content, file="people.xlsx")

    assert table.rows == [[2, "1001", "2026-03-31", "2026-03-31", "0.5", "True"], [3, "1002", "", "", "", ""]]
    assert table.read_as == {"kind": "xlsx", "sheet": "People", "sheets": 1, "heading": 1, "unsure": []}


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
    "a long cell": (b"Name\n" + b"x" * 32_768, 2),
    "more after a quote": (b'Name,Email\n"Bo"by,x\n"A,l",y', 2),
    "a wide row": (b"Name\n" + b",".join([b"x"] * 201), 2),
    "a PDF": (b"%PDF-1.7\n1 0 obj", 0),
    "a huge cell": (b'Name\n"' + b"x" * 200_000 + b'"', 2),
    "many columns": (b",".join([b"x"] * 201) + b"\n1", 1),
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
    monkeypatch.setattr(parser, "MAX_ROWS", 3)

    assert len(read(b"Name\na\nb\nc\n", file="p.csv").rows) == 3
    with pytest.raises(BadTable, match="50,000 rows"):
        read(b"Name\na\nb\nc\nd\n", file="p.csv")


def test_limits_hold_to_the_byte(monkeypatch):
    content = b"Name\n" + b"a\n" * 100
    monkeypatch.setattr(parser, "MAX_BYTES", len(content))
    assert read(content, file="p.csv")
    with pytest.raises(BadTable, match="10 MiB"):
        read(content + b" ", file="p.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel file"),
        (b"%PDF-1.7", "this is a PDF"),
        (b'Name,Email\nBo,"x,y"\n"Al,y\nCy,z\n', "a quote in the row that starts on line 3"),
    ],
)
def test_it_is_said_what_a_file_is_instead(content, said):
    with pytest.raises(BadTable, match=said):
        read(content, file="p.csv")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"content.xml": "<x/>", "mimetype": "x"}, "an OpenDocument file"),
        ({"xl/workbook.bin": "x"}, "a binary workbook"),
    ],
)
def test_another_kind_of_workbook_is_called_by_its_name(parts, said):
    with pytest.raises(BadTable, match=said):
        read(archive(**parts), file="p.xlsx")


def test_what_weighs_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(parser, "MAX_CHARACTERS", 10)
    assert read(b"Name\n0123456789", file="p.csv")
    with pytest.raises(BadTable, match="far too many"):
        read(b"Name\n0123456789\n0", file="p.csv")


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


def test_hidden_sheets_are_read_only_when_they_are_chosen():
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
    assert read(file.getvalue(), file="p.xlsx", how={"sheet": "Hidden"}).headings == ["Secret"]


def test_nothing_is_fetched_for_the_parts_that_are_not_read():
    styles = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><x>&x;</x>'

    with suppress(BadTable):
        assert read(repacked(workbook(["a"], ["b"]), styles=styles), file="p.xlsx").rows == [[2, "b"]]


# text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Zbigniew Łącki;Poznań\nStanisław Gruszka;Łódź"),
        ("cp1250", "Dvořák;Plzeň\nJiří Šťastný;Brno"),
        ("cp1250", "Erdős Ágnes;Győr\nSzűcs Jenő;Pécs"),
        ("cp1251", "Светлана Юрьева;Отдел продаж\nИлья Цой;Склад"),
        ("cp1252", "Jürgen Groß;Köln\nAnaïs Lefèvre;Orléans"),
        ("cp1252", "Søren Kjær;Ålborg\nÅsa Öberg;Malmö"),
        ("cp1253", "Νίκος Παπαδόπουλος;Αθήνα\nΜαρία Γεωργίου;Πάτρα"),
        ("cp1254", "Ayşe Yıldırım;İzmir\nÇağrı Gündoğan;Muğla"),
        ("mac_roman", "Jürgen Groß;Köln\nAnaïs Lefèvre;Orléans"),
        ("cp850", "Jürgen Groß;Köln\nMüller;Würzburg"),
        ("koi8-r", "Светлана Юрьева;Отдел продаж\nИлья Цой;Склад"),
        ("cp932", "山田 太郎;営業部\nすずき はなこ;東京"),
    ],
)
def test_an_encoding_is_guessed_by_the_letters_and_asked_about(encoding, text):
    content = f"Name;Team\n{text}\n".encode(encoding)
    table = read(content, file="p.csv")

    assert [";".join(row[1:]) for row in table.rows] == text.split("\n")
    assert table.read_as["unsure"][:1] == ["encoding"]
    assert encoding in [key for key, _text in table.about["encodings"]]


def test_an_encoding_that_was_chosen_is_taken():
    content = "Name;Team\n£ukasz;¯\n".encode("cp1252")

    table = read(content, file="p.csv", how={"encoding": "cp1250"})
    assert table.rows == [[2, "Łukasz", "Ż"]]
    assert table.read_as["unsure"] == ["heading"]  # no key among them


def test_letters_that_were_spoilt_before_are_said():
    text = "Name,Email\nZoë Böhm,z@x.example".encode().decode("cp1252")

    assert "were damaged before" in " ".join(read(text.encode(), file="p.csv").about["notes"])
    assert read("Name\nÄÄ Ö".encode(), file="p.csv").about["notes"] == []


PARTED = {
    "sep line": ("sep=;\r\nName;Email\r\nBo;a,b\r\n", ";", [[3, "Bo", "a,b"]]),
    "sep line in quotes": ('"sep=|"\nName|Email\nBo|b', "|", [[3, "Bo", "b"]]),
    "a break in a heading": ('"Staff\nname";"Email"\nBo;b\n', ";", [[3, "Bo", "b"]]),
    "commas in a cell": ('Name;Email\n"Li, B";b\n"Ng, A";a\n', ";", [[2, "Li, B", "b"], [3, "Ng, A", "a"]]),
    "decimal commas": ("Name;Share\nBo;1,5\nAl;2,5\n", ";", [[2, "Bo", "1,5"], [3, "Al", "2,5"]]),
    "a quote in a word": ('Name\tEmail\nBo "Bobby" Li\tb\n', "\t", [[2, 'Bo "Bobby" Li', "b"]]),
    "a quote that opens nothing": ('Name\tEmail\n"Bo Li\tb\n', "\t", [[2, '"Bo Li', "b"]]),
    "spaces before quotes": ('Name, "Email"\nBo, "b, c"\n', ",", [[2, "Bo", "b, c"]]),
    "breaks in a cell": (
        'Name,Notes,Email\nBo,"one\r\ntwo, and\r\n",b\nAl,,a', ",",
        [[2, "Bo", "one\r\ntwo, and\r\n", "b"], [5, "Al", "", "a"]],
    ),
    "old Macintosh lines": ("Name,Email\rBo,b\r", ",", [[2, "Bo", "b"]]),
}  # fmt: skip


@pytest.mark.parametrize("what", PARTED)
def test_a_text_is_parted_by_what_parses(what):
    text, delimiter, rows = PARTED[what]
    table = read(text.encode(), file="p.csv")

    assert (table.read_as["delimiter"], table.rows) == (delimiter, rows)


def test_a_delimiter_that_was_chosen_is_taken():
    table = read(b"Name;Email,x\nBo;b,y\n", file="p.csv", how={"delimiter": ","})

    assert table.headings == ["Name;Email", "x"]


# which rows


def rows_below(text, **how):
    table = read(text.encode(), file="p.csv", how=how)
    return table.read_as["heading"], [row[0] for row in table.rows], table.about["notes"]


def test_titles_above_the_headings_are_left_out_and_said():
    text = "Employees,,\nas of 1 May,,\n\nStaff number,Email,Name\n1,a@x.example,Al\n"

    assert rows_below(text) == (4, [5], ["2 lines above the headings were left out."])


def test_two_rows_of_headings_give_the_one_that_names_columns():
    text = "Person,,,Job,\nNo,Email,First name,Title,Department\n1,a@x.example,Al,Cook,Kitchen\n"

    assert rows_below(text)[:2] == (2, [3])


def test_the_row_of_headings_can_be_chosen():
    text = "a,b,c\nd,e,f\n1,2,3\n"

    assert rows_below(text)[0] == 1
    assert rows_below(text, heading=2)[:2] == (2, [3])
    assert rows_below(text, heading=0)[:2] == (0, [1, 2, 3])
    assert rows_below(text, heading=99)[0] == 1


def test_a_file_without_headings_is_noticed_and_asked_about():
    table = read(b"1,a@x.example,Al\n2,b@x.example,Bo\n", file="p.csv")

    assert (table.headings, len(table.rows)) == (["Column 1", "Column 2", "Column 3"], 2)
    assert table.read_as["unsure"] == ["heading"]


def test_headings_that_come_again_and_totals_are_left_out_and_said():
    text = "Email,Name,Days\na@x.example,Al,1\nEMAIL,x,y\nEmail,Name,Days\nb@x.example,Bo,2\nTotal,,3\n"
    _heading, lines, notes = rows_below(text)

    assert lines == [2, 3, 5]
    assert notes == [
        "Line 4 repeats the headings and was left out.",
        "Line 6 is a total and was left out.",
    ]


@pytest.mark.parametrize("row", ["Total,,b@x.example", "Sum Ting,,", "Total Recall,,3", "Total,x,3"])
def test_somebody_is_no_total(row):
    assert rows_below(f"Name,Team,Email\nAl,A,a@x.example\n{row}\n")[1] == [2, 3]


def test_cells_without_a_heading_are_kept_and_said():
    table = read(b"Name,Email\nAl,a@x.example,,seen by AB\nBo,b@x.example\n", file="p.csv")

    assert table.headings == ["Name", "Email", "Column 3", "Column 4"]
    assert table.rows[0] == [2, "Al", "a@x.example", "", "seen by AB"]
    assert "Line 2 has cells without a heading" in table.about["notes"][0]


def test_cells_are_kept_as_they_came():
    table = read('Name,Email\n" Al\u00a0\n", a@x.example'.encode(), file="p.csv")

    assert table.rows == [[2, " Al\u00a0\n", " a@x.example"]]


def test_errors_of_spreadsheets_are_no_texts():
    assert read(b"Name,Email\n#REF!,#N/A\n", file="p.csv").rows == [[2, FORMULA, FORMULA]]


# workbooks


def book_of(*rows, work=lambda sheet: None, title="People"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    work(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


FORMATS = [
    ("00000", 42, "00042"),
    ("000000", 1234567, "1234567"),
    ('"E"0000', 7, "E0007"),
    ("00-000", 1234, "01-234"),
    ("0", 7, "7"),
    ("#,##0", 12345, "12345"),
    ("0.00", 7, "7"),
    ("General", 7, "7"),
    ("0%", 0.5, "50%"),
    ("@", 7, "7"),
    ("dd.mm.yyyy", 45323, "2024-02-01"),
    ("[$-407]d. mmmm yyyy", 45323, "2024-02-01"),
    ("yyyy-mm-dd hh:mm", 45323.396, "2024-02-01 09:30:14"),
    ("dd.mm.yyyy", -5, "-5"),
]


@pytest.mark.parametrize(("code", "number", "shown"), FORMATS)
def test_a_number_is_read_as_its_format_shows_it(code, number, shown):
    def work(sheet):
        sheet["A2"].number_format = code

    assert read(book_of(["No", "x"], [number, "y"], work=work), file="p.xlsx").rows[0][1] == shown


def test_the_value_that_was_saved_with_a_formula_is_read_and_nothing_worked_out():
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>No</t></is></c><c r="B1" t="str"><v>Email</v></c></row>'
        '<row r="2"><c r="A2"><f>1000+1</f><v>1001</v></c>'
        '<c r="B2" t="str"><f>A1&amp;"x"</f><v>a@x.example</v></c></row>'
        '<row r="3"><c r="A3"><f>1000+2</f></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    content = repacked(workbook(["a"], ["b"]), sheet1=sheet_xml(cells))

    assert read(content, file="p.xlsx").rows == [[2, "1001", "a@x.example"], [3, FORMULA, FORMULA]]


def test_merged_and_hidden_cells_are_read_as_they_look_and_said():
    def work(sheet):
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B4:C4")  # across, each column has a meaning of its own
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    table = read(
        book_of(
            ["Team", "Name", "Email"], ["Red", "Al", "a"], [None, "Bo", "b"], [None, "Cy", None], work=work
        ),
        file="p.xlsx",
    )

    assert [row[1:] for row in table.rows] == [["Red", "Al", "a"], ["Red", "Bo", "b"], ["", "Cy", ""]]
    assert table.about["notes"] == [
        "Merged cells were read as they appear, with their text in each row: A2:A3.",
        "1 hidden row was read too: 3.",
        "1 hidden column is included below: C.",
    ]


def test_the_sheet_that_names_people_is_chosen_and_any_can_be():
    book = Workbook()
    book.active.title = "Read me"
    book.active.append(["How to use this file"])
    book.active.append(["Fill in the other sheet"])
    book.create_sheet("Staff").append(["Staff number", "Email"])
    book["Staff"].append([1, "a@x.example"])
    file = io.BytesIO()
    book.save(file)

    table = read(file.getvalue(), file="p.xlsx")
    assert (table.read_as["sheet"], table.read_as["unsure"]) == ("Staff", [])
    assert [sheet["title"] for sheet in table.about["sheets"]] == ["Read me", "Staff"]
    assert read(file.getvalue(), file="p.xlsx", how={"sheet": "Read me"}).headings == ["How to use this file"]
    book.create_sheet("More").append(["Staff number", "Email"])
    book["More"].append([2, "b@x.example"])
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue(), file="p.xlsx").read_as["unsure"] == ["sheet"]


def test_pieces_of_a_text_are_joined_and_its_reading_is_left_out():
    cells = (
        '<row r="1"><c t="inlineStr"><is><t>Name</t></is></c></row>'
        '<row r="2"><c t="inlineStr"><is><r><t>山</t></r>'
        "<r><t>田_x000D_</t></r><rPh><t>ヤマダ</t></rPh></is></c></row>"
    )

    assert read(repacked(workbook(["a"], ["b"]), sheet1=sheet_xml(cells)), file="p.xlsx").rows == [
        [2, "山田\r"]
    ]


@pytest.mark.parametrize(
    ("written", "read_as"), [("_x0000_", "\ufffd"), ("_xD83D_", "\ufffd"), ("_x0041_", "A")]
)
def test_no_character_is_read_that_no_database_takes(written, read_as):
    cells = (
        '<row r="1"><c t="inlineStr"><is><t>Name</t></is></c></row>'
        f'<row r="2"><c t="inlineStr"><is><t>{written}</t></is></c></row>'
    )

    assert read(repacked(workbook(["a"], ["b"]), sheet1=sheet_xml(cells)), file="p.xlsx").rows == [
        [2, read_as]
    ]


@pytest.mark.parametrize("line", ['sep="', "sep=\r\n", "sep=a", "sep=", "sep=\x07\x07"])
def test_a_line_that_states_no_delimiter_is_a_line(line):
    read(f"{line}\nName,Email\nAl,a@x.example\n".encode(), file="p.csv")


SEEDS = (
    TEXT.format(",").encode(), TEXT.format(";").encode("utf-16"), TEXT.format("\t").encode("cp1252"),
    b'sep=;\n"a";b\n"c;d";"e\n"\n', b"Total,1\n\n,,\nx",
    workbook(["No", "At"], [1, date(2026, 3, 31)], ["=1", None]),
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_whatever_the_bytes_they_are_a_table_or_refused(data):
    content = bytearray(data.draw(st.sampled_from(SEEDS)))
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)
    ):
        content[place] = byte
    how = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "encoding": st.sampled_from(list(ENCODINGS)), "delimiter": st.sampled_from(",;\t|"),
                "heading": st.integers(0, 4), "sheet": st.just("People"),
            },
        )
    )  # fmt: skip
    with suppress(BadTable):
        table = read(bytes(content), file="p.csv", how=how)
        assert {len(row) for row in table.rows} == {len(table.headings) + 1}
        json.dumps([table.about, table.read_as, table.headings]).encode()
        assert "\\u0000" not in json.dumps([table.about, table.headings])


def test_merged_cells_without_end_are_refused_soon():
    merged = "".join(f'<mergeCell ref="A1:{chr(65 + n % 26)}{n + 9}"/>' for n in range(0, 9_000))
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 9_000))
    content = repacked(
        workbook(["a"], ["b"]),
        sheet1=sheet_xml(rows).replace("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>"),
    )
    with pytest.raises(BadTable, match="far too many"):
        read(content, file="p.xlsx")
