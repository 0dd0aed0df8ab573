"""Each page on PostgreSQL and on SQLite, in turn: how long it takes, and what PostgreSQL plans for.

Of pages that take longer than they may, it says after them how the statement that takes longest is planned.
"""

import json
import os
import statistics
import sys
from pathlib import Path

from tests.postgres import NoPostgres, running_postgres

from .ratios import ROOT, Asked, find, live, pages

AT_MOST = 1.3  # times as long as on SQLite


def main(options):
    rounds = max(options["requests"] // 4, 10)
    folder = Path(os.environ["LADDER_DATA"])
    try:
        with running_postgres(durable=True) as url:
            environments = []
            for name, address in (("sqlite", ""), ("postgres", url)):
                os.environ["DATABASE_URL"] = address
                environments.append(live(ROOT, folder / name))
            compare(environments, rounds)
    except NoPostgres as reason:
        print(f"  Not measured. {reason}")


def compare(environments, rounds):
    asked = [Asked("ladder", ROOT, environment) for environment in environments]
    known = [find(environment) for environment in environments]
    over = []
    columns = f"{'planning':>11}{'execution':>11}{'statements':>12}"
    print(f"  {'page':<22}{'SQLite':>10}{'PostgreSQL':>12}{'ratio':>8}{columns}")
    for page, other in zip(*map(pages, known), strict=True):
        visits = [(process, found["emails"][who], path) for process, found, (_name, who, path) in zip(
            asked, known, (page, other), strict=True
        )]  # fmt: skip
        taken = [[process.ask(who, path)["wall"] for process, who, path in visits] for _ in range(rounds + 3)]
        here, there = zip(*taken[3:], strict=True)
        ratio = statistics.median(two / one for one, two in taken[3:])
        spent = visits[1][0].ask(*visits[1][1:], explain=True)
        times = f"{1000 * statistics.median(here):>7.1f} ms{1000 * statistics.median(there):>9.1f} ms"
        database = f"{spent['Planning']:>8.1f} ms{spent['Execution']:>8.1f} ms{spent['statements']:>12}"
        print(f"  {page[0]:<22}{times}{ratio:>8.2f}{database}", flush=True)
        if ratio > AT_MOST:
            over.append((page[0], spent["dearest"]))
    for name, dearest in over:
        through = ", ".join(dearest["read"]) or "nothing"
        print(f"  {name}: {dearest['of']} {dearest['ms']:.2f} ms, ", end="")
        print(f"{dearest['looked_up']} looked up, read through: {through}")
    for process in asked:
        process.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
