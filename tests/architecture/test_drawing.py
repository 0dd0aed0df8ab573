"""What a short run leaves out comes up on another day, and no kind of it is left out on any."""

from tests.drawing import LONG, some_of

CASES = ["a1", "a2", "a3", "b1", "b2", "c1"]


def drawn(day):
    return some_of(CASES, kind=lambda case: case[0], drawn=day)


def test_each_kind_is_asked_every_day():
    for day in range(739_000, 739_012):
        assert {case[0] for case in drawn(day)} == {"a", "b", "c"}


def test_each_case_is_asked_within_as_many_days_as_its_kind_has_cases():
    for day in range(739_000, 739_012):
        assert set(CASES) == set().union(*(drawn(day + later) for later in range(3)))


def test_the_same_day_asks_the_same():
    assert drawn(739_001) == drawn(739_001)
    assert LONG or len(drawn(739_001)) == 3
