"""What a template draws the same for everybody: drawn once a process, with places for what differs.

Nothing of a person, no number that changes and no token is drawn into it: these stand in its places. Nor is a
time, which each reads in a zone of their own: drawing one is refused. What is kept holds for one language and
one path that the site is mounted at, and as long as whatever it is keyed by stays as it is.
"""

import pickle
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from threading import Lock
from typing import Any, TypeVar, cast

from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Value = TypeVar("Value")
MOST = 8_000_000  # bytes a process
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


class NoZone(tzinfo):
    """The time zone of nobody in particular: a time that is told in it is refused with `TypeError`."""

    def tzname(self, instant: datetime | None) -> str:
        return "nobody's"

    def utcoffset(self, instant: datetime | None) -> timedelta:
        raise TypeError("a time is drawn once for all, who read it in zones of their own")

    dst = utcoffset


class Store:
    """What was drawn, up to a number of bytes: what was asked for least lately goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._drawn: OrderedDict[tuple[object, ...], tuple[Any, int]] = OrderedDict()
        self._taken = 0
        self._lock = Lock()

    def get(self, key: tuple[object, ...], draw: Callable[[], Value]) -> Value:
        """Return what was drawn under `key`, or what `draw` returns now; two at once may both draw it."""
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return cast("Value", self._drawn[key][0])
        value = draw()
        size = len(pickle.dumps(value))
        if size <= self.most:
            self._keep(key, value, size)
        return value

    def texts(self) -> list[Any]:
        return [value for value, _size in self._drawn.values()]

    def forget(self) -> None:
        with self._lock:
            self._drawn.clear()
            self._taken = 0

    def _keep(self, key: tuple[object, ...], value: Any, size: int) -> None:
        with self._lock:
            self._taken += size - self._drawn.pop(key, (None, 0))[1]
            self._drawn[key] = (value, size)
            while self._taken > self.most:
                _key, (_value, freed) = self._drawn.popitem(last=False)
                self._taken -= freed


store = Store(MOST)


def kept(name: str, *of: object, draw: Callable[[], Value]) -> Value:
    """Return what `draw` returned when it was last asked for of the same, in this language.

    It is one for all who ask: whoever takes it changes nothing in it.
    """
    here = get_language(), get_script_prefix()  # with which addresses begin

    def without_times() -> Value:
        with timezone.override(NoZone()):
            return draw()

    return store.get((name, *of, *here), without_times)
