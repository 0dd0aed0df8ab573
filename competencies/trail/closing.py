"""Closing tables in the database itself, for migrations.

Python code can forget a rule; a trigger cannot. Each operation adds triggers that refuse a write
with a sentence, on SQLite and on PostgreSQL. On SQLite, Django rebuilds a table to alter it and the
triggers go with the old one: a migration that alters a closed table closes it again.
"""

import hashlib

from django.db.migrations.operations.base import Operation

EVENTS = {"insert": "NEW", "update": "OLD", "delete": "OLD"}


class Close(Operation):
    """Refuse writes to a table, always or while a condition on the row holds.

    `model`: the model's name in the migration's app. `on`: which of insert, update, delete.
    `when`: SQL over `{row}`, the row written (the old one for update and delete), with
    `{table:app.model}` for the table of a model. `reason`: the sentence the database
    answers with. A row that is updated is asked both as it was and as it would be.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model, *, on=("update", "delete"), when="", reason):
        self.model, self.on, self.when, self.reason = model, tuple(on), when, reason

    def deconstruct(self):
        return (
            self.__class__.__name__,
            [self.model],
            {"on": self.on, "when": self.when, "reason": self.reason},
        )

    def state_forwards(self, app_label, state):
        pass

    def describe(self):
        return f"Close {self.model} to {', '.join(self.on)}"

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for statement in self._statements(app_label, schema_editor.connection.vendor, to_state):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        table = self._table(app_label, from_state)
        for name in self._names(table):
            if schema_editor.connection.vendor == "sqlite":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
            else:
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE", params=None)

    def _model(self, app_label, state):
        return state.apps.get_model(app_label, self.model)

    def _table(self, app_label, state):
        return self._model(app_label, state)._meta.db_table

    def _names(self, table):
        mark = hashlib.sha256(self.when.encode()).hexdigest()[:6]
        return [f"closed_{table}_{event}_{mark}" for event in self.on]

    def _statements(self, app_label, vendor, state):
        table = self._table(app_label, state)
        for name, event in zip(self._names(table), self.on, strict=True):
            condition = self._condition(app_label, state, event)
            yield from SPEECH[vendor](name, event, table, condition, self.reason.replace("'", "''"))

    def _condition(self, app_label, state, event):
        if not self.when:
            return ""
        sides = ("OLD", "NEW") if event == "update" else (EVENTS[event],)
        text = _with_tables(self.when, state)
        return " OR ".join(f"({text.replace('{row}', side)})" for side in sides)


class Reopen(Close):
    """Take a `Close` (or the `Yield` that took its place) away, to alter the table and close it again."""

    def describe(self):
        return f"Reopen {self.model} to {', '.join(self.on)}"

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_backwards(app_label, schema_editor, to_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class Yield(Close):
    """Let go of one event of a table that was closed, while a condition holds.

    `model` is `"app.model"`, and `on` (one event), `when` and `reason` are those of the `Close` that it
    takes the place of. `to`: SQL as in `when`, the condition under which the table lets go. Of an
    update it lets go of `columns` alone: whatever else would change is refused as before.
    """

    def __init__(self, model, *, on, when="", reason, to, columns=()):
        super().__init__(model, on=(on,), when=when, reason=reason)
        self.event, self.to, self.columns = on, to, tuple(columns)

    def deconstruct(self):
        told = {"on": self.event, "when": self.when, "reason": self.reason, "to": self.to}
        return self.__class__.__name__, [self.model], told | {"columns": self.columns}

    def describe(self):
        return f"Let {self.model} yield to an {self.event} for once"

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_backwards(app_label, schema_editor, to_state, to_state)
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        app, _dot, model = self.model.partition(".")
        before = Close(model, on=self.on, when=self.when, reason=self.reason)
        before.database_forwards(app, schema_editor, from_state, to_state)

    def _model(self, app_label, state):
        return state.apps.get_model(self.model)

    def _statements(self, app_label, vendor, state):
        yield from super()._statements(app_label, vendor, state)
        if vendor == "postgresql" and self.event == "delete" and not self.when:
            table = self._table(app_label, state)
            yield TRUNCATED.format(name=self._names(table)[0], table=table)

    def _condition(self, app_label, state, event):
        closed = super()._condition(app_label, state, event) or "TRUE"
        refused = [f"NOT ({_with_tables(self.to, state)})", *self._other_changes(app_label, state, event)]
        return f"({closed}) AND ({' OR '.join(refused)})"

    def _other_changes(self, app_label, state, event):
        if event != "update":
            return []
        fields = self._model(app_label, state)._meta.local_concrete_fields
        columns = [field.column for field in fields if field.name not in self.columns]
        return [
            f'NOT COALESCE(OLD."{name}" = NEW."{name}", OLD."{name}" IS NULL AND NEW."{name}" IS NULL)'
            for name in columns
        ]


def _with_tables(text, state):
    """Return SQL with the table of a model in place of each `{table:app.model}`."""
    for model in state.apps.get_models():
        text = text.replace(f"{{table:{model._meta.label_lower}}}", f'"{model._meta.db_table}"')
    return text


TRUNCATED = 'CREATE TRIGGER {name}_all BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION {name}()'


def _sqlite(name, event, table, condition, reason):
    guard = f"WHEN {condition} " if condition else ""
    yield (
        f'CREATE TRIGGER {name} BEFORE {event.upper()} ON "{table}" {guard}'
        f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"
    )


def _postgresql(name, event, table, condition, reason):
    raising = f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"IF {condition} THEN {raising} END IF;" if condition else raising
    answer = "OLD" if event == "delete" else "NEW"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN {answer}; END $$"
    )
    yield (
        f'CREATE TRIGGER {name} BEFORE {event.upper()} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()'
    )
    if event == "delete" and not condition:
        yield TRUNCATED.format(name=name, table=table)


SPEECH = {"sqlite": _sqlite, "postgresql": _postgresql}
