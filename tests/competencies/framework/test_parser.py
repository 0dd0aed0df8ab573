import re

import pytest

from competencies.framework import parser
from competencies.framework.loading import load
from competencies.framework.models import (
    Area,
    Behaviour,
    Competency,
    Edition,
    Expectation,
    Framework,
    Level,
    Requirement,
    ScalePoint,
    Skill,
    Track,
)
from competencies.framework.parser import MAX_BYTES, MAX_FAULTS, MAX_NODES, BadFile, read
from competencies.framework.writing import write
from competencies.sources.models import Passage, Source

from .conftest import TINY

HERE = "# here"
ONE = "areas[1].competencies[1]"

# name: (text to replace, replacement with the faulty line marked, field, words of the message)
BROKEN = {
    "unknown field": ("format: 1", "format: 1\ncolour: red  # here", "colour", "isn’t a field"),
    "missing field": (
        "{key: low, title: Low, rung: 1, scope: Own work.}",
        "{key: low, title: Low, scope: Own work.}  # here",
        "levels[1].rung",
        "is missing",
    ),
    "unknown format": ("format: 1", "format: 2  # here", "format", "must be one of 1"),
    "text for a number": ("rung: 2,", "rung: two,", "levels[2].rung", "must be a whole number"),
    "number for text": (
        "title: Craft",
        "title: 12  # here",
        "areas[1].title",
        "must be text: put it in quotes",
    ),
    "text for a map": ("{key: tiny, title: Tiny}", "tiny  # here", "framework", "must be a mapping"),
    "text for a choice": ("bar: true", "bar: maybe", "scale[2].bar", "must be true or false"),
    "list for text": ("title: Craft", "title: [Craft]  # here", "areas[1].title", "must be text"),
    "map for a list": (
        "areas:\n  - key: craft",
        "areas:  # here\n    key: craft",
        "areas",
        "must be a list",
    ),
    "key with capitals": (
        "- key: craft",
        "- key: Craft  # here",
        "areas[1].key",
        "doesn’t match the required pattern",
    ),
    "empty text": ("title: Making", 'title: ""  # here', f"{ONE}.title", "is empty"),
    "long text": ("title: Craft", f"title: {'x' * 201}  # here", "areas[1].title", "longer than 200"),
    "letter of no use": (
        "summary: Makes things.",
        'summary: "Makes\\0 things."  # here',
        f"{ONE}.summary",
        "the character U+0000",
    ),
    "half a letter": (
        "summary: Makes things.",
        'summary: "Makes\\ud83d things."  # here',
        "",
        "",
    ),
    "long number": ("rung: 2,", f"rung: {'9' * 5_000},", "levels[2].rung", "is too large"),
    "citation of no form": (
        '{text: Makes one thing., cites: ["900 s1"]}',
        '{text: Makes one thing., cites: ["900, 1"]}  # here',
        f"{ONE}.expectations.low.behaviours[1].cites[1]",
        "doesn’t match the required pattern",
    ),
    "citation of nothing": (
        '{text: Makes one thing., cites: ["900 s1"]}',
        '{text: Makes one thing., cites: ["900 s3"]}  # here',
        f"{ONE}.expectations.low.behaviours[1].cites[1]",
        "there’s no passage 900 s3 in this file",
    ),
    "unknown track": (
        "track: web}\n              - {text: Makes on",
        "track: wab}  # here\n              - {text: Makes on",
        f"{ONE}.expectations.high.behaviours[2].track",
        "no track wab",
    ),
    "unknown way of inferring": (
        "inferred: split}",
        "inferred: guessed}  # here",
        f"{ONE}.expectations.high.behaviours[1].inferred",
        "must be one of",
    ),
    "unknown level in a cell": (
        "          low:\n",
        "          lower:  # here\n",
        f"{ONE}.expectations.lower",
        "no level lower",
    ),
    "unknown competency of a skill": (
        "competency: making\n    per_track:\n      web: {class: any-of, choice: material, note",
        "competency: mending  # here\n    per_track:\n      web: {class: any-of, choice: material, note",
        "skills[1].competency",
        "no competency mending",
    ),
    "unknown strength": ("{class: required}", "{class: nice}  # here", "skills[1].per_track.data", "one of"),
    "source that nothing leads to": (
        "scale:",
        '  - {key: "901", title: Idle, passages: [{n: 1, gist: Idle.}]}  # here\nscale:',
        "sources[2]",
        "isn’t cited",
    ),
    "key twice in a map": (
        "title: Craft",
        "title: Craft\n    title: Art  # here",
        "areas[1].title",
        "is repeated",
    ),
    "key twice in a list": (
        "  - {key: data, title: Data, summary: Makes tables.",
        "  - {key: web, title: Data, summary: Makes tables.",
        "tracks",
        "web appears here 2 times",
    ),
    "passage twice": ("{n: 2, gist", "{n: 1, gist", "sources[1].passages", "1 appears here 2 times"),
    "two bars": (
        "anchor: Not seen., value: 1",
        "anchor: Not seen., value: 1, bar: true",
        "scale",
        "one point",
    ),
    "no bar": ("value: 2, bar: true", "value: 2", "scale", "exactly one point"),
    "bar without a value": (
        "value: 2, bar: true}\n  - {key: not-observed,",
        "value: 2}\n  - {bar: true, key: not-observed,",
        "scale",
        "exactly one point",
    ),
    "falling values": (
        "anchor: Not seen., value: 1",
        "anchor: Not seen., value: 3",
        "scale",
        "must increase",
    ),
    "circle": (
        "{key: low, title: Low, rung: 1, scope: Own work.}",
        "{key: low, title: Low, rung: 1, scope: Own work., includes: [high]}  # here",
        "levels[1].includes",
        "leads back to the level itself",
    ),
    "alias": (
        "title: Craft",
        "title: &name Craft\n    purpose: *name  # here",
        "",
        "Aliases (*name) aren’t supported",
    ),
    "tab": ("    title: Craft", "\ttitle: Craft  # here", "", "found a tab character"),
    "open bracket": ("format: 1", "format: [1  # here", "", "expected ',' or ']'"),
    "control character": ("title: Craft", "title: Cr\x07aft", "", "control characters are not allowed"),
    "second document": ("skills:", "---\nskills:", "", "more than one document"),
}


@pytest.mark.parametrize(("old", "new", "field", "words"), BROKEN.values(), ids=BROKEN)
def test_a_fault_names_file_line_and_field_and_changes_nothing(db, old, new, field, words):
    assert TINY.count(old) >= 1, "the table speaks of a line that is not in the file"
    text = TINY.replace(old, new, 1)

    with pytest.raises(BadFile) as refused:
        load(text.encode(), file="tiny.yaml", by=None)

    fault = next(fault for fault in refused.value.faults if words in fault.message)
    assert fault.file == "tiny.yaml"
    assert fault.field.startswith(field)
    if HERE in text and fault.field:
        assert HERE in text.splitlines()[fault.line - 1]
    assert not Framework.objects.filter(key="tiny").exists()
    assert not Source.objects.filter(key__in=["900", "901"]).exists()


def test_a_cell_of_another_level_is_named():
    text = TINY.replace("          high:\n", "          highest:\n")
    with pytest.raises(BadFile) as refused:
        read(text.encode(), file="tiny.yaml")
    assert [fault.message for fault in refused.value.faults] == ["there’s no level highest in this file"]


EMPTY = (
    "",
    "low: N/A",
    "low: n/a",
    "low: ''",
    "low: '-'",
    "low: null",
    "low:",
    "low: {}",
    "low: {summary: '', behaviours: []}",
)


@pytest.mark.parametrize("cell", EMPTY)
def test_a_cell_that_says_nothing_is_an_empty_one(db, cell):
    whole = TINY[TINY.index("          low:\n            summary") : TINY.index("          high:\n")]
    edition = load(TINY.replace(whole, f"          {cell}\n").encode(), file="tiny.yaml", by=None)

    low = edition.competency_set.get().expectations.get(level__key="low")
    assert (low.summary, low.behaviours.count(), low.is_empty) == ("", 0, True)
    assert load(write(edition), file="again.yaml", by=None) == edition


def test_every_cell_may_not_be_empty():
    whole = TINY[TINY.index("          low:\n            summary") : TINY.index("skills:")]
    with pytest.raises(BadFile, match="has no expectation for any level"):
        read(TINY.replace(whole, "          low: N/A\n").encode(), file="tiny.yaml")


def test_a_ladder_needs_no_sources(db):
    text = TINY[: TINY.index("sources:")] + TINY[TINY.index("scale:") :]
    text = re.sub(r",? ?cites: \[[^]]*\]", "", text)
    text = text.replace("            \n", "")
    edition = load(text.encode(), file="tiny.yaml", by=None)

    assert not edition.citation_set.exists()
    behaviours = edition.behaviour_set.all()
    track = edition.track_set.first()
    assert {row.rests_on for row in behaviours.with_basis(track)} == {"uncited"}
    assert {row.basis(track, set()) for row in behaviours} == {"uncited"}
    assert load(write(edition), file="again.yaml", by=None) == edition


def test_a_text_alone_is_a_summary_or_a_behaviour(db):
    whole = TINY[TINY.index("          low:\n            summary") : TINY.index("          high:\n")]
    text = TINY.replace(whole, "          low: Makes small things.\n")
    text = text.replace('{text: Makes on time., cites: ["900 s1", "900 s2"]}', "Makes on time.")
    spec = read(text.encode(), file="tiny.yaml")

    cells = spec.areas[0].competencies[0].expectations
    assert (cells["low"].summary, cells["low"].behaviours) == ("Makes small things.", [])
    assert cells["high"].behaviours[-1].text == "Makes on time."


KEPT = {
    "LevelSpec": Level, "TrackSpec": Track, "AreaSpec": Area, "CompetencySpec": Competency,
    "ExpectationSpec": Expectation, "BehaviourSpec": Behaviour, "SkillSpec": Skill, "PointSpec": ScalePoint,
    "RequirementSpec": Requirement, "SourceSpec": Source, "PassageSpec": Passage, "FrameworkSpec": Framework,
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_what_a_file_accepts_fits_its_column(name):
    columns = {field.name: field for field in KEPT[name]._meta.get_fields() if hasattr(field, "max_length")}
    schema = getattr(parser, name).model_json_schema()["properties"]
    checked = []
    for key, said in schema.items():
        column = columns.get({"n": "number"}.get(key, key))
        if said.get("type") == "string" and column is not None and column.max_length and "enum" not in said:
            assert (said.get("maxLength") or longest(said)) <= column.max_length, key
            checked.append(key)
    assert checked or name in ("ExpectationSpec", "BehaviourSpec", "PassageSpec")


def longest(said):
    """Return how long a text can be that has to match a pattern of counted characters."""
    return int(re.search(r"\{1,(\d+)\}", said["pattern"])[1])


def test_every_fault_is_told_at_once():
    text = TINY.replace("title: Craft", "titel: Craft").replace("rung: 1", "rung: none")
    with pytest.raises(BadFile) as refused:
        read(text.encode(), file="tiny.yaml")
    assert {fault.field for fault in refused.value.faults} == {
        "areas[1].title",
        "areas[1].titel",
        "levels[1].rung",
    }


def test_a_fault_reads_like_a_compiler_says_it():
    with pytest.raises(BadFile) as refused:
        read(TINY.replace("format: 1", "format: 7").encode(), file="tiny.yaml")
    assert str(refused.value) == "tiny.yaml:1:9: format: must be one of 1"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "doesn’t contain fields and values"),
        (b"- a\n- b\n", 1, "doesn’t contain fields and values"),
        (b"just words", 1, "doesn’t contain fields and values"),
        (b"format: 1\ntitle: \xff\xfe\n", 2, "not UTF-8"),
        (b"a: " + b"x" * MAX_BYTES, 1, "larger than 2 MiB"),
        (b"a: " + b"[" * 40 + b"]" * 40, 1, "more than 16 levels deep"),
        (b"a:\n" + b"- 1\n" * MAX_NODES, MAX_NODES - 1, "more than 60,000 values"),
        (b"a: !!python/object/apply:os.system ['true']\nformat: 1", 1, "isn’t a field"),
        (b"? [a, b]\n: c\n", 1, ""),
        ("﻿format: 3\n".encode(), 1, "one of 1"),
    ],
    ids=["empty", "list", "scalar", "utf8", "bytes", "depth", "nodes", "tag", "odd key", "byte order mark"],
)
def test_limits_hold_before_anything_is_built(content, line, words):
    with pytest.raises(BadFile) as refused:
        read(content, file="x.yaml")
    faults = [fault for fault in refused.value.faults if words in fault.message]
    assert faults
    assert faults[0].line == line
    assert len(refused.value.faults) <= MAX_FAULTS


def test_plain_words_of_yaml_1_1_stay_words():
    spec = read(TINY.replace("title: Craft", "title: no").encode(), file="tiny.yaml")
    assert spec.areas[0].title == "no"


def test_the_built_in_ladder_is_read(db):
    assert Edition.objects.in_force().get().competency_set.count() == 15
