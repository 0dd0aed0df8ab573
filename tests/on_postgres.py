"""
Run pytest on a throw-away PostgreSQL: python -m tests.on_postgres [--where-installed] [-- pytest arguments]

With --where-installed a machine without PostgreSQL passes with a word about it, unless
LADDER_REQUIRE_ALL is 1.
"""

import argparse
import os
import signal
import subprocess
import sys

from tests.kept_database import OURS
from tests.postgres import NoPostgres, postgres_programs, running_postgres


def main():
    parser = argparse.ArgumentParser(
        prog="python -m tests.on_postgres", description="Run pytest on PostgreSQL."
    )
    parser.add_argument("--where-installed", action="store_true", help="pass where there is no PostgreSQL")
    parser.add_argument("arguments", nargs="*", help="arguments for pytest")
    given = parser.parse_args()
    if given.where_installed and postgres_programs() is None and os.environ.get("LADDER_REQUIRE_ALL") != "1":
        print("PostgreSQL is not installed, so the tests ran on SQLite only.")
        return 0

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or the server would outlive us
    try:
        with running_postgres(keeping=True) as url:
            print("On PostgreSQL:", flush=True)
            return _pytest(given.arguments, url)
    except NoPostgres as reason:
        print(f"The tests were not run on PostgreSQL. {reason}", file=sys.stderr)
        return 1


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
