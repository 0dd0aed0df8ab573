"""What migrations of several apps do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps


def complete(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Do at once what Django puts off to the end of a migration: indexes, and foreign keys.

    With something put off it notes the migration as applied after its transaction, step by step for one that
    replaces others: a kill in between would leave tables of which nobody knows that they are there.
    """
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement)
    schema_editor.deferred_sql.clear()
