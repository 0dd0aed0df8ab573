import contextlib
import shutil
from unittest import mock

import pytest
from django.db import connection, transaction

from tests.bringing_in import brought_in

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
            with brought_in(of_the_run / "scene", _build) as scene, undone():
                shutil.copytree(of_the_run / "scene" / "documents", folder)
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


def _build(kept):
    from django.test import override_settings

    documents = kept / "documents"
    documents.mkdir()
    with override_settings(PACKET_DIR=documents, EXPORT_DIR=documents):
        return build(documents)
