"""A packet of today leads with the person: the order of its parts, its cover, and its look on paper."""

import re
from collections import Counter

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from ladder.pdf.child import typeset
from ladder.pdf.context import packet_context

from .conftest import VARIANTS
from .reading import elements, pages
from .sheets import draw
from .variants import of_today, shortened, variant_of

NOTHING = {
    "summary": {"ask": "", "claims": []},
    "trajectory": {"cycles": [], "rows": []},
    **dict.fromkeys(("scope", "gaps", "need"), ""),
    **{several: [] for several in ("stories", "statements", "endorsements", "evidence", "months")},
    **dict.fromkeys(("decision", "appeal")),
}
UNRATED = {"self": None, "manager": None, "gap": None, "evidence": 0, "months": 0, "sustained": 0} | {
    "readiness": "not assessed",
    "yardstick": "",
    "by": [],
}
SMALLEST = 9  # points
THIRD, MARGIN = 1 / 3, 0.065  # of the height of a page


@pytest.fixture
def committee(whole):
    """The committee's copy before the hearing; yours to change."""
    return variant_of(whole, "committee")


@pytest.fixture
def unwritten(committee):
    """A case of which nothing is written and nothing assessed."""
    committee |= NOTHING
    for row in committee["matrix"]:
        row |= UNRATED
    committee["provenance"]["reviews"] = []
    return committee


def page(content):
    with translation.override("en"):
        context = packet_context(content)
        return " ".join(render_to_string(context["sheet"], context).split())


def titles(content):
    return [section.title for section in packet_context(content)["sections"]]


def part(content, key):
    """Return the markup of one part, up to the next."""
    return page(content).partition(f'id="packet-{key}"')[2].partition("<h2")[0]


def test_parts_come_in_the_order_of_reading_and_annexes_last(whole):
    assert titles(of_today(whole)) == [
        *("Summary", "Competency matrix", "Impact stories", "Scope and influence", "Endorsements"),
        *("Gaps and risks", "Business case", "Sponsor’s statement", "Manager’s statement"),
        *("Presenter’s statement", "Trajectory", "Decision sheet"),
        *("Annex A. Expectations at Staff", "Annex B. Evidence index"),
        "Annex C. Provenance and verification",
    ]


def test_parts_without_matter_are_left_out_and_annexes_lettered_anew(unwritten):
    assert titles(unwritten) == [
        *("Summary", "Competency matrix", "Gaps and risks", "Decision sheet"),
        *("Annex A. Expectations at Staff", "Annex B. Provenance and verification"),
    ]
    assert "What is asked for has not been written yet." in page(unwritten)
    assert "Missing. A packet has to say what is not yet there" in page(unwritten)


def test_the_cover_tells_the_outcome_where_the_copy_knows_it(whole, committee):
    whole = of_today(whole)
    assert packet_context(whole)["outcome"] == {
        "title": "Promote",
        "on": "Decided on appeal on 10 February 2027.",
    }
    whole["appeal"]["decision"] = None
    assert packet_context(whole)["outcome"]["on"] == "Decided on 4 December 2026, under appeal."
    whole["appeal"] = None
    assert packet_context(whole)["outcome"] == {"title": "Not yet", "on": "Decided on 4 December 2026."}
    assert packet_context(committee)["outcome"] is None


def test_the_strip_says_each_rating_in_words(committee):
    strip = str(packet_context(committee)["charts"]["strip"])
    for row in committee["matrix"]:
        assert f"{row['title']}: {row['manager']['label']}" in strip


def test_a_rating_at_another_level_is_not_held_against_the_target(committee):
    committee["matrix"][0] |= {"readiness": "not assessed", "yardstick": "Senior"}
    assert "System architecture: no rating at this level" in str(packet_context(committee)["charts"]["strip"])
    assert "Assessed at Senior" in part(committee, "matrix")


def test_the_summary_counts_readiness_and_names_who_supports_and_what_is_asked(committee):
    context = packet_context(committee)
    assert context["counts"] == [(14, "met"), (1, "below target")]
    assert context["asked"] == (
        "Promotion to Staff on the Java backend track, effective from 1 January 2027."
    )
    assert context["supporters"][:3] == [
        ("Henrik Aas", "manager"),
        ("Ingrid Solheim", "sponsor"),
        ("Þórður Guðmundsson", "presenter"),
    ]
    assert context["supporters"][3] == ("王秀英", "Staff, Partner, outside the team")
    assert "Below target: Product and business outcomes." in part(committee, "summary")


def test_a_manager_who_sponsors_is_named_once(committee):
    committee["case"] |= {"sponsor": committee["candidate"]["manager"], "presenter": ""}
    assert packet_context(committee)["supporters"][0] == ("Henrik Aas", "manager and sponsor")
    assert ("Manager and sponsor", "Henrik Aas") in packet_context(committee)["facts"]


def test_an_anonymised_copy_tells_roles_for_names(whole):
    context = packet_context(variant_of(whole, "masked"))
    assert [name for name, _role in context["supporters"][:3]] == ["Manager", "Sponsor", "Presenter"]
    assert not {"Manager", "Sponsor", "Pronouns", "Team"} & {label for label, _value in context["facts"]}


def test_endorsements_name_the_level_where_it_is_known(committee):
    told = part(committee, "endorsements")
    assert "王秀英, Staff</h3>" in told
    assert "Łukasz Żółć</h3>" in told


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ("committee", "□ Promote"),
        ("masked", "□ Promote"),
        ("candidate", "No decision had been released"),
        ("archive", "No decision had been released"),
    ],
)
def test_a_sheet_without_a_decision_is_blank_or_says_so(variant, said, committee):
    committee["packet"]["variant"] = variant
    assert said in part(committee, "decision")


def test_the_trajectory_tells_earlier_reviews_and_what_changed_since(committee):
    row = packet_context(committee)["trajectory"]["rows"][0]
    assert [len(row["values"]), row["change"]] == [1, "+1"]
    cycles = committee["trajectory"]["cycles"]
    committee["trajectory"] = {"cycles": cycles[:1], "rows": committee["trajectory"]["rows"]}
    for row in committee["trajectory"]["rows"]:
        row["values"] = row["values"][:1]
    assert "No earlier review on this framework can be compared with it." in part(committee, "trajectory")
    assert "<table" not in part(committee, "trajectory")


def test_evidence_names_who_recorded_it_where_that_is_not_the_candidate(committee):
    committee["evidence"] = committee["evidence"][:2]
    committee["evidence"][1]["recorded_by"] = "Henrik Aas"
    told = part(committee, "evidence")
    assert "Recorded by Henrik Aas." in told
    assert "Recorded by Łucja Markiewicz." not in told


def test_it_has_no_inline_style_or_script_and_no_long_dash(whole):
    html = page(of_today(whole))
    for banned in ("<style", "<script", " style=", "onclick", "hx-on", "—"):
        assert banned not in html


def test_the_servers_own_zone_never_shows(whole, settings):
    utc = page(of_today(whole))
    settings.TIME_ZONE = "Pacific/Kiritimati"
    assert page(of_today(whole)) == utc
    assert "11 February 2027, 15:20 (UTC)" in utc


def test_an_anonymised_copy_tells_days_alone(whole):
    masked = variant_of(whole, "masked") | {"redacted": ["2027-03-01T10:11:12Z"]}
    assert "(UTC)" not in page(masked)
    assert "Redacted on 1 March 2027, because someone was erased." in page(masked)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_contents_name_the_page_on_which_each_part_begins(variant, copies):
    content, path, _result = copies(variant)
    told = pages(path)
    for title in titles(content):
        number = int(re.search(rf"(\d+)\s+{re.escape(title)}", told[0])[1])
        assert title in told[number - 1].replace("- ", "-")


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_is_smaller_than_nine_points(variant, copies):
    with pikepdf.open(copies(variant)[1]) as pdf:
        sizes = sum((sizes_of(page, page.Resources) for page in pdf.pages), Counter())
    assert sum(sizes.values()) > 500
    assert min(sizes) >= SMALLEST


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_page_but_the_last_is_all_but_empty(variant, copies, tmp_path):
    assert [filled for filled in filling(copies(variant)[1], tmp_path)[:-1] if filled < THIRD] == []


def test_a_case_with_nothing_written_has_no_empty_page(unwritten, tmp_path):
    typeset(unwritten, to=tmp_path / "packet.pdf")
    assert [filled for filled in filling(tmp_path / "packet.pdf", tmp_path)[:-1] if filled < THIRD] == []


def test_five_stories_are_still_a_sitting(committee, tmp_path):
    committee["stories"] += [committee["stories"][0] | {"title": "A fifth story"}]
    assert 8 <= typeset(committee, to=tmp_path / "packet.pdf").pages <= 14


def test_the_scale_stands_under_its_heading(copies):
    told = next(page for page in pages(copies("committee")[1]) if "Rating scale" in page)
    assert "Not yet Has not been seen" in told


def test_items_of_a_list_hold_a_label_and_bodies_whatever_is_written_in_them(committee, tmp_path):
    committee["scope"] = (
        "- one\n\n- two\n\n  more of two\n\n  - within\n\n1. first\n\n   ```\n   code\n   ```"
    )
    typeset(shortened(committee), to=tmp_path / "packet.pdf")
    with pikepdf.open(tmp_path / "packet.pdf") as pdf:
        items = [node for kind, node in elements(pdf) if kind == "LI"]
        kinds = [str(kid.S) for item in items for kid in item.K if isinstance(kid, pikepdf.Dictionary)]
    assert len(items) > 10
    assert set(kinds) == {"/Lbl", "/LBody"}


def filling(path, folder):
    """Return how far down each page its last line stands, as a share of what lies between its margins."""
    shares = []
    for picture in draw(path, folder):
        high = picture.height
        edge = int(high * MARGIN)
        body = picture.crop((0, edge, picture.width, high - edge)).point(lambda shade: 255 * (shade < 200))
        shares.append((body.getbbox() or (0, 0, 0, 0))[3] / body.height)
    return shares


def sizes_of(stream, resources, matrix=(1, 0, 0, 1, 0, 0)):
    """Return how often letters of each size, in points, are drawn by a page or by a picture on it."""
    found, kept, size, text = Counter(), [], 0.0, (1, 0, 0, 1, 0, 0)
    for operands, operator in pikepdf.parse_content_stream(stream):
        match str(operator):
            case "q":
                kept.append(matrix)
            case "Q":
                matrix = kept.pop()
            case "cm":
                matrix = times(operands, matrix)
            case "Tf":
                size = float(operands[1])
            case "Tm":
                text = operands
            case "Tj" | "TJ":
                a, b, c, d, *_place = times(text, matrix)
                found[round(size * abs(a * d - b * c) ** 0.5, 2)] += 1
            case "Do":
                inner = resources.XObject[str(operands[0])]
                if inner.Subtype == "/Form":
                    found += sizes_of(inner, inner.get("/Resources", resources), matrix)
    return found


def times(one, other):
    a, b, c, d, e, f = map(float, one)
    g, h, i, j, k, m = map(float, other)
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
