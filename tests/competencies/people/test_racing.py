"""People who act at the same instant, on a database of their own (see `racing.py`)."""

import pytest

from tests.throw_away import told_by


@pytest.fixture(scope="module")
def races(database_to_throw_away):
    return told_by("tests.competencies.people.racing", database_to_throw_away)


def test_one_of_two_takes_themselves_in(races):
    assert races["two_take_themselves_in"] == {"ends": ["done", "not-now"], "people": 1}


def test_of_two_who_take_hr_from_each_other_one_keeps_it(races):
    outcomes = [(ends[:-1], ends[-1]) for ends in races["two_of_hr_take_it_from_each_other"]]

    assert outcomes == [(["denied", "done"], 1)] * 5


def test_of_two_who_release_each_other_one_stays(races):
    assert races["two_of_hr_release_each_other"] in (["denied", "done", 1], ["done", "not-now", 1])


def test_an_invitation_is_accepted_once(races):
    assert races["an_invitation_accepted_twice"] == ["done", "not-now"]


def test_whoever_comes_under_somebody_gone_is_found(races):
    assert races["a_manager_leaves_while_somebody_is_put_under_them"]


def test_of_two_with_one_email_the_second_is_told(races):
    assert races["one_email_for_two"] == [["done", "not-now"]] * 2


def test_a_role_is_granted_once(races):
    assert races["a_role_granted_twice"] == ["done", "not-now"]


def test_one_form_that_comes_eight_times_at_once_is_done_once(races):
    ends = ["Repeated: "] * 7 + ["done"]

    assert races["one_form_sent_eight_times_at_once"] == {"ends": ends, "made": 1, "keys": 1}
