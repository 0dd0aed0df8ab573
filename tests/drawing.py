"""Which of many cases a run asks: others each day, so that within some days all of them were asked.

LADDER_LONG=1 asks all at once. LADDER_DRAW chooses a day by its number, to ask again what a run asked: a
failure says which. Where every test has to run, it is always the same day.
"""

import os
from collections import defaultdict
from datetime import date
from zlib import crc32

LONG = os.environ.get("LADDER_LONG") == "1"
REQUIRE_ALL = os.environ.get("LADDER_REQUIRE_ALL") == "1"

# Written down for the workers, so that midnight does not come between them.
DAY = int(os.environ.setdefault("LADDER_DRAW", str(0 if REQUIRE_ALL else date.today().toordinal())))


def drawn(cases, at_most, *, day=DAY, long=LONG):
    """Return `at_most` of the cases, in their order: those that follow on the ones of the day before."""
    cases = list(cases)
    if long or len(cases) <= at_most:
        return cases
    first = day * at_most % len(cases)
    chosen = {(first + step) % len(cases) for step in range(at_most)}
    return [case for place, case in enumerate(cases) if place in chosen]


def drawn_of_each(cases, at_most, *, kind, day=DAY, long=LONG):
    """Return some of the cases as `drawn` does, at least one of each kind and more of those with many."""
    kinds = defaultdict(list)
    for case in cases:
        kinds[kind(case)].append(case)
    shares = dict.fromkeys(kinds, 1)
    for _more in range(at_most - len(kinds) if kinds else 0):
        fewest = max(kinds, key=lambda one: len(kinds[one]) / shares[one])
        shares[fewest] += 1
    return [case for one, of_it in kinds.items() for case in drawn(of_it, shares[one], day=day, long=long)]


def one_of(cases, *, day=DAY):
    """Return the case that is drawn from a sequence; after as many days as it is long each has been."""
    return cases[day % len(cases)]


def some_of(cases, *, kind, day=DAY, long=LONG):
    """Return one case of each kind, which `kind` names for a case, in a set; all in a long run."""
    if long:
        return set(cases)
    kinds = defaultdict(list)
    for case in cases:
        kinds[kind(case)].append(case)
    return {one_of(alike, day=day) for alike in kinds.values()}


def by_chance(case):
    """Return a number by which cases are put in an order that has nothing to do with what they are."""
    return crc32(str(case).encode())
