"""Nothing passes the edge of a page: where each word of a hostile packet lies, and whether all letters do."""

import os
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from html import unescape
from itertools import cycle, repeat

import pytest
from django.template.loader import render_to_string

from ladder.pdf.child import typeset
from ladder.pdf.context import packet_context
from ladder.pdf.pictograms import without_pictograms
from tests.conftest import unavailable

from .variants import of_today

LONG_RUN = bool(os.environ.get("LADDER_LONG"))
SHORT, LONG = 200, 1_500  # characters of a title, and of a text
WORD = "org.springframework.aop.framework.autoproxy.AbstractAdvisorAutoProxyCreator.internalTransactionAware"
LINK = (
    "https://sharepoint.example.com/:w:/r/sites/Engineering/_layouts/15/Doc.aspx?sourcedoc=%7B5F0E8C1A-9B7D-4D3E"
    "-8A55-0C1D2E3F4A5B%7D&file=Design%20review%20of%20pricing%20v3.docx&action=default&mobileredirect=true"
)
TABLE = (
    "| Service | Before | After | Owner | Note | Region | Tier |\n|---|---|---|---|---|---|---|\n"
    f"| svc-1 | 10 ms | 1 ms | team-1 | `{WORD}` | eu-west-1 | gold |\n"
)
HOSTILE = {
    "a long word": WORD * 3,
    "a link": f"See {LINK} here",
    "a hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" * 3,
    "capitals": "W" * 190,
    "code": f"```java\n{WORD}{WORD}\n```\n\nand `{WORD}{WORD}`",
    "a table": TABLE,
    "a table of many columns": f"|{'a|' * 12}\n|{'-|' * 12}\n|{'WORDS|' * 12}",
    "a table of more columns than letters fit": f"|{'b|' * 60}\n|{'-|' * 60}\n|{'W|' * 60}",
    "lists in lists": "\n".join("  " * deep + f"- {WORD}" for deep in range(12)),
    "quotes in quotes": "\n".join("> " * deep + f"q{deep} {WORD}\n" for deep in range(1, 14)),
    "numbers": "\n".join(f"{number}. item" for number in (1, 2, 98, 123_456_789)),
    "right to left": "أحمد منصور " * 17 + "مسؤوليةمسؤولية" * 20,
    "no spaces between words": "王秀英" * 66,
    "pictograms": "\U0001f680\U0001f44d\U0001f3fd" * 8,
    "combining marks": "e\u0301\u0302\u0303\u0304" * 40 + " " + "n\u0303" * 80,
    "lines": "\n".join(f"Line {number}" for number in range(20)),
}
# Words of the product, dates, and marks for programs: nobody types them.
OURS = {
    "format",
    "number",
    "variant",
    "language",
    "frozen_at",
    "verify",
    "code",
    "ref",
    "readiness",
    "kind",
    "month",
}
DAYS = re.compile(r"\d{4}-\d\d-\d\d")
PROSE = {
    *(
        "text",
        "result",
        "context",
        "problem",
        "scope",
        "own_role",
        "decisions",
        "ask",
        "gaps",
        "need",
        "reason",
    ),
    *("rationale", "conditions", "feedback", "grounds"),
}
EDGE = 0.5  # points: the sheet is 595 wide


@pytest.fixture(autouse=True)
def poppler():
    if not shutil.which("pdftotext"):
        unavailable("Words are found by poppler: sudo apt-get install poppler-utils")


def filled(value, texts, name=""):
    """Return a snapshot with the next of `texts` in every field that somebody types, as long as it may be."""
    if isinstance(value, dict):
        return {key: part if key in OURS else filled(part, texts, key) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, texts, name) for part in value]
    if not isinstance(value, str) or not value or DAYS.match(value) or name in ("key", "link"):
        return LINK if name == "link" else value
    if name.startswith(("digest", "edition_digest", "refs")) or (
        name == "evidence" and re.match(r"E\d", value)
    ):
        return value
    text = next(texts)
    return text[:LONG] if name in PROSE else " ".join(text.split())[:SHORT]


@pytest.fixture
def hostile(archive):
    """A packet of the present format with every section, shortened so that it is quickly typeset."""
    archive = of_today(archive)
    for several in ("bar", "matrix", "stories", "evidence", "endorsements", "statements"):
        archive[several] = archive[several][:1]
    archive["trajectory"]["rows"] = archive["trajectory"]["rows"][:2]
    archive["decision"]["rounds"] = [ballots[:2] for ballots in archive["decision"]["rounds"]]
    archive["appeal"]["decision"] = None
    archive["months"] = archive["months"][:3]
    return archive


def words_of(path):
    """Return each word of a PDF with its box and the size of its page, as poppler finds them."""
    told = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], check=True, capture_output=True, text=True
    ).stdout
    size, found = None, []
    for line in told.splitlines():
        if page := re.search(r'<page width="([\d.]+)" height="([\d.]+)"', line):
            size = float(page[1]), float(page[2])
        elif word := re.search(
            r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*)</word>', line
        ):
            found.append((tuple(map(float, word.groups()[:4])), size, unescape(word[5])))
    return found


def letters(text):
    """Return how often each letter stands in `text`, however it is composed and wherever lines break."""
    plain = unicodedata.normalize("NFKD", text)
    return Counter(letter for letter in plain if unicodedata.category(letter)[0] in "LNPS")


def told(markup):
    """Return the text of markup that a reader of the paper sees."""
    body = re.sub(r"<svg.*?</svg>", " ", markup[markup.index("<body") :], flags=re.DOTALL)
    body = re.sub(r">0+</span>", "></span>", body)  # places for the numbers of pages
    return without_pictograms(unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.mark.parametrize("turn", range(len(HOSTILE)) if LONG_RUN else range(0, len(HOSTILE), 8))
def test_every_word_lies_on_the_page_and_no_letter_is_lost(turn, hostile, tmp_path):
    kinds = list(HOSTILE.values())
    check(filled(hostile, cycle([*kinds[turn:], *kinds[:turn]])), tmp_path / "packet.pdf")


@pytest.mark.parametrize("kind", HOSTILE if LONG_RUN else ["a long word"])
def test_one_kind_of_text_in_every_field(kind, hostile, tmp_path):
    check(filled(hostile, repeat(HOSTILE[kind])), tmp_path / "packet.pdf")


def check(content, path):
    typeset(content, to=path)
    words = words_of(path)
    outside = [
        (word, box)
        for box, (wide, high), word in words
        if box[0] < -EDGE or box[1] < -EDGE or box[2] > wide + EDGE or box[3] > high + EDGE
    ]
    assert outside == []
    there = letters("".join(word for _box, _size, word in words))
    context = packet_context(content)
    lost = letters(told(render_to_string(context["document"], context))) - there
    assert lost == Counter()


def test_what_lies_past_the_edge_is_seen(hostile, tmp_path):
    content = filled(hostile, repeat(HOSTILE["a long word"])) | {"format": 2}
    with pytest.raises(AssertionError):
        check(content, tmp_path / "packet.pdf")
