"""What is changed inside WeasyPrint and pydyf stands where it is looked for, and is used by them."""

import inspect
from types import SimpleNamespace

import pydyf
import pytest
import weasyprint
from weasyprint.draw import text
from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.layout import preferred
from weasyprint.text.fonts import FontConfiguration

from ladder.pdf.weasyprint_internals import fill_in_pages, measure_few_letters

from .test_edges import HOSTILE


def test_the_sheet_of_the_library_keeps_rules_of_any_element_apart():
    rules = weasyprint.html.UA_STYLESHEET.matcher.other_selectors

    assert {entry[3] is None for entry in rules} == {True, False}


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (weasyprint.HTML.__init__, "tinyhtml5.parse("),
        (pydyf.Stream, "zlib.compressobj(level="),
        (text, ".notdef glyph rendered"),
        (preferred.inline_line_widths, "split_first_line("),
    ],
)
def test_what_is_put_in_the_place_of_another_is_called(where, what):
    assert what in inspect.getsource(where)


def test_an_object_of_a_file_has_what_is_asked_of_it():
    item = pydyf.Object()

    assert (item.number, item.generation, item.free) == (None, 0, "n")
    assert {"data", "compressible"} <= set(vars(pydyf.Object))


def test_a_finisher_is_taken():
    assert "finisher" in inspect.signature(weasyprint.Document.write_pdf).parameters


def narrowest_lines(split, words, style, context):
    """Return length, resumption and width of each line that `split` makes of `words` where nothing fits."""
    lines = []
    while words:
        _layout, length, resume_index, width, _height, _baseline = split(
            words, style, context, 0, 0, is_line_start=True, minimum=True
        )
        lines.append((length, resume_index, width))
        words = words.encode()[resume_index:].decode() if resume_index else ""
    return lines


@pytest.mark.parametrize("wrap", ["anywhere", "normal", "break-word"])
def test_the_narrowest_width_is_the_same_by_few_letters(wrap):
    quick = SimpleNamespace(split_first_line=preferred.split_first_line)
    measure_few_letters(quick)
    context = SimpleNamespace(font_config=FontConfiguration(), dictionaries={})
    page = weasyprint.HTML(string=f"<p style='overflow-wrap: {wrap}'>x").render().pages[0]._page_box
    style = next(box for box in page.descendants() if isinstance(box, TextBox)).style
    marks = "e" + "\u0301\u0323" * 20 + "nd of many marks on one letter"

    for words in [
        *HOSTILE.values(),
        marks,
        "\N{SOFT HYPHEN}".join(["a soft", "hyphen", "in a long text of words"]),
    ]:
        words = " ".join(words.split())[:200]
        asked = preferred.split_first_line, quick.split_first_line
        slow, fast = (narrowest_lines(split, words, style, context) for split in asked)
        assert fast == slow, words


PLACES = (
    "<style>p {{ break-before: page }} span {{ font-variant-numeric: tabular-nums }}</style>"
    "<h1>Contents</h1><span class=packet4-page data-of=last>00</span> "
    "<span class=packet4-page data-of=gone>00</span>{}<p id=last>Last"
)


@pytest.mark.parametrize(("others", "number"), [(1, "\u20073"), (10, "12"), (98, "100")])
def test_the_page_of_a_part_is_filled_in_after_the_layout(others, number):
    document = weasyprint.HTML(string=PLACES.format("<p>Other" * others)).render()

    fill_in_pages(document, 2)

    boxes = [box for box in document.pages[0]._page_box.descendants() if isinstance(box, TextBox)]
    filled = [box.text for box in boxes if box.element.get("class") == "packet4-page"]
    assert filled == [number, "\u2007\u2007"]
    assert [box.pango_layout.text for box in boxes if box.text in filled] == filled


def test_a_document_without_places_is_left_alone():
    fill_in_pages(None, 0)
