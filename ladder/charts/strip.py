from django.utils.safestring import SafeString

from .drawing import INK, LETTERS, PAPER, RULE, element, line, number, picture, words

WIDTH = 660.0
TALL, GAP, BETWEEN = 40.0, 5.0, 16.0  # how high a cell is, and what lies between two of them, and two areas
LEAST = 7  # letters that a line under an area has to hold for its name to stand there
MET, BELOW = "#075f4c", "#8c431d"


def strip(areas, *, steps, target, title, description, letters=LETTERS):
    """A cell for each value, filled as high as it reaches, with a line across all of them at the target.

    In: pairs of an area and its values, from 1 to `steps`, None where there is none. Out: the SVG, or
    nothing where no value is. A value below the target is hatched, and a missing one is crossed out.
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
            shapes.append(_name(area, x, room, letters))
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
    colour, high = MET if value >= target else BELOW, TALL * value / steps
    filled = {"y": TALL - high, "height": high, "stroke": colour}
    return element(
        "g",
        element("rect", y=0, height=TALL, fill=PAPER, stroke=RULE, class_="chart__cell", **frame),
        element("rect", fill=colour if value >= target else PAPER, **filled, **frame),
        *([] if value >= target else [_hatching(x, wide, high, colour)]),
    )


def _hatching(x, wide, high, colour):
    """Lines across what is filled, so that grey paper tells it from what reaches the target."""
    heights = [TALL - 4.0 * step for step in range(1, int(high // 4) + 1)]
    return element(
        "path",
        d="".join(f"M{number(x)} {number(y)}h{number(wide)}" for y in heights),
        stroke=colour,
        stroke_width=1.4,
        fill="none",
    )


def _are_named(areas, wide, letters):
    """Return True if the narrowest area has room for words."""
    narrowest = min(len(values) for _area, values in areas)
    return (wide + GAP) * narrowest / (0.56 * letters) >= LEAST


def _name(area, x, room, letters):
    leading = letters * 1.2
    return words(
        _cut(area, int((room + BETWEEN - 6) / (0.56 * letters))),
        x,
        TALL + letters + 2,
        wrap=max(int((room + BETWEEN - 6) / (0.56 * letters)), 1),
        most=2,
        leading=leading,
        grow=1.0,
        class_="chart__text",
    )


def _cut(area, most):
    """Return the name of an area, each word no longer than a line, and no more than two lines of it."""
    kept = [word if len(word) <= most else f"{word[: most - 1]}…" for word in area.split()]
    lines: list[str] = []
    for word in kept:
        if lines and len(lines[-1]) + len(word) < most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][: most - 1]}…"]
    return " ".join(lines)
