import pytest

from competencies.framework.searching import PER_KIND, search, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" ", []),
        ("a", []),
        ("é", []),
        ("ab", ["ab"]),
        ("  Spring\tBOOT  spring ", ["spring", "boot"]),
        ("a b", ["a", "b"]),
        ("nul\x00byte", ["nul", "byte"]),
        ("w " * 100, ["w"] * 0),
        (" ".join(f"w{number}" for number in range(20)), [f"w{number}" for number in range(8)]),
    ],
)
def test_words_of_a_query(text, words):
    assert words_of(text) == words


def _found(edition, text):
    return {group.kind: [str(row) for row in group.rows] for group in search([edition], words_of(text))}


@pytest.mark.parametrize("text", ["kafka", "KAFKA", "Kaf"])
def test_case_does_not_matter(edition, text):
    assert "Kafka" in _found(edition, text)["skill"]


def test_every_word_has_to_be_there(edition):
    assert _found(edition, "reconciliation integrity")["behaviour"]
    assert "behaviour" not in _found(edition, "reconciliation kafka")


def test_a_word_may_stand_in_what_a_behaviour_belongs_to(edition):
    found = search([edition], words_of("staff boundaries"))
    behaviours = next(group.rows for group in found if group.kind == "behaviour")
    assert {row.expectation.level.key for row in behaviours} == {"staff"}


def test_a_passage_is_found_by_how_it_is_cited(edition):
    assert _found(edition, "000 s7")["passage"] == ["000 s7"]


@pytest.mark.parametrize("text", ["100%", "_", "__", "\\", "'; drop table", '"', "<script>", "(("])
def test_signs_are_only_signs(edition, text):
    for rows in _found(edition, text).values():
        assert rows


def test_each_kind_is_bounded(edition):
    groups = {group.kind: group for group in search([edition], words_of("the"))}
    assert len(groups["behaviour"].rows) == PER_KIND
    assert groups["behaviour"].more
    assert not groups["source"].more if "source" in groups else True


def test_a_draft_is_not_found_through_another_edition(edition, tiny):
    assert _found(edition, "makes many things") == {}
    assert _found(tiny, "makes many things")["behaviour"] == ["Makes many things."]


def test_letters_beyond_ascii_are_found_in_any_case(tiny):
    tiny.area_set.update(title="Über")
    tiny.competency_set.update(title="Ärger mit Änderungen")
    assert _found(tiny, "änderungen")["competency"] == ["Ärger mit Änderungen"]


def test_the_number_of_queries_is_bounded(edition, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        search([edition], words_of("team"))
