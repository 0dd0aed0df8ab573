"""What holds for all three charts: named, described, without style; what a person wrote stays text."""

import xml.etree.ElementTree as ET

import pytest
from django.utils.safestring import SafeString

from ladder.charts import Series, bars, radar, spread
from ladder.charts.drawing import element

SVG = "{http://www.w3.org/2000/svg}"
RINGS = ["Not yet", "Developing", "Consistent", "Role model"]
HOSTILE = '</title><script>alert(1)</script>"><image href="file:///etc/passwd"/>'


def drawn(chart, *, text="Text"):
    words = {"title": text, "description": text}
    if chart is spread:
        return spread([{"month": "2026-01", "count": 2}, {"month": "2026-02", "count": 0}], **words)
    series = [
        Series(text, [3, None, 2], "manager"),
        Series(text, [2, 2, 4], "self"),
        Series(text, [3, 3, 3], "target"),
    ]
    return chart([text, "Two", "Three"], series, rings=RINGS, **words)


@pytest.fixture(params=[radar, bars, spread], ids=lambda chart: chart.__name__)
def chart(request):
    return request.param


def test_a_chart_is_an_image_with_a_name_and_a_description(chart):
    svg = ET.fromstring(drawn(chart))
    assert svg.get("role") == "img"
    assert [child.tag for child in svg[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert svg.get("font-family") == "Ladder"


def test_a_chart_needs_no_stylesheet_and_no_script(chart):
    for shape in ET.fromstring(drawn(chart)).iter():
        assert shape.tag not in (f"{SVG}style", f"{SVG}script", f"{SVG}image")
        assert not [
            name for name in shape.attrib if name == "style" or name.startswith("on") or "href" in name
        ]


def test_what_a_person_wrote_stays_text(chart):
    svg = drawn(chart, text=HOSTILE)
    assert isinstance(svg, SafeString)
    assert "<script" not in svg
    assert "<image" not in svg
    assert ET.fromstring(svg)[0].text == HOSTILE


def test_an_element_escapes_what_it_holds_and_what_its_attributes_say():
    inner = element("tspan", HOSTILE)
    svg = element("text", inner, HOSTILE, x=1.5, aria_label=HOSTILE, dash=None)

    assert "<script" not in svg
    assert "<image" not in svg
    assert svg.count("<tspan>") == 1  # what is an element already stays one
    parsed = ET.fromstring(svg)
    assert parsed.attrib == {"x": "1.5", "aria-label": HOSTILE}
    assert "".join(parsed.itertext()) == HOSTILE * 2


def test_the_same_values_give_the_same_bytes(chart):
    assert drawn(chart) == drawn(chart)


@pytest.mark.parametrize(
    "picture",
    [
        radar([], [], rings=RINGS, title="", description=""),
        radar(["One"], [Series("Self", [None], "self")], rings=RINGS, title="", description=""),
        bars([], [], rings=RINGS, title="", description=""),
        bars(["One"], [], rings=RINGS, title="", description=""),
        spread([], title="", description=""),
    ],
)
def test_nothing_to_show_is_no_picture(picture):
    assert picture == ""


def test_two_series_differ_in_more_than_colour():
    lines = ET.fromstring(drawn(radar)).iter(f"{SVG}path")
    dashes = {
        line.get("class"): line.get("stroke-dasharray")
        for line in lines
        if "chart__line" in line.get("class", "")
    }
    assert len(set(dashes.values())) == len(dashes) == 3
    shapes = {
        shape.tag for shape in ET.fromstring(drawn(radar)).iter() if "chart__mark" in shape.get("class", "")
    }
    assert shapes == {f"{SVG}rect", f"{SVG}circle"}


def test_entries_of_a_legend_do_not_run_into_each_other():
    from ladder.charts.drawing import GAP, LETTER, SAMPLE, berths

    labels = ["Manager, Half-year review, May 2026", "Manager", "Self", "What Staff expects"]
    places, rows = berths(labels, 420)

    assert rows == 2
    for label, here, after in zip(labels, places, places[1:], strict=False):
        assert after[1] > here[1] or after[0] >= here[0] + SAMPLE + LETTER * len(label) + GAP
