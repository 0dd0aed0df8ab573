from django.utils.safestring import SafeString

from .drawing import INK, LETTERS, PAPER, RULE, element, line, number, picture, words

WIDTH = 660.0
TALL, GAP, BETWEEN = 40.0, 5.0, 16.0  # how high a cell is, and what lies between two of them, and two areas
LEAST = 7  # letters that a line under an area has to hold for its name to stand there
MET, BELOW = "#075f4c", "#8c431d"


def strip(areas, *, steps, target, title, description, fit, letters=LETTERS):
    """A cell for each value, filled as high as it reaches, with a line across all of them at the target.

    In: pairs of an area and its values, from 1 to `steps`, None where there is none. Out: the SVG, or
    nothing where no value is. A value below the target is hatched, and a missing one is crossed out.
    `fit(text, letters, lines)` gives the name of an area as it fits below its cells.
    """
    count = sum(len(values) for _area, values in areas)
    if not any(value is not None for _area, values in areas for value in values):
        return SafeString("")
    wide = (WIDTH - BETWEEN * (len(areas) - 1) - GAP * (count - len(areas))) / count
    shapes, x, named = [], 0.0, _are_named(areas, wide, letters)
    for area, values in areas:
        room = wide * len(values) + GAP * (len(values) - 1)
        shapes += [
            _cell(x + index * (wide + GAP), wide, value, steps, target) for index, value in enumerate(values)
        ]
        if named:
            shapes.append(_name(area, x, room, letters, fit))
        x += room + BETWEEN
    level = TALL * (1 - target / steps)
    shapes.append(line(0, level, WIDTH, level, stroke=INK, stroke_width=1.6, class_="chart__target"))
    return picture(
        WIDTH,
        TALL + (2 * letters * 1.2 + 8 if named else 2),
        *shapes,
        kind="strip",
        title=title,
        description=description,
        letters=letters,
    )


def _cell(x, wide, value, steps, target):
    frame = {"x": x, "width": wide, "stroke_width": 0.75}
    if value is None:
        return element(
            "g",
            element("rect", y=0, height=TALL, fill=PAPER, stroke=RULE, class_="chart__cell", **frame),
            line(x, TALL, x + wide, 0, class_="chart__grid"),
        )
    high = TALL * value / steps
    filled = frame | {"y": TALL - high, "height": high}
    return element(
        "g",
        element("rect", y=0, height=TALL, fill=PAPER, stroke=RULE, class_="chart__cell", **frame),
        _reaching(filled) if value >= target else _short(filled, x, wide, high),
    )


def _reaching(filled):
    return element("rect", fill=MET, stroke=MET, class_="chart__bar chart__bar--manager", **filled)


def _short(filled, x, wide, high):
    """What is filled below the target, hatched, so that grey paper tells it from what reaches it."""
    heights = [TALL - 4.0 * step for step in range(1, int(high // 4) + 1)]
    lines = "".join(f"M{number(x)} {number(y)}h{number(wide)}" for y in heights)
    return element(
        "g",
        element("rect", fill=PAPER, stroke=BELOW, class_="chart__cell chart__cell--below", **filled),
        element("path", d=lines, stroke=BELOW, stroke_width=1.4, fill="none", class_="chart__hatch"),
    )


def _are_named(areas, wide, letters):
    """Return True if the narrowest area has room for words."""
    narrowest = min(len(values) for _area, values in areas)
    return (wide + GAP) * narrowest / (0.56 * letters) >= LEAST


def _name(area, x, room, letters, fit):
    most = max(int(room / (0.56 * letters)), 1)
    return words(
        fit(area, most, 2),
        x,
        TALL + letters + 2,
        wrap=most,
        most=2,
        leading=letters * 1.2,
        grow=1.0,
        class_="chart__text",
    )
