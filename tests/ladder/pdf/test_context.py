"""What is shown of a snapshot up to format 3: only what is there, and what must not be missed."""

import re

import pytest
from django.template.loader import render_to_string

from ladder.pdf.context import Unreadable, packet_context


def page(snapshot):
    return " ".join(render_to_string("pdf/_sections.html", packet_context(snapshot)).split())


def headings(snapshot):
    return [section.key for section in packet_context(snapshot)["sections"]]


def test_sections_come_in_the_order_of_reading(snapshot):
    assert headings(snapshot) == [
        *("summary", "bar", "matrix", "stories", "scope", "trajectory", "gaps", "statements"),
        *("need", "evidence", "provenance"),
    ]


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("stories", "stories"),
        ("scope", "scope"),
        ("need", "need"),
        ("manager_statement", "statements"),
        ("trajectory", "trajectory"),
    ],
)
def test_a_section_without_matter_is_left_out(snapshot, source, key):
    snapshot[source] = [] if isinstance(snapshot[source], list) else None
    assert key not in headings(snapshot)
    assert f'id="packet-{key}"' not in page(snapshot)


def test_missing_gaps_and_risks_are_said_to_be_missing(snapshot):
    snapshot["gaps"] = ""
    assert "gaps" in headings(snapshot)
    assert "Missing. A packet has to say what is not yet there" in page(snapshot)


def test_a_decision_is_shown_once_there_is_one(snapshot):
    snapshot["decision"] = {
        "outcome": "Not yet",
        "rationale": "Product outcomes first.",
        "by": "Committee",
        "on": "2026-12-01",
        "look_again_on": "2027-06-01",
        "feedback": "",
    }
    assert "decision" in headings(snapshot)
    assert re.search(r"To be looked at again on</th>.*<td>1 June 2027</td>", page(snapshot))


def test_what_is_below_the_bar_is_said_on_the_first_page_of_reading(snapshot):
    summary = page(snapshot).partition('id="packet-summary"')[2].partition("</section>")[0]
    assert "Below the bar: Product and business outcomes." in summary


def test_unrated_competencies_are_told_apart_from_those_below(snapshot):
    row = snapshot["matrix"][0]
    row |= {"self": None, "manager": None, "gap": None, "readiness": "not assessed", "sustained": 0, "by": []}
    snapshot["matrix"][1]["readiness"] = "not observed"
    context = packet_context(snapshot)
    assert context["attention"] == {
        "below": ["Product and business outcomes"],
        "unobserved": ["API and integration design"],
        "unassessed": ["System architecture"],
    }
    assert context["matrix"][0][1][0]["gap"] == "–"
    assert "Not assessed" in page(snapshot)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//elsewhere.example", ""]
)
def test_only_a_page_on_the_web_becomes_a_link(snapshot, link):
    snapshot["evidence"] = [snapshot["evidence"][0] | {"link": link}]
    assert not packet_context(snapshot)["evidence"][0]["link"]
    assert "javascript:" not in page(snapshot)


def test_people_with_the_same_initials_are_told_apart(snapshot):
    for row, names in zip(snapshot["matrix"], [["Ada Bo"], ["Al Benn"], ["Ada Bo", "Cy Dunn"]], strict=False):
        row["by"] = names
    marks = packet_context(snapshot)["initials"]
    assert (marks["Ada Bo"], marks["Al Benn"], marks["Cy Dunn"]) == ("AB", "AB2", "CD")


def test_the_servers_own_zone_never_shows(snapshot, settings):
    utc = page(snapshot)
    settings.TIME_ZONE = "Pacific/Kiritimati"
    assert page(snapshot) == utc
    assert "18 November 2026, 09:30 (UTC)" in utc


def test_places_of_citation_name_each_document_once(snapshot):
    cites = [{"ref": ref, "source": "x", "gist": ""} for ref in ("002 s3", "000 s7", "002 s14")]
    snapshot["bar"][0]["behaviours"][0]["cites"] = cites
    assert packet_context(snapshot)["bar"][0][1][0]["behaviours"][0]["cited"] == "002 s3, s14; 000 s7"


def test_a_case_with_next_to_nothing_still_has_a_page(snapshot):
    snapshot |= {
        "summary": {"ask": "", "claims": []},
        "bar": [],
        "matrix": [],
        "stories": [],
        "scope": "",
        "gaps": "",
        "need": "",
        "manager_statement": None,
        "trajectory": {"cycles": [], "rows": []},
        "evidence": [],
        "months": [],
    }
    snapshot["case"] |= {"sponsor": "", "cycle": None, "wanted_from": None}
    snapshot["candidate"] |= {"level_since": None, "months_in_level": None, "manager": "", "pronouns": ""}
    snapshot["provenance"]["reviews"] = []
    assert "Łucja Markiewicz" in page(snapshot)
    assert "Sponsor" not in page(snapshot)


def test_the_page_has_no_inline_style_or_script(snapshot):
    html = page(snapshot)
    for banned in ("<style", "<script", " style=", "onclick", "hx-on"):
        assert banned not in html


def test_another_format_is_refused_in_words(snapshot):
    with pytest.raises(Unreadable, match="cannot read"):
        packet_context(snapshot | {"format": 5})


@pytest.mark.parametrize("variant", ["committee", "masked"])
def test_from_format_3_on_it_says_on_which_day_both_sides_came_in_and_nothing_more(whole, variant):
    whole = whole | {"format": 3, "packet": whole["packet"] | {"variant": variant}}
    reviews = [{"cycle": "Spring", "submitted_self": "2026-05-20", "submitted_manager": "2026-05-22"}]
    html = page(whole | {"provenance": whole["provenance"] | {"reviews": reviews}})

    told = " ".join(html.partition('id="packet-provenance"')[2].split())
    assert "Spring: self-assessment handed in on 20 May 2026, the manager’s on 22 May 2026." in told
    assert ("(UTC) by" in told) is (variant != "masked")
