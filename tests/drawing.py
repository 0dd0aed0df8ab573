"""What a short run asks of many cases: some, by the day, so that each comes up within some days.

LADDER_LONG=1 asks all. The day is told at the head of a run; `LADDER_DRAWN=739584` asks again what a run
of that number did.
"""

import os
from datetime import date

LONG = os.environ.get("LADDER_LONG") == "1"
# In the environment, so that workers and programs of a run that goes on past midnight draw the same.
DRAWN = int(os.environ.setdefault("LADDER_DRAWN", str(date.today().toordinal())))


def one_of(cases, *, drawn=DRAWN):
    """Return the case that is drawn from a sequence; after as many days as it is long each has been."""
    return cases[drawn % len(cases)]


def some_of(cases, *, kind, drawn=DRAWN):
    """Return one case of each kind, which `kind` names for a case, in a set; all in a long run."""
    if LONG:
        return set(cases)
    kinds = {}
    for case in cases:
        kinds.setdefault(kind(case), []).append(case)
    return {one_of(alike, drawn=drawn) for alike in kinds.values()}
