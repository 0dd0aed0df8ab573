"""What is changed inside WeasyPrint and pydyf stands where it is looked for, and is used by them."""

import inspect

import pydyf
import pytest
import weasyprint
from weasyprint.draw import text


def test_the_sheet_of_the_library_keeps_rules_of_any_element_apart():
    rules = weasyprint.html.UA_STYLESHEET.matcher.other_selectors

    assert {entry[3] is None for entry in rules} == {True, False}


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (weasyprint.HTML.__init__, "tinyhtml5.parse("),
        (pydyf.Stream, "zlib.compressobj(level="),
        (text, ".notdef glyph rendered"),
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
