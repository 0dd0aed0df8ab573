"""The Latin of each typeface: cut from the whole one, as the style sheet promises it."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from ladder.ops.bundles import SOURCES

FOLDER = SOURCES / "ladder" / "fonts"
PRINTED = re.findall(
    r"asset:fonts/([\w-]+)\.woff2", (SOURCES / "ladder" / "css" / "packet" / "print4.css").read_text()
)
RULES = re.findall(r"@font-face \{[^}]*\}", (SOURCES / "ladder" / "css" / "fonts.css").read_text())
FACES = sorted(file.stem for file in FOLDER.glob("*.woff2") if not file.stem.endswith("-Latin"))
ASKED_FOR = {"calt", "cv11", "kern", "liga", "locl", "ss03", "tnum", "zero"}
LETTERS = "Größe, œuvre, Zażółć gęślą jaźń, příliš žluťoučký kůň, İğdır, Țepeș; “don’t” – 3 × 4 − 1 → 5 €"


@pytest.mark.parametrize("face", FACES)
def test_the_latin_of_a_face_has_what_the_style_sheet_says(face):
    whole, latin = (TTFont(FOLDER / f"{face}{end}.woff2") for end in ("", "-Latin"))
    promised = _promised(f"{face}-Latin") & set(whole.getBestCmap())

    assert promised <= set(latin.getBestCmap())
    assert {ord(letter) for letter in LETTERS} <= promised
    assert _features(latin) & ASKED_FOR == _features(whole) & ASKED_FOR
    assert latin["head"].fontRevision == whole["head"].fontRevision
    assert latin["hmtx"][latin.getBestCmap()[ord("m")]] == whole["hmtx"][whole.getBestCmap()[ord("m")]]


def test_each_face_is_named_whole_and_then_in_latin():
    named = [Path(re.search(r'url\("([^"]+)"\)', rule)[1]).stem for rule in RULES]
    half = len(named) // 2

    assert sorted(named[:half]) == FACES
    assert named[half:] == [f"{face}-Latin" for face in named[:half]]


@pytest.mark.parametrize("face", FACES)
def test_no_letter_of_a_face_is_lost_between_the_two(face):
    whole, latin = _promised(face), _promised(f"{face}-Latin")
    marks = set(range(0x300, 0x370))

    assert set(TTFont(FOLDER / f"{face}.woff2").getBestCmap()) - {0} <= whole | latin
    assert whole & latin == marks


def test_packets_are_set_in_faces_that_a_printer_reads_at_once():
    """Python undoes the transformation of outlines letter by letter: two thirds of the start of a printer."""
    transformed = {face: TTFont(FOLDER / f"{face}.woff2").flavorData.transformedTables for face in PRINTED}

    assert not any(transformed.values()), transformed
    assert len(transformed) == 4


def _promised(face):
    """Return the codes for which the style sheet names the file of a face."""
    rule = next(rule for rule in RULES if f"/{face}.woff2" in rule)
    codes = set()
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", rule):
        codes |= set(range(int(first, 16), int(last or first, 16) + 1))
    return codes


def _features(font):
    return {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
