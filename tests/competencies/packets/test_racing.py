"""An export that is cancelled while it is tried again, on a database of its own (see `racing.py`)."""

import pytest

from tests.throw_away import told_by


@pytest.fixture(scope="module")
def races(database_to_throw_away):
    return told_by("tests.competencies.packets.racing", database_to_throw_away)


@pytest.mark.parametrize("step", ["retry one", "retry all"])
def test_what_is_tried_again_while_it_is_cancelled_is_refused_and_stays_ended(races, step):
    assert races[f"cancel, {step}"] == ["denied", 0]


@pytest.mark.parametrize("step", ["retry one", "retry all"])
def test_what_is_cancelled_while_it_is_tried_again_is_called_off_with_the_rest(races, step):
    assert races[f"{step}, cancel"] == ["done", 0]
