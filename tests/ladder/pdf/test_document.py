"""What a committee, a reader's screen reader, and an archive find in the PDF."""

import hashlib
import json
import shutil
import subprocess
from itertools import pairwise

import pytest
from pypdf import PdfReader

from competencies.trail.models import canonical
from ladder.pdf.child import typeset
from ladder.pdf.context import packet_context
from tests.conftest import unavailable

from .reading import elements, pages


@pytest.fixture(scope="module")
def text(printed):
    return " ".join(pages(printed[0]))


def test_it_is_a_sitting_of_eight_to_fourteen_pages(printed, document):
    assert 8 <= printed[1].pages <= 14
    assert len(document.pages) == printed[1].pages


def test_it_says_that_it_is_tagged_and_in_which_language(document, snapshot):
    assert document.Root.Lang == snapshot["packet"]["language"]
    assert bool(document.Root.MarkInfo.Marked)
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    assert b'pdfuaid:part="1"' in document.Root.Metadata.read_bytes()


def test_its_title_names_the_person_and_the_step(document):
    assert document.docinfo["/Title"] == "Promotion packet: Łucja Markiewicz, Senior to Staff"


def test_its_dates_are_those_of_the_snapshot(document):
    assert str(document.docinfo["/CreationDate"]).startswith("D:20261118093000")
    assert str(document.docinfo["/ModDate"]).startswith("D:20261118093000")


def test_its_headings_start_at_one_and_skip_no_level(document):
    levels = [
        int(kind[1]) for kind, _node in elements(document) if kind in ("H1", "H2", "H3", "H4", "H5", "H6")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_each_cell_knows_its_headers(document):
    cells = [node for kind, node in elements(document) if kind == "TD"]
    assert len(cells) > 200
    assert all("/Headers" in cell.A for cell in cells)


def test_each_picture_says_what_it_shows(document):
    figures = [node for kind, node in elements(document) if kind == "Figure"]
    assert len(figures) == 3
    assert all(len(str(figure.Alt)) > 40 for figure in figures)


def test_each_link_says_where_it_leads(document):
    links = [link for page in document.pages for link in page.get("/Annots", [])]
    assert links
    assert all("/Contents" in link for link in links)


def test_its_faces_are_embedded_and_the_products_own(document):
    fonts = {str(font.BaseFont): font for page in document.pages for font in page.Resources.Font.values()}
    assert fonts
    for name, font in fonts.items():
        assert "+Ladder" in name
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_its_bookmarks_are_its_sections(document, snapshot):
    shown = [str(section.title) for section in packet_context(snapshot)["sections"]]
    with document.open_outline() as outline:
        assert [entry.title for entry in outline.root] == [snapshot["candidate"]["name"], *shown]


def test_its_pages_are_numbered(printed):
    told = pages(printed[0])
    for number, page in list(enumerate(told, 1))[1:]:
        assert f"Page {number} of {len(told)}" in page


def test_the_matrix_and_the_trajectory_keep_to_one_page_each(printed, snapshot):
    inner = pages(printed[0])[1:]
    for heading in ("The matrix at a glance", "Trajectory"):
        page = next(page for page in inner if page.startswith(heading))
        assert all(row["title"] in page for row in snapshot["matrix"])


def test_a_table_that_goes_on_repeats_its_head(printed):
    heads = [page.count("What was done") for page in pages(printed[0])]
    assert [count for count in heads if count] == [1] * len([count for count in heads if count])
    assert sum(heads) >= 2


def test_it_holds_every_section(text, snapshot):
    told = [
        snapshot["organisation"]["name"],
        snapshot["case"]["to"]["scope"],
        snapshot["summary"]["claims"][2]["text"],
        snapshot["bar"][0]["behaviours"][0]["text"],
        snapshot["matrix"][8]["title"],
        snapshot["stories"][3]["title"],
        "Νίκος Παππάς",
        "Product outcomes are below the bar.",
        "The seat is approved",
        "I ask the committee to say so.",
        snapshot["evidence"][23]["title"],
        snapshot["provenance"]["edition_digest"],
    ]
    for words in told:
        assert " ".join(words.split()) in text


def test_each_rating_is_a_word_not_only_a_colour(text, snapshot):
    for row in snapshot["matrix"]:
        assert f"{row['title']} {row['self']['label']} {row['manager']['label']}" in text


def test_the_snapshot_is_attached_as_it_was_frozen(document, snapshot, text):
    ((name, attached),) = document.attachments.items()
    data = attached.get_file().read_bytes()
    assert name == f"{snapshot['packet']['number']}.json"
    assert data == canonical(snapshot).encode()
    assert json.loads(data) == snapshot
    assert hashlib.sha256(data).hexdigest() in text


def test_names_come_out_right(short, tmp_path):
    names = ["Łukasz Żółć", "Пётр Жуков", "Νίκος Παππάς", "Đỗ Thị Hương", "Ægir Þórsson"]
    short["candidate"]["name"] = ", ".join(names)
    typeset(short, to=tmp_path / "packet.pdf")
    first, title = pages(tmp_path / "packet.pdf")[0], PdfReader(tmp_path / "packet.pdf").metadata.title
    assert [name for name in names if name not in first] == []
    assert [name for name in names if name not in title] == []


def test_a_second_time_gives_the_same_bytes(snapshot, printed, printer, tmp_path, monkeypatch):
    path, first = printed
    warm = typeset(snapshot, to=tmp_path / "warm.pdf")
    monkeypatch.setattr("ladder.pdf.child.child", printer)
    cold = typeset(snapshot, to=tmp_path / "cold.pdf")
    assert path.read_bytes() == (tmp_path / "warm.pdf").read_bytes() == (tmp_path / "cold.pdf").read_bytes()
    assert first.sha256 == warm.sha256 == cold.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_another_snapshot_gives_other_bytes(short, tmp_path):
    first = typeset(short, to=tmp_path / "one.pdf")
    short["need"] += " "
    assert typeset(short, to=tmp_path / "other.pdf").sha256 != first.sha256


def test_another_reader_finds_no_fault(printed):
    if not shutil.which("qpdf"):
        unavailable("A second reader of PDF is needed: sudo apt-get install qpdf")
    checked = subprocess.run(["qpdf", "--check", printed[0]], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
