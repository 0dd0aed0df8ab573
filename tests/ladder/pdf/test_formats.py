"""A packet is typeset by the rules of its format: what was frozen before looks and reads as it did then."""

import hashlib
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from competencies.packets.masking import without_instants
from ladder.pdf.context import packet_context

from .variants import variant_of

SHEETS = Path(__file__).resolve().parents[3] / "ladder" / "static" / "ladder" / "css" / "packet"
# What each copy of the kept packets was handed to the printer as, when its format was the newest.
HANDED = {
    "committee": "f00db07b9b4bee7b",
    "candidate": "89b12b6f2a27b792",
    "archive": "d4fe96b115908e8d",
    "first": "f77bc8a85b7aeaf9",
}


RULES = {"packet.css": "99683159c7a27617", "page.css": "3d0b14253312d943"}


def markup(content):
    with translation.override("en"):
        return render_to_string("pdf/packet.html", packet_context(content))


@pytest.mark.parametrize("variant", HANDED)
def test_the_markup_of_an_earlier_format_stays_the_same_to_the_letter(variant, whole, example):
    content = example if variant == "first" else variant_of(whole, variant)
    assert hashlib.sha256(markup(content).encode()).hexdigest()[:16] == HANDED[variant]


def test_only_packets_of_today_are_wrapped(archive):
    archive["stories"][0]["context"] = "one\ntwo"
    assert "packet--wrapped" not in markup(archive)
    assert "one<br>" not in markup(archive)
    archive |= without_instants(archive) | {"format": 3}
    assert 'class="packet packet--wrapped"' in markup(archive)
    assert "one<br>" in markup(archive)


@pytest.mark.parametrize("sheet", ["packet.css", "page.css"])
def test_what_was_styled_since_is_styled_for_packets_of_today_alone(sheet):
    """The rules of before, by their digest: who changes one of them changes what was frozen."""
    text = (SHEETS / sheet).read_text(encoding="utf-8")
    before = re.sub(
        r"(?m)^/\*[^\n]*\*/\n(?=\.packet--)|^\.packet--(?:wrapped|long-cover) \{\n(?:.*\n)*?\}\n\n", "", text
    )
    assert hashlib.sha256(before.encode()).hexdigest()[:16] == RULES[sheet]


def test_a_packet_names_the_version_that_froze_it_where_it_was_noted(archive):
    before = markup(archive)
    archive["packet"]["program"] = "0.2.0"

    assert '<meta name="generator" content="Ladder" />' in before
    assert '<meta name="generator" content="Ladder 0.2.0" />' in markup(archive)
