"""Templates as they are sent: without the space in which they are written."""

import re

from django.template import Origin
from django.template.loaders import filesystem

PACKETS = "pdf/"
KEPT = re.compile(r"(<(?:pre|textarea)\b.*?</(?:pre|textarea)>)", re.DOTALL)
INDENTATION = re.compile(r"\n\s+")
REMARK = re.compile(r"\n\{#[^\n]*?#\}(?=\n)")
END_OF_BUTTON = re.compile(r"(</span>)\n(?=</(?:a|button)>)")  # after hidden words it is as wide as a gap
# A tag that stands on a line of its own and writes nothing itself: the end of its line remains.
LONE_TAG = re.compile(
    r"\n(\{% ?(?:if|elif|else|endif|for|empty|endfor|with|endwith|load|block|endblock"
    r"|partialdef|endpartialdef)\b(?:(?!%\})[^\n])*%\})(?=\n)"
)


class Loader(filesystem.Loader):
    """Reads templates as the loader of Django does, and takes out of pages what is space alone.

    Written one element to a line, half of an assessment was space. Words stay apart: of several spaces one
    is left. What stands between `<pre>` or `<textarea>` and its end stays as it is, and so does every file
    that is no page: a packet of an earlier format is the same to the letter for ever.
    """

    def get_contents(self, origin: Origin) -> str:
        text: str = super().get_contents(origin)
        name = str(origin.template_name)
        return without_space(text) if name.endswith(".html") and not name.startswith(PACKETS) else text


def without_space(text: str) -> str:
    """Return the text of a template without indentation, empty lines and lines of tags alone."""
    pieces = KEPT.split(text)
    return "".join(piece if place % 2 else _tightened(piece) for place, piece in enumerate(pieces))


def _tightened(text: str) -> str:
    tight = END_OF_BUTTON.sub(r"\1", REMARK.sub("", INDENTATION.sub("\n", text)))
    while (once := LONE_TAG.sub(r"\1", tight)) != tight:  # one after the other
        tight = once
    return tight
