"""Workers that are killed at random points lose nothing, double nothing and leave nothing half done.

A run kills a few on one engine, on another each day; LADDER_LONG=1 has 200 packets made under twenty kills on
each of the four.
"""

import pytest

from tests.conftest import unavailable
from tests.drawing import LONG, one_of
from tests.postgres import NoPostgres
from tests.redis import NoRedis

from .engines import engine, export

pytestmark = pytest.mark.slow
MANY = {"packets": 200, "kills": 20}
RUNS = {
    "sqlite": {"packets": 4, "kills": 2, "workers": 1},
    "postgresql": {"packets": 5, "kills": 1, "workers": 2},
    "redis": {"packets": 3, "kills": 1, "workers": 1},
    "postgresql and redis": {"packets": 5, "kills": 2, "workers": 2},
}


@pytest.mark.parametrize("name", RUNS if LONG else [one_of(list(RUNS))])
def test_nothing_is_lost_doubled_or_half_done(name):
    options = RUNS[name] | (MANY if LONG else {})
    try:
        with engine(name, migrated=True) as environment:
            came = export(environment, seed=1, **options)
    except (NoPostgres, NoRedis) as reason:
        unavailable(str(reason))

    made = options["packets"]
    assert came["failed"] == []
    assert (came["items"], came["done"]) == (made, made)
    assert (came["packets"], came["cases"], came["documents_kept"], came["typeset_entries"]) == (made,) * 4
    assert (came["documents"], came["misnamed"]) == (made, [])
    assert (came["files"], came["names"], came["bad"], came["not_in_this_file"]) == (made, made, [], 0)
    assert came["breaks"] == 0
    assert came["kills"] == options["kills"]
    assert came["slowest_resumption"] <= 30
    assert came["peak_mib"] <= 350
