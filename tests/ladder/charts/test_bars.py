import xml.etree.ElementTree as ET

from ladder.charts import Series, bars
from ladder.charts.bars import LEFT, RIGHT, ROW, TOP

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*series, axes=("One", "Two")):
    return ET.fromstring(bars(list(axes), series, rings=["a", "b", "c", "d"], title="t", description="d"))


def lengths(svg, role):
    shapes = (shape for shape in svg.iter(f"{SVG}rect") if f"chart__bar--{role}" in shape.get("class", ""))
    return [float(shape.get("width")) for shape in shapes][:-1]  # the last is the legend's


def test_a_bar_is_as_long_as_its_value():
    svg = drawn(Series("Manager", [4, 1], "manager"), Series("Self", [2, 3], "self"))
    whole = RIGHT - LEFT
    assert lengths(svg, "manager") == [whole, whole / 4]
    assert lengths(svg, "self") == [whole / 2, whole * 3 / 4]


def test_a_missing_value_has_no_bar():
    assert lengths(drawn(Series("Manager", [None, 4], "manager")), "manager") == [RIGHT - LEFT]


def test_the_target_is_a_line_across_its_row():
    svg = drawn(Series("Manager", [1, 1], "manager"), Series("Bar", [3, 3], "target"))
    first = next(line for line in svg.iter(f"{SVG}line") if "chart__line--target" in line.get("class", ""))
    assert (float(first.get("y1")), float(first.get("y2"))) == (TOP, TOP + ROW)
    assert float(first.get("x1")) == LEFT + (RIGHT - LEFT) * 3 / 4


def test_the_picture_grows_with_its_rows():
    one, three = (drawn(Series("Manager", [1] * n, "manager"), axes=["x"] * n) for n in (1, 3))
    assert float(three.get("height")) - float(one.get("height")) == 2 * ROW
