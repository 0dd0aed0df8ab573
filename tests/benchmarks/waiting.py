"""Somebody who saves all the time beside something large: how long they had to wait at most.

On SQLite they take the writer's lock, on PostgreSQL the head of the trail, as every save does.
"""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVERY = 0.02


@contextmanager
def somebody_saving():
    """Have somebody save beside the block; prints their longest wait after it."""
    waiting = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.waiting"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ.copy(),
    )  # fmt: skip
    waiting.stdout.readline()
    yield
    longest, saves = waiting.communicate("over\n")[0].split()
    print(f"    who saves meanwhile waits {longest} s at most, {saves} times", flush=True)


def main():
    import selectors

    import django

    django.setup()
    from django.db import connection, transaction

    from competencies.trail.models import Head

    connection.settings_dict["OPTIONS"]["timeout" if connection.vendor == "sqlite" else "connect_timeout"] = (
        120
    )
    over, longest, saves = selectors.DefaultSelector(), 0, 0
    over.register(sys.stdin, selectors.EVENT_READ)
    print("begun", flush=True)
    while not over.select(EVERY):
        begun = time.perf_counter()
        with transaction.atomic():
            Head.objects.select_for_update().filter(pk=1).first()
            longest, saves = max(longest, time.perf_counter() - begun), saves + 1
    print(f"{longest:.1f} {saves}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    main()
