"""Overwriting what an erasure left in the pages of the database.

SQLite overwrites what is deleted (`secure_delete`, in the settings), but its journal of writes holds
the pages as they were until they are moved into the database and cut off. PostgreSQL keeps old rows
until they are vacuumed.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.models import Model

from .inventory import every_kind


class Busy(Exception):
    """Somebody is at work in the database, so that what was deleted cannot be overwritten now."""


def scrub() -> None:
    """Overwrite what was deleted. Raises `Busy` when that has to wait, as within a transaction."""
    if connection.in_atomic_block:
        raise Busy
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                raise Busy
        else:
            tables = [model._meta.db_table for model in _touched()]
            cursor.execute("VACUUM " + ", ".join(map(connection.ops.quote_name, tables)))


def _touched() -> list[type[Model]]:
    """Return the models of which an erasure rewrites or removes rows."""
    labels = {kind.model_label for kind in every_kind().values() if not kind.impersonal}
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.label in labels]
