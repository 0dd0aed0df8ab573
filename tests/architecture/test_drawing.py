"""A run asks some of many cases, and within some days all of them were asked."""

from tests.drawing import drawn, drawn_of_each, some_of

CASES = [f"case {number}" for number in range(11)]
FOUR_DAYS = range(739_000, 739_004)


def test_within_some_days_every_case_is_asked():
    asked = [drawn(CASES, 3, day=day, long=False) for day in FOUR_DAYS]

    assert {len(cases) for cases in asked} == {3}
    assert set().union(*asked) == set(CASES)


def test_a_day_asks_the_same_again_and_in_order():
    once, again = (drawn(CASES, 5, day=739_003, long=False) for _time in range(2))

    assert once == again == sorted(once, key=CASES.index)


def test_few_cases_are_asked_each_day_and_all_in_the_long_form():
    assert drawn(CASES, 11, day=7, long=False) == CASES
    assert drawn(CASES, 2, day=7, long=True) == CASES


def test_each_kind_is_asked_each_day_and_all_of_it_within_some():
    kinds = {case: "rare" if case.endswith("7") else case[-1] in "123" for case in CASES}
    asked = [drawn_of_each(CASES, 4, kind=kinds.get, day=day, long=False) for day in range(7)]

    assert {len(cases) for cases in asked} == {4}
    assert all({kinds[case] for case in cases} == {"rare", True, False} for cases in asked)
    assert set().union(*asked) == set(CASES)
    assert set(drawn_of_each(CASES, 4, kind=kinds.get, long=True)) == set(CASES)


def test_one_of_each_kind_is_asked_each_day_and_all_of_it_within_as_many_days_as_it_has_cases():
    alike = ["a1", "a2", "a3", "b1", "b2", "c1"]
    asked = [
        some_of(alike, kind=lambda case: case[0], day=day, long=False) for day in range(739_000, 739_003)
    ]

    assert all({case[0] for case in cases} == {"a", "b", "c"} and len(cases) == 3 for cases in asked)
    assert set().union(*asked) == set(alike)
    assert some_of(alike, kind=lambda case: case[0], long=True) == set(alike)
