"""People who act at the same instant, on a database of their own (see `racing.py`)."""

import pytest

from tests.throw_away import told_by


@pytest.fixture(scope="module")
def races(database_to_throw_away):
    return told_by("tests.competencies.reviews.racing", database_to_throw_away)


def test_of_two_submits_one_counts(races):
    assert races["two_submits_of_one_side"] == {"ends": ["denied", "done"], "submissions": 1, "entries": 1}


def test_the_last_submits_of_both_sides_make_one_reveal(races):
    assert races["last_submits_of_both_sides"] == [[["done", "done"], 1]] * 5


def test_a_rating_that_meets_a_submit_is_in_it_or_refused(races):
    in_it, refused = ["done", "done", "Late.", "Late."], ["denied", "done", "", ""]

    assert [ends for ends in races["a_rating_against_a_submit"] if ends not in (in_it, refused)] == []


def test_of_the_first_answers_of_four_tabs_one_is_kept(races):
    assert races["two_first_answers"] == {"ends": ["done", "stale", "stale", "stale"], "ratings": 1}


def test_of_eight_tabs_each_save_is_kept_or_told_that_it_is_stale(races):
    outcome = races["eight_tabs_autosave_everything"]

    assert outcome.pop("stale") > 0
    assert outcome == {
        "ends": ["done"] * 8,
        "kept": 200,
        "versions_taken_twice": 0,
        "stored_is_the_last_kept": True,
        "entries": 200,
        "texts_lost": [],
    }


@pytest.mark.parametrize("step", ["reopen", "submit", "discuss", "sign", "close"])
def test_a_double_click_does_it_once(races, step):
    assert races["a_double_click_on_each_step"][step] == ["denied", "done"]


def test_the_yardstick_does_not_move_under_an_answer(races):
    assert all(in_order for *_ends, in_order in races["a_yardstick_against_a_first_answer"])


def test_nothing_is_saved_after_the_close(races):
    assert races["a_rating_against_a_close"] == [0] * 5


def test_saving_moving_placing_and_nominating_do_not_wait_for_each_other_for_ever(races):
    assert races["saving_while_people_are_placed"] == ["done"] * 4


def test_a_promotion_and_a_placement_do_not_wait_for_each_other_for_ever(races):
    assert races["a_promotion_while_somebody_is_placed"] == [["done", "done"]] * 6


def test_two_moves_at_once_close_no_circle(races):
    assert races["two_halves_of_a_circle"] == ["done", "not-now"]


def test_the_trail_is_whole_after_all_that(races):
    assert races["the_trail_after_all_that"]
