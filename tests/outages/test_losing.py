"""What is said where the answer to a COMMIT is lost, or the database away, and that nothing is made twice."""

import pytest
from django.db import connection

from tests.throw_away import told_by

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def found(database_to_throw_away):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite answers a COMMIT within the process")
    return told_by("tests.outages.losing", database_to_throw_away)


def test_a_form_says_that_it_does_not_know_looks_and_says_which(found):
    assert found["a_form"] == {
        "answer": {"first": [503, True], "then": ["Your change was saved"], "kept": 1},
        "question": {
            "first": [503, True],
            "then": ["Your change was not saved"],
            "kept": 0,
            "again": [302, 1],
        },
    }


def test_an_autosave_that_is_sent_again_is_saved_once(found):
    lost = {"first": [503, "outcome-unknown"], "again": 200, "kept": [True, 1]}

    assert found["an_autosave"] == {"answer": lost, "question": lost, "entries": 2}


def test_what_was_typed_while_the_database_was_away_comes_back_and_is_kept_once(found):
    assert found["a_cut"] == {
        "meanwhile": [503, 503, 503],
        "come again": ["5", "5", "5"],
        "text": ["Of cut.\n\nAnd more."],
        "again": [302, 1],
        "a page": 200,
    }


def test_a_program_is_told_that_nobody_knows(found):
    assert found["a_program"] == [503, "application/problem+json", "outcome-unknown", 0]
