"""The structure of every copy: what a screen reader, an archive and a reader without colour rely on."""

import re
import shutil
import subprocess
from itertools import pairwise

import pikepdf
import pytest

from competencies.trail.models import canonical
from ladder.pdf.context import packet_context
from tests.conftest import unavailable

from .conftest import VARIANTS
from .reading import elements, everything, pages

HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")


@pytest.fixture(scope="module", params=VARIANTS)
def made(request, copies):
    return copies(request.param)


@pytest.fixture
def content(made):
    return made[0]


@pytest.fixture
def path(made):
    return made[1]


@pytest.fixture
def pdf(path):
    with pikepdf.open(path) as opened:
        yield opened


def sections(content):
    return [str(section.title) for section in packet_context(content)["sections"]]


def test_it_is_a_sitting(made):
    assert 8 <= made[2].pages <= 14


def test_it_is_tagged_titled_and_says_its_language(content, pdf):
    assert pdf.Root.Lang == "en"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    name = content["candidate"]["name"]
    assert pdf.docinfo["/Title"] == f"Promotion packet: {name}, Senior to Staff"


def test_it_is_made_for_reading_or_for_the_archive(content, pdf):
    metadata = pdf.Root.Metadata.read_bytes()
    archived = content["packet"]["variant"] == "archive"
    assert (b'pdfaid:part="3"' in metadata and b'pdfaid:conformance="A"' in metadata) == archived
    assert b'pdfuaid:part="1"' in metadata
    assert ("/OutputIntents" in pdf.Root) == archived


def test_its_data_is_attached_once_and_as_it_was_frozen(content, pdf):
    ((name, attached),) = pdf.attachments.items()
    assert name == f"{content['packet']['number']}.json"
    assert attached.get_file().read_bytes() == canonical(content).encode()
    assert attached.obj.AFRelationship == "/Source"
    if content["packet"]["variant"] == "archive":
        assert [entry.objgen for entry in pdf.Root.AF] == [attached.obj.objgen]


def test_its_headings_start_at_one_and_skip_no_level(pdf):
    levels = [int(kind[1]) for kind, _node in elements(pdf) if kind in HEADINGS]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_it_is_read_in_the_order_of_its_sections(content, pdf):
    order = {page.objgen: number for number, page in enumerate(pdf.pages)}
    places = [order[node.Pg.objgen] for kind, node in elements(pdf) if kind == "H2" and "/Pg" in node]
    assert len(places) == len(sections(content))
    assert places == sorted(places)


def test_its_bookmarks_are_its_sections(content, pdf):
    with pdf.open_outline() as outline:
        assert [entry.title for entry in outline.root] == [content["candidate"]["name"], *sections(content)]


def test_each_cell_knows_its_headers(pdf):
    cells = [node for kind, node in elements(pdf) if kind == "TD"]
    assert len(cells) > 200
    assert all("/Headers" in cell.A for cell in cells)


def test_a_table_that_goes_on_repeats_its_head(path):
    heads = [page.count("What was done") for page in pages(path)]
    assert [count for count in heads if count] == [1] * len([count for count in heads if count])
    assert sum(heads) >= 2


def test_each_picture_says_what_it_shows(content, pdf):
    said = [str(node.Alt) for kind, node in elements(pdf) if kind == "Figure"]
    assert len(said) == 4  # strip, radar, spread, code
    assert all(len(words) > 40 for words in said)
    assert any(content["packet"]["verify"] in words for words in said)


def test_each_link_says_where_it_leads(pdf):
    links = [link for page in pdf.pages for link in page.get("/Annots", [])]
    assert links
    assert all("/Contents" in link for link in links)


def test_every_face_is_embedded(pdf):
    fonts = {str(font.BaseFont): font for page in pdf.pages for font in page.Resources.Font.values()}
    assert sum("+Ladder" in name for name in fonts) >= 3
    for font in fonts.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
        assert "/ToUnicode" in font


def test_its_pages_are_numbered(path):
    told = pages(path)
    for number, page in list(enumerate(told, 1))[1:]:
        assert f"Page {number} of {len(told)}" in page


def test_a_second_reader_finds_no_fault(path):
    if not shutil.which("qpdf"):
        unavailable("A second reader of PDF is needed: sudo apt-get install qpdf")
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_each_rating_and_vote_is_a_word_not_only_a_colour(content, path):
    text = " ".join(pages(path))
    for row in content["matrix"]:
        assert f"{row['title']} {row['self']['label']} {row['manager']['label']}" in text
    for ballots in content["decision"]["rounds"] if content["decision"] else []:
        assert all(ballot["vote"] in text for ballot in ballots)


def test_names_of_every_script_come_out_right(copies):
    _content, path, _result = copies("archive")
    text = " ".join(pages(path))
    for name in ("王秀英", "Þórður Guðmundsson", "Οδυσσέας Παππάς", "Владимир Петров", "Łukasz Żółć"):
        assert name in text
    arabic = "أحمد منصور"
    assert set(arabic.replace(" ", "")) <= set(text) | {"أ"}


def test_who_voted_how_is_in_the_archive_alone(whole, copies):
    voters = {row["member"] for ballots in whole["decision"]["rounds"] for row in ballots}
    for variant in VARIANTS:
        text = everything(copies(variant)[1])
        assert {name for name in voters if name in text} == (voters if variant == "archive" else set())


def test_the_candidate_reads_the_answer_and_not_what_the_committee_noted(whole, copies):
    text = " ".join(everything(copies("candidate")[1]).split())
    assert whole["decision"]["feedback"] in text
    assert whole["decision"]["rationale"][:40] not in text


def test_a_masked_copy_names_nobody(whole, copies):
    text = everything(copies("masked")[1])
    people = [whole["candidate"]["name"], whole["candidate"]["manager"], whole["case"]["sponsor"]]
    people += [row["by"] for row in [*whole["statements"], *whole["endorsements"]]]
    for word in {part for name in people for part in name.split()}:
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text), word
    assert "she/her" not in text
    assert not re.search(r"(?i)(?<!\w)(she|hers?|herself)(?!\w)", text)
