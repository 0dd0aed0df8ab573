"""The operations by which released migrations closed tables. They do nothing any more.

What is closed is declared in each app's `triggers.py` and installed after every `migrate`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Close(Operation):
    """Take the arguments of a released migration, and leave the database as it is."""

    reduces_to_sql = False
    elidable = True

    def __init__(
        self, model: str, *, on: Sequence[str] = ("update", "delete"), when: str = "", reason: str
    ) -> None:
        self.model, self.on, self.when, self.reason = model, on, when, reason

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        pass

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        pass

    def describe(self) -> str:
        return f"Once closed {self.model}; see triggers.py"


class Reopen(Close):
    """As `Close`."""


class Yield(Close):
    """As `Close`, with the arguments of its own."""

    def __init__(
        self,
        model: str,
        *,
        on: Sequence[str],
        when: str = "",
        reason: str,
        to: str,
        columns: Sequence[str] = (),
    ) -> None:
        super().__init__(model, on=on, when=when, reason=reason)
        self.to, self.columns = to, columns
