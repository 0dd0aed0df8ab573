"""The operations by which released migrations closed tables. They do nothing any more.

What is closed is declared in each app's `triggers.py` and installed after every `migrate`.
"""

from django.db.migrations.operations.base import Operation


class Close(Operation):
    """Take the arguments of a released migration, and leave the database as it is."""

    reduces_to_sql = False
    elidable = True

    def __init__(self, model, *, on=("update", "delete"), when="", reason):
        self.model, self.on, self.when, self.reason = model, on, when, reason

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        pass

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass

    def describe(self):
        return f"Once closed {self.model}; see triggers.py"


class Reopen(Close):
    """As `Close`."""


class Yield(Close):
    """As `Close`, with the arguments of its own."""

    def __init__(self, model, *, on, when="", reason, to, columns=()):
        super().__init__(model, on=on, when=when, reason=reason)
        self.to, self.columns = to, columns
