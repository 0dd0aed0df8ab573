import pytest

from ladder.pages.framework.marking import pieces


def said(text, words, **options):
    return [(piece.text, piece.hit) for piece in pieces(text, words, **options)]


@pytest.mark.parametrize(
    ("text", "words", "cut"),
    [
        ("Kafka", ["kafka"], [("Kafka", True)]),
        ("no hit", ["x"], [("no hit", False)]),
        ("a KAFKA b", ["kafka"], [("a ", False), ("KAFKA", True), (" b", False)]),
        ("Anne-Marie O’Brien", ["obrien", "anne"], [("Anne", True), ("-Marie ", False), ("O’Brien", True)]),
        ("cargo go", ["go"], [("cargo ", False), ("go", True)]),
        (
            "Résumé, cafe\u0301.",
            ["resume", "cafe"],
            [("Résumé", True), (", ", False), ("cafe\u0301", True), (".", False)],
        ),
        ("teams", ["team", "teams"], [("teams", True)]),
        ("<b>", ["b"], [("<", False), ("b", True), (">", False)]),
        ("", ["b"], []),
    ],
)
def test_a_text_is_cut_where_the_words_stand(text, words, cut):
    assert said(text, words) == cut


def test_a_long_text_is_shown_around_the_first_hit():
    text = "x " * 400 + "needle" + " y" * 400
    shown = "".join(piece for piece, _hit in said(text, ["needle"], longest=100))
    assert "needle" not in shown or len(shown) < 110
    shown = "".join(piece for piece, _hit in said(text, ["needle"]))
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "needle" in shown
    assert len(shown) < 330
