"""A ladder of another shape becomes a framework file that an author looks over, and then a draft."""

import io

import pytest
import yaml
from django.urls import reverse
from openpyxl import Workbook

from competencies.framework.models import Edition
from competencies.framework.parser import BadFile, read
from ladder.pages.framework.conversion import convert, is_of_another_shape
from tests.conftest import HTMX

from .test_imports import URL, author, post, text  # noqa: F401  the author is a fixture

CSV = 'Competency,L1,L2\nBaking,Bakes bread,"- Bakes cake\n- Teaches baking"\nServing,N/A,Serves\n'
SHAPES = {
    "matrix.csv": CSV,
    "semicolons.csv": 'Skill;L1;L2\nBaking;Bakes bread;"Bakes cake\nTeaches baking"\nServing;-;Serves\n',
    "list.csv": (
        "Skill,Level,Description\nBaking,L1,Bakes bread\nBaking,L2,Bakes cake\nBaking,L2,Teaches baking\n"
        "Serving,L2,Serves\n"
    ),
    "turned.tsv": 'Level\tBaking\tServing\nL1\tBakes bread\t\nL2\t"Bakes cake\nTeaches baking"\tServes\n',
    "table.md": (
        "# Kitchen\n\n| Competency | L1 | L2 |\n|:--|---|--:|\n| **Baking** | Bakes bread "
        "| Bakes cake<br>Teaches baking |\n"
        "| Serving | | Serves |\n"
    ),
    "bare.markdown": (
        "Skill | L1 | L2\n--- | --- | ---\nBaking | Bakes bread | * Bakes cake<br>* Teaches baking\n"
        "Serving | – | Serves\n"
    ),
    "list.yml": (
        "- {name: Baking, level: L1, summary: Bakes bread}\n"
        "- {name: Baking, level: L2, summary: [Bakes cake, Teaches baking], examples: []}\n"
        "- {name: Serving, level: L2, summary: Serves, domain: null}\n"
    ),
    "nested.yaml": "Baking: {L1: Bakes bread, L2: [Bakes cake, Teaches baking]}\nServing: {L2: Serves}\n",
    "list.json": '{"items": [{"skill": "Baking", "level": "L1", "text": "Bakes bread"}, '
    '{"skill": "Baking", "level": "L2", "text": ["Bakes cake", "Teaches baking"]}, '
    '{"skill": "Serving", "level": "L2", "text": "Serves"}]}',
}


def cells(conversion):
    """Return what the made file says: `{(competency, level): texts}`."""
    spec = read(conversion.text.encode(), file="made.yaml")
    return {
        (competency.title, level): [expectation.summary] * bool(expectation.summary)
        + [behaviour.text for behaviour in expectation.behaviours]
        for competency in spec.competencies
        for level, expectation in competency.expectations.items()
    }


@pytest.mark.parametrize("name", SHAPES)
def test_a_ladder_of_any_shape_becomes_the_same_file(db, name):
    conversion = convert(SHAPES[name].encode(), file=name)

    assert is_of_another_shape(SHAPES[name].encode(), name)
    assert conversion.levels == ["L1", "L2"]
    assert cells(conversion) == {
        ("Baking", "l1"): ["Bakes bread"],
        ("Baking", "l2"): ["Bakes cake", "Teaches baking"],
        ("Serving", "l2"): ["Serves"],
    }
    assert [row[1:] for row in conversion.rows] == [
        ["Baking", [["Bakes bread"], ["Bakes cake", "Teaches baking"]]],
        ["Serving", [[], ["Serves"]]],
    ]


def test_a_sheet_becomes_a_file(db):
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Area", "Competency", "L1", "L2"])
    book.active.append(["Kitchen", "Baking", "Bakes bread", "Bakes cake\nTeaches baking"])
    book.active.append([None, "Serving", None, "Serves"])
    book.active.merge_cells("A2:A3")
    book.save(file)
    conversion = convert(file.getvalue(), file="kitchen.xlsx")

    assert [row[:2] for row in conversion.rows] == [["Kitchen", "Baking"], ["Kitchen", "Serving"]]


AREAS = {
    "a column": "Area,Skill,L1\nCraft,Baking,x\n,Serving,y\nCare,Talking,z\n",
    "rows": "Skill,L1\nCraft,\nBaking,x\nServing,y\nCare,\nTalking,z\n",
    "headings": "# All\n## Craft\n|S|L1|\n|-|-|\n|Baking|x|\n|Serving|y|\n"
    "## Care\n|S|L1|\n|--|--|\n|Talking|z|\n",
    "fields": "- {area: Craft, skill: Baking, level: L1, text: x}\n"
    "- {area: Craft, skill: Serving, level: L1, text: y}\n"
    "- {area: Care, skill: Talking, level: L1, text: z}\n",
    "mappings": "Craft: {Baking: {L1: x}, Serving: {L1: y}}\nCare: {Talking: {L1: z}}\n",
}


@pytest.mark.parametrize("how", AREAS)
def test_areas_are_taken_as_they_stand(db, how):
    name = {"headings": "a.md", "fields": "a.yaml", "mappings": "a.yaml"}.get(how, "a.csv")

    rows = convert(AREAS[how].encode(), file=name).rows
    assert [row[:2] for row in rows] == [["Craft", "Baking"], ["Craft", "Serving"], ["Care", "Talking"]]


def test_examples_are_kept_with_their_level(db):
    text = "- area: technical\n  level: one\n  summary: Keeps order\n  examples: [A tidy bench]\n"
    spec = read(convert(text.encode(), file="x.yml").text.encode(), file="made.yaml")

    assert [(example.text, example.level) for example in spec.competencies[0].evidence] == [
        ("A tidy bench", "one")
    ]


def test_what_the_file_does_not_say_is_named(db):
    notes = " ".join(convert(CSV.encode(), file="Our kitchen.csv").notes)

    for told in ("no areas", "no track", "no rating scale", "L1 → L2", "called Our kitchen"):
        assert told in notes


def test_the_scale_of_the_newest_edition_is_taken(edition):
    conversion = convert(CSV.encode(), file="kitchen.csv")

    scale = [point["key"] for point in yaml.safe_load(conversion.text)["scale"]]
    assert scale == list(edition.scale.points.values_list("key", flat=True))
    assert f"Ladder used the one from {edition}" in " ".join(conversion.notes)


def test_titles_that_give_one_key_get_two(db):
    made = yaml.safe_load(convert("S,L+,L-\nC#,a,b\nC,c,d\n山,e,f\n".encode(), file="k.csv").text)

    assert [level["key"] for level in made["levels"]] == ["l", "l-2"]
    keys = [competency["key"] for competency in made["areas"][0]["competencies"]]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"only,a,heading\n"),
        ("a.csv", b"one column\nalone\n"),
        ("a.md", b"# Words\n\nand no table\n"),
        ("a.yml", b"[1, 2, {a: 3}]"),
        ("a.yml", b"[[], null]"),
        ("a.json", b"{}"),
        ("a.csv", b"C," + b",".join(b"L%d" % n for n in range(25)) + b"\nx" + b",y" * 25),
        ("a.csv", b"C,L1\n" + b"x,y\n" * 1_100),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.csv", b"\x00\x01\x02"),
        ("a.yml", b"- a: &x 1\n- *x\n"),
    ],
)
def test_what_is_no_ladder_is_refused(db, name, content):
    with pytest.raises(BadFile):
        convert(content, file=name)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_nothing_is_written_before_the_author_has_looked(author, edition, headers):  # noqa: F811
    response = post(author, CSV.encode(), name="kitchen.csv", headers=headers)

    assert response.status_code == 200
    assert "What Ladder read from kitchen.csv" in text(response)
    assert "Teaches baking" in text(response)
    assert Edition.objects.count() == 1


def test_what_was_looked_over_becomes_a_draft(author, edition):  # noqa: F811
    made = post(author, CSV.encode(), name="kitchen.csv").context["conversion"].text
    changed = made.replace("title: Kitchen", "title: Bakery", 1).replace("\n", "\r\n")
    response = author.post(URL, {"text": changed})

    draft = Edition.objects.get(framework__key="kitchen")
    assert response["Location"] == draft.get_absolute_url()
    assert (draft.framework.title, draft.state) == ("Bakery", "draft")
    page = text(author.get(draft.get_absolute_url()))
    assert "not defined" in page  # Serving at L1
    assert "Bakes cake" in page  # a first behaviour stands in for a summary
    assert "No source" in page
    for competency in draft.competency_set.all():
        assert author.get(competency.get_absolute_url()).status_code == 200
        assert author.get(competency.get_absolute_url() + "?view=changes").status_code == 200
    for level in draft.level_set.all():
        assert author.get(reverse("role", args=[draft.track_set.get().pk, level.pk])).status_code == 200


def test_faults_of_what_was_made_stand_above_it(author, edition):  # noqa: F811
    response = post(author, f"C,{'L' * 220}\nx,y\n".encode(), name="k.csv")
    assert "is longer than 200 characters" in text(response)

    response = author.post(URL, {"text": "format: 1\nrung: one"})
    assert response.status_code == 422
    assert "Fix the text below and try again." in text(response)
    assert "rung: one" in text(response)


def test_neither_a_file_nor_a_text_is_asked_for(author):  # noqa: F811
    response = author.post(URL, {"text": ""})

    assert response.status_code == 422
    assert "Choose a file first." in text(response)
