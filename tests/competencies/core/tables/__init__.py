"""
Who may do what: for each action, people and the rows they may take it on.

The people and the rows are those of `company.py`. On a row that is not named, nobody may.
"""

from . import (
    evidence,
    framework,
    jobs,
    notices,
    packets,
    people,
    promotions,
    records,
    reviews,
    sources,
    trail,
)

TABLES = (evidence, framework, jobs, notices, packets, people, promotions, records, reviews, sources, trail)
WHO_MAY = {action: entry for table in TABLES for action, entry in table.WHO_MAY.items()}
