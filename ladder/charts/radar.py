from django.utils.safestring import SafeString

from .drawing import (
    LETTERS,
    LINE,
    LOOKS,
    PAPER,
    RULE,
    SOFT,
    berths,
    element,
    fixed,
    legend,
    line,
    marker,
    path,
    picture,
    spoke,
    stroke,
    words,
)

WIDTH, HEIGHT = 660, 452
CENTRE = (330.0, 210.0)
RADIUS = 152.0
MARGIN = 40.0
SMALL = 8.5  # the size of the words on the rings


def radar(axes, series, *, rings, title, description, letters=LETTERS):
    """Values of several series around one centre.

    In: the labels of the axes; `Series` drawn in the order given; the labels of the scale from the
    lowest step (a value of 1 lies on the first ring). Out: the SVG, or nothing when there is no axis
    or no value. A missing value lifts the pen: the outline stays open there. `letters` is their size.
    """
    if not axes or not any(value is not None for one in series for value in one.values):
        return SafeString("")
    _places, rows = berths([one.label for one in series], WIDTH - 2 * MARGIN, letters)
    return picture(
        WIDTH,
        HEIGHT + LINE * (rows - 1),
        *(_ring(len(axes), step, len(rings)) for step in range(1, len(rings) + 1)),
        *(_spoke(index, len(axes)) for index in range(len(axes))),
        *(_scale_word(label, step, len(rings), letters) for step, label in enumerate(rings, 1)),
        *(_outline(one, len(rings)) for one in series),
        *(_label(label, index, len(axes), letters) for index, label in enumerate(axes)),
        legend(series, MARGIN, HEIGHT - 12, width=WIDTH - 2 * MARGIN, letters=letters),
        kind="radar",
        title=title,
        description=description,
        letters=letters,
    )


def place(value, index, count, steps):
    """Where a value lies, or None for no value."""
    return None if value is None else spoke(index, count, RADIUS * value / steps, CENTRE)


@fixed
def _ring(count, step, steps):
    points = [place(step, index, count, steps) for index in range(count)]
    return element(
        "path", d=path(points, closed=True), fill="none", stroke=RULE, stroke_width=0.75, class_="chart__grid"
    )


@fixed
def _spoke(index, count):
    return line(*CENTRE, *spoke(index, count, RADIUS, CENTRE), class_="chart__grid")


def _outline(one, steps):
    points = [place(value, index, len(one.values), steps) for index, value in enumerate(one.values)]
    whole = None not in points
    turned = points if whole else _from_a_gap(points)
    tint = LOOKS[one.role].colour if whole and one.role == "manager" else "none"
    return element(
        "g",
        element("path", d=path(turned, closed=whole), **stroke(one.role, fill=tint, fill_opacity=0.09)),
        *(marker(point[0], point[1], one.role) for point in points if point),
        class_=f"chart__series chart__series--{one.role}",
    )


def _from_a_gap(points):
    """The same round, started after a missing value, so that the pen also draws across the top."""
    gap = points.index(None)
    return points[gap:] + points[:gap]


@fixed
def _scale_word(label, step, steps, letters):
    """The step's name on its ring, on a patch of paper so that no line runs through it."""
    y = CENTRE[1] - RADIUS * (step - 0.42) / steps
    size = SMALL if letters == LETTERS else letters
    width, height = 4.6 * (size / SMALL) * len(label) + 4, 11 if size == SMALL else size + 2
    patch = element(
        "rect",
        x=CENTRE[0] - width / 2,
        y=y - height / 2,
        width=width,
        height=height,
        fill=PAPER,
        fill_opacity=0.85,
        class_="chart__patch",
    )
    return element(
        "g",
        patch,
        words(
            label,
            CENTRE[0],
            y - 0.6,
            font_size=size,
            fill=SOFT,
            text_anchor="middle",
            class_="chart__text chart__text--soft",
        ),
    )


@fixed
def _label(label, index, count, letters):
    """The label grows away from the circle: upwards above it, downwards below."""
    x, y = spoke(index, count, RADIUS + 14, CENTRE)
    across, down = (x - CENTRE[0]) / RADIUS, (y - CENTRE[1]) / RADIUS
    anchor = "middle" if abs(across) < 0.1 else "start" if across > 0 else "end"
    leading = 12.0 * (letters / LETTERS)
    return words(label, x, y, wrap=22, leading=leading, grow=down, text_anchor=anchor, class_="chart__text")
