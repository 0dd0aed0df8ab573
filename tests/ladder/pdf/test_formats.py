"""A packet is typeset by the rules of its format: what was frozen before looks and reads as it did then."""

import hashlib
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from competencies.packets.masking import without_instants
from ladder.pdf.context import packet_context

from .variants import earlier_variant_of

SHEETS = Path(__file__).resolve().parents[3] / "ladder" / "static" / "ladder" / "css" / "packet"
# What each copy of the kept packets was handed to the printer as, when its format was the newest.
HANDED = {
    ("committee", 2): "f00db07b9b4bee7b",
    ("candidate", 2): "89b12b6f2a27b792",
    ("archive", 2): "d4fe96b115908e8d",
    ("committee", 3): "877787e618700203",
    ("candidate", 3): "6a9d33fe3c781c65",
    ("archive", 3): "d12f8e1c36906343",
    ("masked", 3): "c6613ce0903ba587",
    ("first", 1): "f77bc8a85b7aeaf9",
}
RULES = {"packet.css": "99683159c7a27617", "page.css": "3d0b14253312d943"}


def markup(content):
    with translation.override("en"):
        return render_to_string("pdf/packet.html", packet_context(content))


def sections_of(content):
    with translation.override("en"):
        context = packet_context(content)
        return render_to_string(context["sheet"], context)


@pytest.mark.parametrize(("variant", "format"), HANDED)
def test_the_markup_of_an_earlier_format_stays_the_same_to_the_letter(variant, format, whole, example):
    content = example if variant == "first" else earlier_variant_of(whole, variant, format)
    assert hashlib.sha256(markup(content).encode()).hexdigest()[:16] == HANDED[variant, format]


def test_packets_are_wrapped_from_format_3_on(archive):
    archive["stories"][0]["context"] = "one\ntwo"
    assert "packet--wrapped" not in markup(archive)
    assert "one<br>" not in markup(archive)
    archive |= without_instants(archive) | {"format": 3}
    assert 'class="packet packet--wrapped"' in markup(archive)
    assert "one<br>" in markup(archive)


@pytest.mark.parametrize("sheet", ["packet.css", "page.css"])
def test_what_was_styled_since_format_2_is_styled_for_format_3_alone(sheet):
    """The rules of before, by their digest: who changes one of them changes what was frozen."""
    text = (SHEETS / sheet).read_text(encoding="utf-8")
    before = re.sub(
        r"(?m)^/\*[^\n]*\*/\n(?=\.packet--)|^\.packet--(?:wrapped|long-cover) \{\n(?:.*\n)*?\}\n\n", "", text
    )
    assert hashlib.sha256(before.encode()).hexdigest()[:16] == RULES[sheet]


@pytest.mark.parametrize(("format", "root"), [(3, "packet packet--wrapped"), (4, "packet4")])
def test_each_format_has_templates_and_styles_of_its_own(format, root, whole):
    html = sections_of(earlier_variant_of(whole, "committee", 3) | {"format": format})
    classes = {name for names in re.findall(r'class="([^"]+)"', html) for name in names.split()}
    ours = {name for name in classes if name.startswith("packet")}
    assert f'<article class="{root}"' in html
    assert all(name.startswith("packet4") is (format == 4) for name in ours)


def test_a_packet_names_the_version_that_froze_it_where_it_was_noted(archive):
    before = markup(archive)
    archive["packet"]["program"] = "0.2.0"

    assert '<meta name="generator" content="Ladder" />' in before
    assert '<meta name="generator" content="Ladder 0.2.0" />' in markup(archive)
