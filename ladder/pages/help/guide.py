"""How to use Ladder: `docs/using.md`, as everybody who is signed in reads it."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from ladder.installation import GUIDE
from ladder.web.request import Request


@dataclass
class Heading:
    """A heading of the guide with its anchor, and those below it."""

    title: str
    anchor: str
    below: list["Heading"] = field(default_factory=list)


@dataclass(frozen=True)
class Guide:
    """The guide as a page shows it: its title, its headings as a contents list, and its text."""

    title: str
    contents: list[Heading]
    text: SafeString


@require_safe
def show_help(request: Request) -> HttpResponse:
    """Show how everything is done, step by step."""
    return render(request, "help/help.html", {"guide": guide()})


@lru_cache(maxsize=1)
def guide() -> Guide:
    """Read and render the guide; it is our own text, and the same for everybody."""
    return rendered(GUIDE.read_text(encoding="utf-8"))


def rendered(source: str) -> Guide:
    """Return a guide of Markdown: its one `#` is the title, each `##` a part, each `###` a way in it."""
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse(source)
    title = ""
    contents: list[Heading] = []
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = tokens[place + 1].content
        if token.tag == "h1":
            title = words
            continue
        heading = Heading(words, anchor_of(words))
        token.attrSet("id", heading.anchor)
        (contents if token.tag == "h2" else contents[-1].below).append(heading)
    shown = [token for place, token in enumerate(tokens) if not _is_of_title(tokens, place)]
    html = markdown.renderer.render(shown, markdown.options, {})
    return Guide(title, contents, mark_safe(html))  # noqa: S308 - our own text, without HTML in it


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading, the same that a reader of the repository finds it by."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def _is_of_title(tokens, place) -> bool:
    opened = max(place - 2, 0)
    return any(token.type == "heading_open" and token.tag == "h1" for token in tokens[opened : place + 1])
