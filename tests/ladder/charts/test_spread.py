import xml.etree.ElementTree as ET

from ladder.charts import spread
from ladder.charts.spread import TALLEST

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*months):
    rows = [{"month": month, "count": count} for month, count in months]
    return ET.fromstring(spread(rows, title="t", description="d"))


def words(svg):
    return [part.text for part in svg.iter(f"{SVG}tspan")]


def test_the_fullest_month_is_the_tallest():
    svg = drawn(("2026-01", 4), ("2026-02", 1), ("2026-03", 0))
    assert [float(column.get("height")) for column in svg.iter(f"{SVG}rect")] == [TALLEST, TALLEST / 4, 0]


def test_an_empty_month_keeps_its_place_and_says_so():
    assert words(drawn(("2026-01", 4), ("2026-02", 0)))[:4] == ["4", "Jan", "0", "Feb"]


def test_only_empty_months_are_drawn_flat():
    assert [column.get("height") for column in drawn(("2026-01", 0)).iter(f"{SVG}rect")] == ["0"]


def test_each_year_is_named_once():
    assert words(drawn(("2025-12", 1), ("2026-01", 1), ("2026-02", 1))).count("2026") == 1
