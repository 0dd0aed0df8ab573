"""
Run pytest on a throw-away PostgreSQL: python -m tests.on_postgres [options] [-- pytest arguments]

With --where-installed a machine without PostgreSQL passes with a word about it, unless
LADDER_REQUIRE_ALL is 1. With --some a part of the files is left out that ask the same of SQLite, another part
each day: see `left_out`. LADDER_LONG=1 leaves none out.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.drawing import DAY, LONG, by_chance, drawn
from tests.kept_database import OURS
from tests.postgres import NoPostgres, postgres_programs, running_postgres

ROOT = Path(__file__).resolve().parent.parent
DRAWN = ("tests/competencies", "tests/ladder/pages", "tests/ladder/jobs")
ONE_IN = 3
# What PostgreSQL answers in a way of its own: locks, triggers, what a migration moves, statements made once.
EACH_TIME = (
    "**/test_racing.py",
    "**/test_any_order.py",
    "core/test_*.py",
    "jobs/test_claiming.py",
    "jobs/test_upgrading.py",
    "people/test_reporting_closure.py",
    "people/test_search.py",
    "people_import/test_applying.py",
    "reviews/test_rating.py",
    "reviews/test_saving_twice.py",
    "trail/test_recording.py",
    "trail/test_triggers.py",
)


def main():
    parser = argparse.ArgumentParser(
        prog="python -m tests.on_postgres", description="Run pytest on PostgreSQL."
    )
    parser.add_argument("--where-installed", action="store_true", help="pass where there is no PostgreSQL")
    parser.add_argument("--some", action="store_true", help="leave a part of the files out, another each day")
    parser.add_argument("arguments", nargs="*", help="arguments for pytest")
    given = parser.parse_args()
    if given.where_installed and postgres_programs() is None and os.environ.get("LADDER_REQUIRE_ALL") != "1":
        print("PostgreSQL is not installed, so the tests ran on SQLite only.")
        return 0

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or the server would outlive us
    try:
        with running_postgres(keeping=True) as url:
            which = f", LADDER_DRAW={DAY}" if given.some and not LONG else ""
            print(f"On PostgreSQL{which}:", flush=True)
            ignored = [f"--ignore={file}" for file in left_out()] if given.some else []
            return _pytest([*ignored, *given.arguments], url)
    except NoPostgres as reason:
        print(f"The tests were not run on PostgreSQL. {reason}", file=sys.stderr)
        return 1


def left_out(*, day=DAY, long=LONG):
    """Return the files that this day leaves out: two in three, but none of `EACH_TIME`."""
    rooms = [ROOT / room for room in DRAWN]
    each_time = {file for pattern in EACH_TIME for file in rooms[0].glob(pattern)}
    others = {file for room in rooms for file in room.rglob("test_*.py")} - each_time
    names = sorted((str(file.relative_to(ROOT)) for file in others), key=by_chance)
    return sorted({*names} - {*drawn(names, len(names) // ONE_IN, day=day, long=long)})


def _pytest(arguments, url):
    tests = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments], env=os.environ | {"DATABASE_URL": url, OURS: "1"}
    )
    try:
        return tests.wait()
    except KeyboardInterrupt:
        return tests.wait()  # it heard the Ctrl-C too, and tidies up
    except SystemExit:
        tests.terminate()
        tests.wait()
        raise


if __name__ == "__main__":
    sys.exit(main())
