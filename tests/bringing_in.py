"""Rows that many tests look at, written once for all workers of a run and copied in: on SQLite alone.

Where a scene is played for each test anew, these stand for a whole module or class.
"""

import contextlib
import fcntl
import pickle
import sqlite3

from django.db import connection, transaction


@contextlib.contextmanager
def brought_in(kept, build):
    """Have the rows that `build` writes in the database, and give what it returns; they are gone afterwards.

    The worker that comes first calls it, with the folder `kept` for files of its own beside the rows.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as before:
        connection.ensure_connection()
        connection.connection.backup(before)
        try:
            with kept.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not (kept / "returned").exists():
                    _keep(kept, build)
            with contextlib.closing(sqlite3.connect(kept / "rows")) as rows:
                rows.backup(connection.connection)
            yield pickle.loads((kept / "returned").read_bytes())
        finally:
            before.backup(connection.connection)


def _keep(kept, build):
    kept.mkdir()
    with transaction.atomic():
        returned = build(kept)
        connection.run_on_commit = []
    with contextlib.closing(sqlite3.connect(kept / "rows")) as rows:
        connection.connection.backup(rows)
    (kept / "returned").write_bytes(pickle.dumps(returned))
