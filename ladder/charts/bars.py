from django.utils.safestring import SafeString

from .drawing import LINE, LOOKS, PAPER, SOFT, berths, element, fixed, line, marker, picture, stroke, words

WIDTH = 660
LEFT, RIGHT = 218.0, 640.0
TOP, ROW = 30.0, 30.0


def bars(axes, series, *, rings, title, description):
    """One row per axis: a full bar for the manager, a hollow one for self, a dotted line at the target.

    In and out as for `radar`; an earlier value is a diamond on the row. A missing value draws nothing.
    """
    if not axes or not any(value is not None for one in series for value in one.values):
        return SafeString("")
    bottom = TOP + ROW * len(axes)
    places, rows = berths([one.label for one in series], RIGHT - LEFT)
    return picture(
        WIDTH,
        bottom + 34 + LINE * (rows - 1),
        *(_column(label, step, len(rings), bottom) for step, label in enumerate(rings, 1)),
        line(LEFT, TOP, LEFT, bottom, class_="chart__grid"),
        *(_row(label, index, series, len(rings)) for index, label in enumerate(axes)),
        *(
            _sample(one, LEFT + across, bottom + 20 + LINE * row)
            for one, (across, row) in zip(series, places, strict=True)
        ),
        kind="bars",
        title=title,
        description=description,
    )


def across(value, steps):
    """How far along the row a value lies."""
    return LEFT + (RIGHT - LEFT) * value / steps


@fixed
def _column(label, step, steps, bottom):
    x = across(step, steps)
    return element(
        "g",
        line(x, TOP, x, bottom, class_="chart__grid"),
        words(
            label,
            x,
            TOP - 12,
            font_size=9,
            fill=SOFT,
            text_anchor="end",
            class_="chart__text chart__text--soft",
        ),
    )


def _row(label, index, series, steps):
    middle = TOP + ROW * (index + 0.5)
    values = [(one.role, one.values[index]) for one in series if one.values[index] is not None]
    return element(
        "g",
        _name(label, middle),
        *(_mark(role, across(value, steps), middle) for role, value in sorted(values, key=_depth)),
        class_="chart__row",
    )


@fixed
def _name(label, middle):
    return words(label, LEFT - 12, middle, wrap=34, most=2, text_anchor="end", class_="chart__text")


def _sample(one, x, y):
    """The legend: a short row of each series, as drawn above."""
    drawn = (
        _mark(one.role, x + 11, y)
        if one.role in ("target", "previous")
        else _bar(one.role, x + 22, y + (4.5 if one.role == "manager" else -5), start=x)
    )
    return element("g", drawn, words(one.label, x + 30, y, class_="chart__text"), class_="chart__legend")


def _depth(mark):
    """Bars below, the target over them, an earlier value on top."""
    return ("manager", "self", "target", "previous").index(mark[0])


def _mark(role, x, middle):
    match role:
        case "target":
            return line(x, middle - ROW / 2, x, middle + ROW / 2, **stroke(role))
        case "previous":
            return marker(x, middle - 4.5, role)
        case _:
            return _bar(role, x, middle)


def _bar(role, x, middle, *, start=LEFT):
    y, height, fill = (middle - 8, 7, LOOKS[role].colour) if role == "manager" else (middle + 2, 6, PAPER)
    return element(
        "rect",
        x=start,
        y=y,
        width=x - start,
        height=height,
        fill=fill,
        stroke=LOOKS[role].colour,
        stroke_width=1.1,
        class_=f"chart__bar chart__bar--{role}",
    )
