"""Letters of every script: drawn by the bundled face or one that the installation has, or refused by name."""

import pytest

from ladder.pdf.child import TypesettingFailed, child, typeset
from ladder.pdf.glyphs import without_face
from ladder.pdf.pictograms import without_pictograms

from .faces import make_face
from .reading import pages

UNDRAWN = "\U00016d43"  # a letter of a script that came into Unicode in 2024


def test_a_letter_that_no_face_has_is_named_and_nothing_is_printed(short, tmp_path):
    short["candidate"]["name"] = f"A{UNDRAWN} Long"
    with pytest.raises(TypesettingFailed, match=rf"letters of the packet: {UNDRAWN}.*folder fonts"):
        typeset(short, to=tmp_path / "x.pdf")
    assert not list(tmp_path.iterdir())


def test_the_next_packet_prints_after_one_that_was_refused(short, tmp_path):
    name = short["candidate"]["name"]
    short["candidate"]["name"] = UNDRAWN
    with pytest.raises(TypesettingFailed):
        typeset(short, to=tmp_path / "x.pdf")
    short["candidate"]["name"] = name
    assert typeset(short, to=tmp_path / "x.pdf").pages


def test_a_face_of_the_installation_draws_its_letters(short, tmp_path):
    short["candidate"]["name"] = "王秀英"
    typeset(short, to=tmp_path / "x.pdf")
    assert "王秀英" in pages(tmp_path / "x.pdf")[0]


def test_a_face_that_comes_while_the_printer_is_warm_is_used(short, tmp_path, settings):
    settings.FONT_DIR = tmp_path / "fonts"
    settings.FONT_DIR.mkdir()
    typeset(short, to=tmp_path / "x.pdf")
    warm = child.pid
    typeset(short, to=tmp_path / "x.pdf")
    assert child.pid == warm
    short["candidate"]["name"] = "王秀英"
    make_face(settings.FONT_DIR / "han.ttf")
    typeset(short, to=tmp_path / "y.pdf")
    assert "王秀英" in pages(tmp_path / "y.pdf")[0]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("shipped \U0001f680 today", "shipped [rocket] today"),
        ("\U0001f44d\U0001f3fd", "[thumbs up sign, emoji modifier fitzpatrick type-4]"),
        ("done ✓, then → next ★ ⚠️", "done ✓, then → next ★ ⚠️"),
        ("✅ and ❌", "[white heavy check mark] and [cross mark]"),
        ("王秀英 Łucja", "王秀英 Łucja"),
    ],
)
def test_pictograms_are_written_by_name(text, left):
    assert without_pictograms(text) == left


def test_a_text_with_pictograms_prints(short, tmp_path):
    short["need"] = "It flew \U0001f680 and ✅ held."
    typeset(short, to=tmp_path / "x.pdf")
    assert "It flew [rocket] and [white heavy check mark] held." in " ".join(pages(tmp_path / "x.pdf"))


def test_letters_without_a_face_are_named_before(short, tmp_path):
    short["candidate"]["name"] = f"A{UNDRAWN} Łucja \U0001f680"
    short["need"] = "ᚠᚢᚦ 王秀英"
    assert UNDRAWN in without_face(short)
    assert not set(without_face(short)) & set("王秀英Łucja\U0001f680")
    with pytest.raises(TypesettingFailed) as refused:
        typeset(short | {"evidence": []}, to=tmp_path / "x.pdf")
    assert set(refused.value.letters) == set(without_face(short))


def test_a_packet_that_can_be_drawn_names_nothing(short):
    assert without_face(short) == ""
