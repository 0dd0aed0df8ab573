"""The second round asks some files a day, and within some days all of them."""

import pytest

from tests import on_postgres
from tests.on_postgres import EACH_TIME, ROOT, left_out


def test_within_some_days_no_file_is_left_out():
    days = [set(left_out(day=day, long=False)) for day in range(739_000, 739_004)]

    assert set.intersection(*days) == set()
    assert all(days)
    assert left_out(long=True) == []


@pytest.mark.parametrize("pattern", EACH_TIME)
def test_what_is_asked_each_time_is_there_and_not_left_out(pattern):
    files = {str(file.relative_to(ROOT)) for file in (ROOT / on_postgres.DRAWN[0]).glob(pattern)}

    assert files
    assert not files & set(left_out(day=739_000, long=False))
