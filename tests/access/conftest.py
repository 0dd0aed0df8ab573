import pytest
from django.db import transaction

from .scene import build


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker, tmp_path_factory):
    """The company of `scene.py`, built once for the tests of a module and undone after them."""
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("packets")
    with (
        django_db_blocker.unblock(),
        override_settings(PACKET_DIR=folder, EXPORT_DIR=folder),
        transaction.atomic(),
    ):
        yield build(folder)
        transaction.set_rollback(True)
