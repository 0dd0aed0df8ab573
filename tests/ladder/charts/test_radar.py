import xml.etree.ElementTree as ET

import pytest
from django.utils.safestring import SafeString

from ladder.charts import Series, radar
from ladder.charts.drawing import number, path
from ladder.charts.radar import CENTRE, HEIGHT, RADIUS, WIDTH, place

SVG = "{http://www.w3.org/2000/svg}"
RINGS = ["Not yet", "Developing", "Consistent", "Role model"]


def drawn(values, *, axes=None, role="manager"):
    axes = axes or [f"Axis {index}" for index in range(len(values))]
    return ET.fromstring(radar(axes, [Series("One", values, role)], rings=RINGS, title="t", description="d"))


def outline(svg):
    return next(shape.get("d") for shape in svg.iter(f"{SVG}path") if "chart__line" in shape.get("class", ""))


@pytest.mark.parametrize(
    ("value", "index", "expected"),
    [
        (4, 0, (CENTRE[0], CENTRE[1] - RADIUS)),
        (4, 1, (CENTRE[0] + RADIUS, CENTRE[1])),
        (2, 2, (CENTRE[0], CENTRE[1] + RADIUS / 2)),
        (1, 3, (CENTRE[0] - RADIUS / 4, CENTRE[1])),
        (0, 3, CENTRE),
    ],
)
def test_values_lie_clockwise_from_the_top(value, index, expected):
    assert place(value, index, 4, 4) == pytest.approx(expected)


def test_no_value_has_no_place():
    assert place(None, 0, 4, 4) is None


def test_a_whole_round_is_closed():
    assert outline(drawn([4, 4, 4, 4])) == "M330 58 L482 210 L330 362 L178 210 Z"


def test_a_missing_value_leaves_the_outline_open():
    assert outline(drawn([4, None, 4, 4])) == "M330 362 L178 210 L330 58"


def test_one_value_alone_is_a_point():
    svg = drawn([3])
    assert outline(svg) == "M330 96 Z"
    assert (
        len([shape for shape in svg.iter(f"{SVG}rect") if "chart__mark" in shape.get("class", "")]) == 2
    )  # and the legend's


def test_fifteen_long_labels_stay_inside_the_picture():
    axes = ["Reliability, scalability and security"] * 15
    for text in drawn([3] * 15, axes=axes).iter(f"{SVG}text"):
        for part in text:
            x, y, width = float(part.get("x")), float(part.get("y")), 5.4 * len(part.text)
            left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor", "start")]
            assert left >= 0
            assert left + width <= WIDTH
            assert 8 <= y <= HEIGHT


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (1.25, "1.25"), (-0.001, "0"), (2 / 3, "0.67"), ("a", "a")]
)
def test_numbers_are_short(value, written):
    assert number(value) == written


def test_the_pen_is_lifted_at_a_gap():
    assert path([(0, 0), None, (1, 1), (2, 2)]) == "M0 0 M1 1 L2 2"


def test_what_is_kept_of_one_picture_is_not_taken_for_text_that_is_not_safe():
    hostile = "<b>Depth</b>"
    series = [Series("One", [1, 2], "self")]

    first, second = (
        radar(["Depth", "Breadth"], series, rings=[words, "Two"], title="t", description="d")
        for words in (SafeString(hostile), hostile)
    )

    assert hostile in first
    assert hostile not in second
    assert "&lt;b&gt;Depth&lt;/b&gt;" in second
