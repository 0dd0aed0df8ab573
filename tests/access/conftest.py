import contextlib
import fcntl
import pickle
import shutil
import sqlite3
from unittest import mock

import pytest
from django.db import connection, transaction

from .scene import build


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker, of_the_run, tmp_path_factory):
    """The company of `scene.py`, for the tests of a module and undone after them."""
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("scene") / "packets"
    with (
        django_db_blocker.unblock(),
        override_settings(PACKET_DIR=folder, EXPORT_DIR=folder),
        override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=24 * 3600),  # all cells may take an hour
        mock.patch("ladder.jobs.packet_archives.LONGEST", 0),  # nobody makes what waits here
    ):
        if connection.vendor == "sqlite":
            with brought_in(of_the_run / "scene", folder) as scene, undone():
                yield scene
        else:
            folder.mkdir()
            with undone():
                yield build(folder)


@contextlib.contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextlib.contextmanager
def brought_in(kept, folder):
    """Copy the rows and documents of the company in; the rows are as they were before afterwards.

    It is built in `kept` by whichever worker of the run comes first.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as before:
        connection.ensure_connection()
        connection.connection.backup(before)
        try:
            with kept.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not (kept / "scene").exists():
                    _build(kept)
            with contextlib.closing(sqlite3.connect(kept / "rows")) as rows:
                rows.backup(connection.connection)
            shutil.copytree(kept / "documents", folder)
            yield pickle.loads((kept / "scene").read_bytes())
        finally:
            before.backup(connection.connection)


def _build(kept):
    from django.test import override_settings

    documents = kept / "documents"
    documents.mkdir(parents=True)
    with override_settings(PACKET_DIR=documents, EXPORT_DIR=documents), transaction.atomic():
        scene = build(documents)
        connection.run_on_commit = []
    with contextlib.closing(sqlite3.connect(kept / "rows")) as rows:
        connection.connection.backup(rows)
    (kept / "scene").write_bytes(pickle.dumps(scene))
