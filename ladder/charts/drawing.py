"""What the charts share: elements escaped by construction, and one look for each kind of series.

The printer ignores the stylesheet inside a picture, so every shape carries its own presentation
attributes; each also has a class, by which the page overrides the colours (dark mode, for one).
The colours are those of `tokens.css` on white paper.
"""

import math
import re
import textwrap
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

INK = "#141e1e"
SOFT = "#5d6767"
RULE = "#c9d1d0"
PAPER = "#ffffff"
PLAIN = (str, int)
MARKS = re.compile("[&<>\"']")


class Series(NamedTuple):
    """One person's, or one moment's, values along the axes; None where there is none."""

    label: str
    values: Sequence[float | None]
    role: str


class Look(NamedTuple):
    """How a series is told from the others: colour, dash and shape, so that grey paper is enough."""

    colour: str
    dash: str
    shape: str
    width: float = 1.6


LOOKS = {
    "target": Look("#8c431d", "1.5 3", "none", 1.8),
    "previous": Look("#6d7777", "8 3", "diamond", 1.2),
    "self": Look("#226fb3", "4 3", "ring"),
    "manager": Look("#075f4c", "none", "square", 2),
}


def element(tag, *children, **attributes):
    """An element as safe text; names keep their case, `_` becomes `-`, None is left out."""
    named = "".join(
        f' {_written(name)}="{_escaped(number(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(map(_escaped, children))
    return mark_safe(f"<{tag}{named}>{inside}</{tag}>")  # noqa: S308 - whatever is not ours is escaped above


def fixed(draw):
    """Keep what a function draws of words and numbers alone, such as a ring, for the next picture."""
    return lru_cache(maxsize=256, typed=True)(draw)  # typed: text that is safe and text that is not are two


@cache
def _written(name):
    return name.rstrip("_").replace("_", "-")


def _escaped(value):
    """Escape as templates do, without their detour for what holds no mark: a chart has thousands of these."""
    if type(value) in PLAIN and not MARKS.search(text := str(value)):
        return text
    return conditional_escape(value)


LETTERS = 10.5  # the size of letters in a chart that says nothing else


def picture(width, height, *shapes, kind, title, description, letters=LETTERS):
    """The whole chart: an image with a name and a description, in the product's own face."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *shapes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        class_=f"chart chart--{kind}",
        font_family="Ladder",
        font_size=letters,
        fill=INK,
    )


def number(value):
    """Two decimals at most and never "-0", so that the same picture is the same bytes everywhere."""
    if not isinstance(value, float):
        return value
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(x1, y1, x2, y2, **attributes):
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": RULE, "stroke_width": 0.75, **attributes})


def words(text, x, y, *, wrap=None, most=3, leading=12.0, grow=0.0, **attributes):
    """Text in at most `most` lines of `wrap` characters, centred on y; or growing down (1) or up (-1)."""
    lines = textwrap.wrap(text, wrap, break_long_words=False) if wrap else [text]
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    first = y + 3.6 - leading * (len(lines) - 1) * (1 - grow) / 2
    spans = (element("tspan", part, x=x, y=first + index * leading) for index, part in enumerate(lines))
    return element("text", *spans, x=x, y=first, **attributes)


def marker(x, y, role):
    """The shape that stands for a value of that role."""
    look = LOOKS[role]
    stroke = {"stroke": look.colour, "stroke_width": 1.4, "class_": f"chart__mark chart__mark--{role}"}
    match look.shape:
        case "square":
            return element("rect", x=x - 2.8, y=y - 2.8, width=5.6, height=5.6, fill=look.colour, **stroke)
        case "ring":
            return element("circle", cx=x, cy=y, r=5, fill="none", **stroke)
        case "diamond":
            return element(
                "path",
                d=path([(x, y - 4), (x + 4, y), (x, y + 4), (x - 4, y)], closed=True),
                fill=PAPER,
                **stroke,
            )
        case _:
            return ""


def path(points, *, closed=False):
    """Path data through the points; None lifts the pen."""
    steps, down = [], False
    for point in points:
        if point is not None:
            steps.append(f"{'L' if down else 'M'}{number(float(point[0]))} {number(float(point[1]))}")
        down = point is not None
    return " ".join(steps) + (" Z" if closed and steps else "")


def stroke(role, **attributes):
    """The attributes of a series' line."""
    look = LOOKS[role]
    dash = None if look.dash == "none" else look.dash
    return {
        "stroke": look.colour,
        "stroke_width": look.width,
        "stroke_dasharray": dash,
        "stroke_linejoin": "round",
        "class_": f"chart__line chart__line--{role}",
        **attributes,
    }


SAMPLE, LETTER, GAP, LINE = 38.0, 5.7, 22.0, 24.0


def berths(labels, width, letters=LETTERS):
    """Where the entries of a legend stand so that none runs into the next: `[(x, row)]`, and the rows.

    A word's width is taken from its letters; an entry that no longer fits `width` begins a row.
    """
    places, x, row = [], 0.0, 0
    for label in labels:
        wide = SAMPLE + LETTER * (letters / LETTERS) * len(label)
        if x and x + wide > width:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += wide + GAP
    return places, row + 1


def legend(series, x, y, *, width, letters=LETTERS):
    """One sample of line and marker per series, in rows that fit `width`."""
    parts = []
    places, _rows = berths([one.label for one in series], width, letters)
    for one, (across, row) in zip(series, places, strict=True):
        left, middle = x + across, y + row * LINE
        parts += [
            line(left, middle, left + 30, middle, **stroke(one.role)),
            marker(left + 15, middle, one.role),
            words(one.label, left + SAMPLE, middle, fill=INK, class_="chart__text"),
        ]
    return element("g", *parts, class_="chart__legend")


def spoke(index, count, radius, centre):
    """The point at `radius` on the axis `index` of `count`: the first straight up, the rest clockwise."""
    angle = 2 * math.pi * index / count - math.pi / 2
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
