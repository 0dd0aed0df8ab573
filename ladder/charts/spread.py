from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from .drawing import LETTERS, SOFT, element, line, picture, words

WIDTH, HEIGHT = 660, 104
BASE, TALLEST = 70.0, 50.0
COLOUR = "#075f4c"


def spread(months, *, title, description, letters=LETTERS):
    """Pieces of evidence per month, one column each; an empty month keeps its place.

    In: rows of `month` ("2026-03") and `count`, in order. Out: the SVG, or nothing without months.
    """
    if not months:
        return SafeString("")
    step = WIDTH / len(months)
    most = max(row["count"] for row in months) or 1
    return picture(
        WIDTH,
        HEIGHT,
        *(_column(row, step * (index + 0.5), min(step * 0.55, 34), most) for index, row in enumerate(months)),
        line(0, BASE, WIDTH, BASE, class_="chart__grid"),
        *_years(months, step, 9 if letters == LETTERS else letters),
        kind="spread",
        title=title,
        description=description,
        letters=letters,
    )


def _column(row, x, width, most):
    height = TALLEST * row["count"] / most
    quiet = {"fill": SOFT, "class_": "chart__text chart__text--soft"}
    return element(
        "g",
        element(
            "rect",
            x=x - width / 2,
            y=BASE - height,
            width=width,
            height=height,
            fill=COLOUR,
            class_="chart__bar chart__bar--manager",
        ),
        words(
            str(row["count"]),
            x,
            BASE - height - 8,
            text_anchor="middle",
            **(quiet if not row["count"] else {"class_": "chart__text"}),
        ),
        words(date_format(_first(row), "M"), x, BASE + 12, text_anchor="middle", **quiet),
    )


def _years(months, step, size):
    """The year, under the first month shown of it."""
    seen = set()
    for index, row in enumerate(months):
        year = row["month"][:4]
        if year not in seen:
            seen.add(year)
            yield words(
                year,
                step * (index + 0.5),
                BASE + 26,
                font_size=size,
                text_anchor="middle",
                fill=SOFT,
                class_="chart__text chart__text--soft",
            )


def _first(row):
    return date.fromisoformat(f"{row['month']}-01")
