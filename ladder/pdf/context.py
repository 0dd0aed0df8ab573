"""A snapshot prepared for the templates of its format, for the preview on the web and for the PDF alike."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from . import format_3, format_4
from .reading import Unreadable

__all__ = ["NEWEST", "Paper", "Unreadable", "packet_context", "paper_of"]


class Paper(NamedTuple):
    """How the packets of a format are set: folder of templates, style sheet, and what makes their context."""

    templates: str
    sheet: str
    context_of: Callable[[dict[str, Any]], dict[str, Any]]


EARLIER = Paper("pdf", "css/packet/print.css", format_3.context_of)
NEWEST = Paper("pdf/v4", "css/packet/print4.css", format_4.context_of)
PAPERS = {1: EARLIER, 2: EARLIER, 3: EARLIER, 4: NEWEST}


def paper_of(snapshot: dict[str, Any]) -> Paper:
    """Return how a snapshot is set; refuses with `Unreadable` when its format is none of ours."""
    paper = PAPERS.get(snapshot.get("format", 0))
    if paper is None:
        raise Unreadable(_("This packet has a format that this version cannot read."))
    return paper


def packet_context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Return what the templates of a snapshot's format need, with their names: `document` and `sheet`.

    Each is typeset by the rules of its format, so that a packet gives the same bytes for good. The words
    follow the language that is active; `typeset` activates the packet's own. Refuses with `Unreadable` when
    the format is none of ours.
    """
    paper = paper_of(snapshot)
    names = {"document": f"{paper.templates}/packet.html", "sheet": f"{paper.templates}/_sections.html"}
    return paper.context_of(snapshot) | names
