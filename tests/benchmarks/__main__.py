"""The benchmark, run by hand: python -m tests.benchmarks [--people 2000] [--only ratios,autosave,packets]

It makes databases of its own in a temporary folder, serves them on 127.0.0.1, prints its figures
and leaves nothing behind. `growth` makes a company of 1,000 and one of 100,000, whatever --people
says, and needs 3 GB and some minutes for it. Figures of one run can be compared with each other;
those of two runs on a shared machine cannot.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.postgres import NoPostgres, running_postgres

PARTS = (
    *("ratios", "pages", "autosave", "packets", "growth", "imports", "exports", "verifying", "outages"),
    *("first_visit", "starting", "self_assessment", "clicking", "clicks", "databases"),
)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=2_000, help="size of the company")
    parser.add_argument(
        "--requests", type=int, default=120, help="requests for each page and number of clients"
    )
    parser.add_argument("--only", default=",".join(PARTS), help="some of: " + ", ".join(PARTS))
    parser.add_argument("--packets", type=int, default=200, help="packets in each export")
    given = parser.parse_args()
    wanted = [part for part in PARTS if part in given.only.split(",")]

    with tempfile.TemporaryDirectory(prefix="ladder-benchmark-") as folder:
        environment = os.environ | {"LADDER_DATA": folder, "LADDER_LOG_LEVEL": "ERROR", "DATABASE_URL": ""}
        print(f"SQLite, {given.people} people")
        for part in wanted:
            run(part, environment, given)
    for part in ("autosave", "imports", "verifying"):
        if part in wanted:
            on_postgres(part, given)


def on_postgres(part, given):
    try:
        with running_postgres(durable=True) as url, tempfile.TemporaryDirectory() as folder:
            print(f"PostgreSQL, {given.people} people")
            environment = os.environ | {
                "LADDER_DATA": folder,
                "DATABASE_URL": url,
                "LADDER_LOG_LEVEL": "ERROR",
            }
            run(part, environment, given)
    except NoPostgres as reason:
        print(f"Not measured on PostgreSQL. {reason}")


def run(part, environment, given):
    """Run one part in a process of its own, so that it reads its own settings."""
    options = json.dumps({"people": given.people, "requests": given.requests, "packets": given.packets})
    command = [sys.executable, "-m", f"tests.benchmarks.{part}", options]
    subprocess.run(command, env=environment, cwd=Path(__file__).resolve().parents[2], check=True)


if __name__ == "__main__":
    main()
