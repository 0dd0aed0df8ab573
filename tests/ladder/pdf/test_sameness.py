"""The data attached to a packet, the page on the screen and the pages of the PDF say the same."""

import re
import unicodedata
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils.formats import date_format

from ladder.pdf.context import packet_context
from ladder.templatetags.text import markdown

from .conftest import VARIANTS
from .reading import pages

ROOT = Path(__file__).resolve().parents[3]
# What a reader is not shown: marks for programs, and what another value on the page already says.
FOR_PROGRAMS = {
    *("format", "key", "rung", "value", "bar", "language", "variant", "state", "id", "inferred", "stated"),
    *(
        "digest",
        "kind",
        "opened_on",
        "proposed_on",
        "yardstick",
        "readiness",
        "scope",
        "gist",
        "published_on",
    ),
    *("ref", "gap", "month", "count", "redacted"),
}
ELSEWHERE = {("matrix", "evidence"), ("candidate", "level"), ("candidate", "months_in_level")}
ARABIC = re.compile("[\u0600-\u06ff]")


class Text(HTMLParser):
    """The words of markup that a reader sees; a picture is read by its title and description."""

    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)

    def handle_starttag(self, tag, attrs):
        if tag in ("p", "li", "td", "th", "h1", "h2", "h3", "h4", "br", "div", "text", "tspan", "desc"):
            self.parts.append(" ")


def text_of(markup):
    parser = Text()
    parser.feed(markup)
    return " ".join("".join(parser.parts).split())


def close(text):
    """The text without spaces and soft hyphens, as lines may break anywhere."""
    return re.sub(r"[\s\u00ad\u200b]", "", unicodedata.normalize("NFC", text))


def values(value, path=()):
    """Yield each value of a snapshot that a reader is to find, with where it stands."""
    if isinstance(value, dict):
        for key, part in value.items():
            if (
                not (key in FOR_PROGRAMS and not isinstance(part, dict | list))
                and ((*path[:1], key)) not in ELSEWHERE
            ):
                yield from values(part, (*path, key))
    elif isinstance(value, list):
        for part in value:
            yield from values(part, path)
    elif value not in (None, "", False, True):
        yield path, value


def told(value):
    """How a value may stand on the page."""
    if isinstance(value, int):
        return [str(value)]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = datetime.fromisoformat(value)
        return [date_format(day, "j F Y"), date_format(day, "j M Y")]
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+Z", value):
        moment = datetime.fromisoformat(value).replace(tzinfo=None)
        return [date_format(moment, "j F Y, H:i"), date_format(moment, "j F Y")]
    if value.startswith("https://"):
        return [value, value.removeprefix("https://")]
    return [text_of(str(markdown(value))), value]


@pytest.fixture(params=VARIANTS)
def copy_of_it(request, copies):
    return copies(request.param)


@pytest.fixture
def screen(copy_of_it):
    return text_of(render_to_string("packets/_sheet.html", packet_context(copy_of_it[0])))


@pytest.fixture
def paper(copy_of_it):
    content, path, _result = copy_of_it
    edges = [f"{content['packet']['number']}. {content['organisation']['name']}. Confidential"]
    edges.append(f"{content['candidate']['name']}, Senior → Staff")
    cover, *rest = pages(path)
    inner = []
    for page in rest:
        for edge in edges:
            page = page.replace(edge, " ", 1)
        inner.append(re.sub(r"Page \d+ of \d+", " ", page))
    return " ".join([cover, *inner])


@pytest.mark.parametrize("where", ["screen", "paper"])
def test_every_value_of_the_data_is_there(where, copy_of_it, request):
    there = close(request.getfixturevalue(where))
    lost = [
        (path, value)
        for path, value in values(copy_of_it[0])
        if not ARABIC.search(str(value)) and not any(close(way) in there for way in told(value))
    ]
    assert lost == []


def vocabulary():
    """Every word that the templates and the code of the printer can say of their own."""
    files = [*(ROOT / "templates" / "pdf" / "v4").glob("*.html"), *(ROOT / "ladder" / "pdf").glob("*.py")]
    return set(re.findall(r"[^\W\d_]+", " ".join(file.read_text().casefold() for file in files)))


@pytest.mark.parametrize("where", ["screen", "paper"])
def test_no_word_is_there_that_the_data_does_not_hold(where, copy_of_it, request):
    content = copy_of_it[0]
    data = " ".join(way for _path, value in _all(content) for way in [*told(value), str(value)])
    known = set(re.findall(r"[^\W\d_]+", data.casefold())) | vocabulary()
    known |= set(re.findall(r"[^\W\d_]+", " ".join(_months()).casefold()))
    text = re.sub(r"[0-9a-f]{64}", " ", request.getfixturevalue(where))
    said = set(re.findall(r"[^\W\d_]{3,}", text.casefold()))
    glued = close(data.casefold())
    new = {word for word in said - known if word not in glued and not ARABIC.search(word)}
    assert new == set()


def _all(value, path=()):
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _all(part, (*path, key))
    elif isinstance(value, list):
        for part in value:
            yield from _all(part, path)
    elif value not in (None, ""):
        yield path, value


def _months():
    return [date_format(datetime(2026, month, 1), style) for month in range(1, 13) for style in ("F", "M")]


def test_the_screen_and_the_paper_say_the_same_words(copy_of_it, screen, paper):
    def words(text):
        return set(re.findall(r"[^\W\d_]{4,}", re.sub(r"[0-9a-f]{64}", " ", text).casefold()))

    glued = close(screen.casefold())
    assert {word for word in words(paper) if word not in glued and not ARABIC.search(word)} <= {
        "confidential",
        "page",
    }
