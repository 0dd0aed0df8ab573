"""What is changed inside WeasyPrint and pydyf, which have no setting for it: one file to mend on an upgrade.

`tests/ladder/pdf/test_weasyprint_internals.py` names what is missing. The libraries are handed in, because
they are loaded by the child alone.
"""

import logging
import re
import zlib
from itertools import groupby
from types import SimpleNamespace

from defusedxml import DefusedXmlException, ElementTree

from .pdfa_metadata import with_reading_aloud

FEW_LETTERS = 8
FIGURE_SPACE = "\u2007"  # as wide as a digit


def read_quickly(weasyprint):
    """Let markup that is well-formed be read by the parser for XML, in a sixtieth of the time.

    The tree is the same; whatever is not well-formed is read as any browser would.
    """
    slowly = weasyprint.tinyhtml5.parse

    def read(source, **options):
        text = source if isinstance(source, str) else source.read()
        try:
            return ElementTree.fromstring(re.sub(r"<(br|hr)>", r"<\1/>", text).replace("&nbsp;", "\u00a0"))
        except (ElementTree.ParseError, DefusedXmlException):
            return slowly(text, **options)

    weasyprint.tinyhtml5 = SimpleNamespace(**vars(weasyprint.tinyhtml5) | {"parse": read})


def measure_few_letters(preferred):
    """Find the narrowest width of text that may break anywhere from a letter and the few that follow it.

    The library lays out all the text that is left for each letter, which was a third of a packet's time.
    Where one letter with its marks may be longer than the few, all is laid out as before.
    """
    slowly = preferred.split_first_line

    def split(text, style, context, max_width, *rest, is_line_start=True, minimum=False):
        options = {"is_line_start": is_line_start, "minimum": minimum}
        narrowest = minimum and max_width == 0 and style["overflow_wrap"] == "anywhere"
        if narrowest and len(text) > FEW_LETTERS:
            line = slowly(text[:FEW_LETTERS], style, context, max_width, *rest, **options)
            resume_index = line[2]
            if resume_index and len(text.encode()[:resume_index].decode()) <= FEW_LETTERS // 2:
                return line
        return slowly(text, style, context, max_width, *rest, **options)

    preferred.split_first_line = split


def fill_in_pages(document, places):
    """Write the number of the page of each part where the markup keeps a place for it, after the layout.

    A place is an element with the class `packet4-page` that names an anchor in `data-of`, with as many
    digits in it as have room; `places` is how many there are. The library's own way, `target-counter()`,
    lays pages out a second time.
    """
    if not places:
        return
    pages = {name: str(number) for number, page in enumerate(document.pages, 1) for name in page.anchors}
    for page in document.pages:
        for box in page._page_box.descendants():
            place = getattr(box, "pango_layout", None) and box.element
            if place is None or place.get("class") != "packet4-page":
                continue
            box.text = pages.get(place.get("data-of"), "").rjust(len(box.text), FIGURE_SPACE)
            box.pango_layout.text = box.text
            places -= 1
        if not places:
            return


def compress_quickly(pydyf):
    """Compress at zlib's own level: a third of the time of the highest, for files larger by a fortieth."""
    pydyf.zlib = SimpleNamespace(**vars(zlib) | {"compressobj": lambda level: zlib.compressobj()})


def finisher(pydyf, *, kept, bodies):
    """The last hand on the objects of a PDF, before they are written; `kept` says that it is PDF/A.

    Metadata stay plain bytes, so that a packet that was altered can still be told by its code. The library
    names each associated file twice; once is what the standard asks for. It claims one standard of each
    file, and what it makes of PDF/A-3a is PDF/UA-1 as well. It also asks each object twice for its bytes,
    to write and to number them, so they are made here, once. With `bodies`, what stands right in an item of
    a list is put into a body of that item, as PDF/UA asks for: the library does so with plain text alone.
    """

    class Made(pydyf.Object):  # type: ignore[name-defined]
        data = compressible = None

        def __init__(self, item):
            super().__init__()
            self.number, self.generation, self.free = item.number, item.generation, item.free
            self.data, self.compressible = item.data, item.compressible

    def finish(document, pdf):
        if "AF" in pdf.catalog:
            pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
        for item in pdf.objects:
            if isinstance(item, dict) and item.get("Type") == "/Filespec":
                item.setdefault("AFRelationship", "/Source")
            extra = getattr(item, "extra", None) or {}
            if extra.get("Type") == "/Metadata":
                item.compress = False
                if kept:
                    item.stream[0] = with_reading_aloud(item.stream[0])
        if bodies:
            _give_items_bodies(pydyf, pdf)
        pdf.objects[:] = [item if item.free == "f" else Made(item) for item in pdf.objects]

    return finish


def _give_items_bodies(pydyf, pdf):
    dictionaries = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary)]
    elements = {item.reference: item for item in dictionaries if "S" in item}
    for item in [element for element in elements.values() if element["S"] == "/LI"]:
        kids = pydyf.Array([])
        for within, group in groupby(item["K"], key=lambda kid: _is_part_of_item(elements.get(kid))):
            found = list(group)
            kids.extend(found if within else [_body(pydyf, pdf, item, found, elements)])
        item["K"] = kids


def _is_part_of_item(element):
    return element is not None and element["S"] in ("/Lbl", "/LBody")


def _body(pydyf, pdf, item, kids, elements):
    """Return the reference of a new body of a list's item that holds what stood right in it."""
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(kids), "Pg": item["Pg"], "P": item.reference}
    )
    pdf.add_object(body)
    for kid in kids:
        if kid in elements:
            elements[kid]["P"] = body.reference
    return body.reference


def leave_out_notes(weasyprint):
    """Drop WeasyPrint's rules for marks of any element: six styles for each, of notes that no packet has."""
    matcher = weasyprint.html.UA_STYLESHEET.matcher
    matcher.other_selectors = [entry for entry in matcher.other_selectors if entry[3] is None]


def unknown_letters():
    """The letters that no face here can draw, as the library warns of them while it draws."""
    unknown = set()

    class Listener(logging.Handler):
        def emit(self, line):
            if line.msg.startswith(".notdef") and not line.args[0].isspace():
                unknown.add(line.args[0])

    logger = logging.getLogger("weasyprint")
    logger.handlers, logger.level = [Listener()], logging.WARNING
    return unknown
