"""Icons: the drawings of the library; what all of them share comes from the style sheet."""

import re
from xml.etree import ElementTree

import pytest
from lucide.templatetags.lucide import lucide

from ladder.installation import PACKAGE, TEMPLATES
from ladder.templatetags.parts import NOTICE_ICONS, STATE_ICONS, icon, shared_icon, shared_icons

NAMED = re.compile(r'{% icon "([a-z0-9-]+)"')
NAMES = {name for file in TEMPLATES.rglob("*.html") for name in NAMED.findall(file.read_text())}


@pytest.mark.parametrize("size", [14, 16, 28])
def test_every_icon_is_drawn_as_by_the_library(size):
    for name in NAMES | set(STATE_ICONS.values()) | set(NOTICE_ICONS.values()):
        theirs, ours = drawing(lucide(name, size=size, **{"aria-hidden": "true"})), drawing(icon(name, size))
        assert lines(ours) == lines(theirs)
        assert ours.attrib | given_by_the_style_sheet() == theirs.attrib | {"class": "icon"}


def test_an_icon_that_is_shared_has_the_same_lines():
    (symbol,) = drawing(shared_icons("search"))

    assert lines(symbol) == lines(drawing(icon("search")))
    assert symbol.get("viewBox") == drawing(icon("search")).get("viewBox")
    assert shared_icon("search").count(f'href="#{symbol.get("id")}"') == 1


def test_an_icon_that_is_not_there_is_a_fault():
    with pytest.raises(KeyError):
        icon("no-such-icon")


def drawing(svg):
    return ElementTree.fromstring(
        svg.replace(' xmlns="http://www.w3.org/2000/svg"', "").replace("hidden>", ">")
    )


def lines(svg):
    return [(line.tag, line.attrib) for line in svg]


def given_by_the_style_sheet():
    sheet = (PACKAGE / "static" / "ladder" / "css" / "base" / "document.css").read_text()
    rule = re.search(r"^\.icon { (.*?);? }$", sheet, re.MULTILINE)[1]
    return dict(declaration.split(": ") for declaration in rule.split("; "))
