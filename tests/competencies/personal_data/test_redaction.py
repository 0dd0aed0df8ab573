"""Names, emails and staff numbers as they stand in texts."""

import pytest

from competencies.evidence.models import Evidence
from competencies.personal_data.redaction import Mentions

NAMES = [
    "Ada Lovelace",
    "Élodie Ünal",
    "Лев Толстой",
    "Bo Ek",
    "王 小明",
    "Dwayne “Rock” Müller-Lüdenscheidt",
]


def mentions(name, email="ada@example.com", number="E-10023"):
    return Mentions((name,), (email,), (number,), "X")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", [str, str.upper, str.lower])
def test_a_name_is_found_in_a_table_and_taken_out_however_it_is_written(db, sam, evidence, name, written):
    piece = evidence[0]
    Evidence.objects.filter(pk=piece.pk).update(text=f"({written(name)}) and others")
    found = mentions(name)

    assert list(Evidence.objects.filter(found.candidates("text"))) == [piece]
    assert found.out_of(f"({written(name)}) and others") == "(X) and others"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ada Lovelace's design", "X's design"),
        ("ada\nlovelace", "X"),
        ("Adas Lovelaces", "Adas Lovelaces"),
        ("Ada and Lovelace", "Ada and Lovelace"),
        ("Ask ADA@example.com.", "Ask X."),
        ("no-ada@example.com, ada@example.com.au", "no-ada@example.com, ada@example.com.au"),
        ("mailto:ada@example.com?x", "mailto:X?x"),
        ("number e-10023, not E-100234", "number X, not E-100234"),
    ],
)
def test_words_of_their_own_and_nothing_else(text, left):
    assert mentions("Ada Lovelace").out_of(text) == left


def test_a_short_staff_number_is_a_number_of_anything():
    assert mentions("Ada Lovelace", number="12").out_of("12 services") == "12 services"


def test_texts_within_texts_are_reached():
    value = {"by": "Ada Lovelace", "rows": [{"text": "With Ada Lovelace", "n": 3, "none": None}]}

    assert mentions("Ada Lovelace").out_of_all(value) == {
        "by": "X",
        "rows": [{"text": "With X", "n": 3, "none": None}],
    }
    assert mentions("Ada Lovelace").are_in(value)
    assert not mentions("Ada Byron").are_in(value)
