"""What a template draws the same for everybody: drawn once a process, with places for what differs.

Nothing of a person, no number that changes and no token is drawn into it: these stand in its places. What is
kept holds for one language and one zone, and as long as whatever it is keyed by stays as it is.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

Value = TypeVar("Value")
KEPT_FOR = 60 * 60 * 24
MARK = secrets.token_hex(8)  # stands in no text that people write
PLACE = re.compile(rf"{MARK}-(\w+);")
SPACE = re.compile(r"\n\s+")
BLOCKS = "article|aside|details|div|fieldset|form|h[1-6]|header|legend|li|nav|ol|p|section|summary|t[drh]|ul"
BESIDE_BLOCKS = re.compile(rf"\n(?=</?(?:{BLOCKS})\b)|(?P<tag></?(?:{BLOCKS})\b[^>]*>)\n")


def place(name: str) -> str:
    """Return what a template takes for a value that is filled in later."""
    return f"{MARK}-{name};"


@dataclass(frozen=True)
class Drawn:
    """A text with places, in the words of `str.format`."""

    text: str

    @classmethod
    def by(cls, template: str, context: dict[str, Any]) -> "Drawn":
        """Draw a template whose context has a `place` for each value that is filled in later."""
        text = SPACE.sub("\n", render_to_string(template, context))
        text = BESIDE_BLOCKS.sub(lambda found: found["tag"] or "", text)
        return cls(PLACE.sub(r"{\1}", text.replace("{", "{{").replace("}", "}}")))

    def filled(self, **values: Any) -> SafeString:
        """Return the text with these values in its places, escaped as a template does."""
        return format_html(self.text, **values)


def kept(name: str, *of: object, draw: Callable[[], Value]) -> Value:
    """Return what `draw` returned when it was last asked for of the same, in this language and zone."""
    key = ":".join(map(str, (name, *of, get_language(), get_current_timezone_name())))
    return cast("Value", caches["process"].get_or_set(key, draw, KEPT_FOR))
