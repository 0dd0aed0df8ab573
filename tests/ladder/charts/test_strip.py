import xml.etree.ElementTree as ET

from ladder.charts import strip
from ladder.charts.strip import TALL, WIDTH
from ladder.pdf.fitting import fitted

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*areas):
    made = strip(areas, steps=4, target=3, title="t", description="d", fit=fitted)
    return ET.fromstring(made) if made else None


def cells(svg, name="chart__cell"):
    return [shape for shape in svg.iter() if name in (shape.get("class") or "").split()]


def test_each_value_has_a_cell_filled_as_high_as_it_reaches():
    svg = drawn(("One", [4, 3]), ("Two", [3]))
    assert len(cells(svg)) == 3
    assert [float(bar.get("height")) for bar in cells(svg, "chart__bar")] == [
        TALL,
        TALL * 3 / 4,
        TALL * 3 / 4,
    ]


def test_the_line_lies_at_the_target_across_all_cells():
    (line,) = cells(drawn(("One", [4, 3])), "chart__target")
    assert [float(line.get(name)) for name in ("x1", "y1", "x2", "y2")] == [0, TALL / 4, WIDTH, TALL / 4]


def test_what_is_below_the_target_is_told_without_colour():
    svg = drawn(("One", [4, 2]))
    assert len(cells(svg, "chart__hatch")) == len(cells(svg, "chart__cell--below")) == 1


def test_a_missing_value_is_crossed_out():
    svg = drawn(("One", [4, None]))
    assert (len(cells(svg)), len(cells(svg, "chart__grid")), len(cells(svg, "chart__bar"))) == (2, 1, 1)


def test_nothing_is_drawn_where_nothing_is_rated():
    assert drawn(("One", [None, None])) is None


def test_areas_too_narrow_for_words_go_without():
    assert len(list(drawn(("One", [3] * 4), ("Two", [3] * 4)).iter(f"{SVG}text"))) == 2
    assert not list(drawn(*((f"Area {place}", [3]) for place in range(30))).iter(f"{SVG}text"))
