"""The statements by which SQLite and PostgreSQL make the triggers that are declared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import UniqueConstraint

if TYPE_CHECKING:
    from .triggers import Refuse, Yield

TABLE = re.compile(r"\{table:([a-z_.]+)\}")
OURS = "closed_"  # how the name of each trigger begins, in this release and in every other
TRUNCATED = "_all"  # how those end that refuse a TRUNCATE
SIDES = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
Key = tuple[list[str], UniqueConstraint | None]  # the columns of a unique key, and what declares it
LONGEST = 63 - len(TRUNCATED)  # of a name on PostgreSQL


class Trigger(NamedTuple):
    """A trigger: its name, the statements that make it, and a query that fails where it cannot be made."""

    name: str
    statements: tuple[str, ...]
    probe: str


class Closed(NamedTuple):
    """A refusal, the model it is about, the columns that its table has, and what lets go of it."""

    refusal: Refuse
    model: type[models.Model]
    columns: tuple[str, ...]
    yields: tuple[Yield, ...]

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def triggers_of(closed: Closed, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    """Return the triggers of one refusal: one an event, and on SQLite those against OR REPLACE."""
    speech = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    for event in closed.refusal.on:
        condition = _condition(closed, event, connection)
        yield _trigger(closed, event, condition, speech(event, closed, condition))
    if connection.vendor == "sqlite" and {"update", "delete"} & set(closed.refusal.on):
        yield from _against_replacing(closed, connection)


def _trigger(closed: Closed, event: str, condition: str, statements: Iterable[str]) -> Trigger:
    """Name a trigger by what it does, so that two of one name are the same."""
    statements = tuple(statements)
    mark = hashlib.sha256("\n".join(statements).encode()).hexdigest()[:10]
    name = f"{OURS}{closed.table}"[: LONGEST - len(event) - len(mark) - 2] + f"_{event}_{mark}"
    asked = " AND ".join(f"({part})" for part in (_as_query(condition), "1 = 0"))
    columns = ", ".join(f'asked."{column}"' for column in closed.columns)
    probe = f'SELECT {columns} FROM "{closed.table}" AS asked WHERE {asked}'
    return Trigger(name, tuple(text.replace("{name}", name) for text in statements), probe)


def _as_query(condition: str) -> str:
    return (condition or "TRUE").replace("OLD.", "asked.").replace("NEW.", "asked.")


def _condition(closed: Closed, event: str, connection: BaseDatabaseWrapper) -> str:
    """Return the SQL over OLD and NEW under which an event is refused; empty where it always is."""
    sides = SIDES[event] if closed.refusal.conditional else ()
    refused = " OR ".join(f"({_when(closed, side, connection)})" for side in sides)
    for let_go in closed.yields:
        if let_go.on == event:
            unless = [f"NOT ({with_tables(let_go.meanwhile)})", *_other_changes(closed, event, let_go)]
            refused = f"({refused or 'TRUE'}) AND ({' OR '.join(unless)})"
    return refused


def _when(closed: Closed, side: str, connection: BaseDatabaseWrapper) -> str:
    when = closed.refusal.when
    asked = with_tables(when) if isinstance(when, str) else exists(when, connection)
    return asked.replace("{row}", side)


def exists(rows: models.QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> str:
    """Return the SQL that is true where a query finds something, with its values in it."""
    sql, values = rows.query.exists().get_compiler(connection=connection).as_sql()
    editor = connection.schema_editor()
    return f"EXISTS ({sql})" % tuple(editor.quote_value(value) for value in values)


def _other_changes(closed: Closed, event: str, let_go: Yield) -> list[str]:
    if event != "update":
        return []
    return [
        f'NOT COALESCE(OLD."{name}" = NEW."{name}", OLD."{name}" IS NULL AND NEW."{name}" IS NULL)'
        for name in closed.columns
        if name not in let_go.columns
    ]


def with_tables(text: str) -> str:
    """Return SQL with the table of a model in place of each `{table:app.model}`.

    Refuses with `LookupError` a model that is not there: its trigger would be left out without a word.
    """
    return TABLE.sub(lambda found: f'"{apps.get_model(found[1])._meta.db_table}"', text)


def _sqlite(event: str, closed: Closed, condition: str) -> Iterator[str]:
    guard = f"WHEN {condition} " if condition else ""
    yield (
        f'CREATE TRIGGER "{{name}}" BEFORE {event.upper()} ON "{closed.table}" {guard}'
        f"BEGIN SELECT RAISE(ABORT, '{_quoted(closed)}'); END"
    )


def _postgresql(event: str, closed: Closed, condition: str) -> Iterator[str]:
    raising = f"RAISE EXCEPTION '{_quoted(closed)}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"IF {condition} THEN {raising} END IF;" if condition else raising
    row = "OLD" if event == "delete" else "NEW"
    yield from _function_and_trigger("", body, row, f"{event.upper()} ON {{table}} FOR EACH ROW", closed)
    if event == "delete":  # whatever the condition: nothing of the product truncates
        yield from _function_and_trigger(TRUNCATED, raising, "NULL", "TRUNCATE ON {table}", closed)


def _function_and_trigger(suffix: str, body: str, answer: str, event: str, closed: Closed) -> Iterator[str]:
    name, table = f'"{{name}}{suffix}"', f'"{closed.table}"'
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN {answer}; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield f"CREATE TRIGGER {name} BEFORE {event.format(table=table)} EXECUTE FUNCTION {name}()"


def _quoted(closed: Closed) -> str:
    return closed.refusal.reason.replace("'", "''")


def _against_replacing(closed: Closed, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    """Refuse INSERT OR REPLACE and UPDATE OR REPLACE, by which SQLite deletes a row without a DELETE.

    A row is in the way when it has one of the unique keys of the row that is written; it must not go while
    it is closed.
    """
    asked = _condition_of_row(closed, "OLD", connection)
    yield _trigger(closed, "replace", asked, _sqlite("insert", closed, _in_the_way(closed, connection)))
    if closed.refusal.conditional:  # else no update passes anyhow
        others = _in_the_way(closed, connection, besides="there.rowid <> OLD.rowid AND ")
        yield _trigger(closed, "move", asked, _sqlite("update", closed, others))


def _condition_of_row(closed: Closed, row: str, connection: BaseDatabaseWrapper) -> str:
    return f"({_when(closed, row, connection)})" if closed.refusal.conditional else "TRUE"


def _in_the_way(closed: Closed, connection: BaseDatabaseWrapper, *, besides: str = "") -> str:
    return " OR ".join(
        f'EXISTS (SELECT 1 FROM "{closed.table}" AS there'
        f" WHERE {besides}{same} AND {_condition_of_row(closed, 'there', connection)})"
        for same in _same_keys(closed, connection)
    )


def _same_keys(closed: Closed, connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Return for each unique key of the table the SQL that says of `there` that it has the key of NEW."""
    meta = closed.model._meta
    column_of = {field.name: str(field.column) for field in meta.concrete_fields}
    keys: list[Key] = [
        ([column_of[field.name]], None) for field in meta.local_concrete_fields if field.unique
    ]
    keys += [([column_of[name] for name in names], None) for names in meta.unique_together]
    if meta.pk.db_type(connection) != "integer":  # else that is another name of the one nobody declared
        yield "there.rowid = NEW.rowid"
    keys += [
        ([column_of[name] for name in constraint.fields], constraint)
        for constraint in meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    for columns, constraint in keys:
        about = _about(constraint, closed, connection)
        if set(columns) <= set(closed.columns):
            yield " AND ".join([f'there."{column}" = NEW."{column}"' for column in columns] + about)


def _about(constraint: UniqueConstraint | None, closed: Closed, connection: BaseDatabaseWrapper) -> list[str]:
    """Return the SQL that says of both rows that a key which is unique among some rows is about them."""
    if constraint is None or constraint.condition is None:
        return []
    condition = constraint._get_condition_sql(  # type: ignore[attr-defined]  # Django's own, and not in its stubs
        closed.model, connection.schema_editor()
    )
    sides = {"there": condition, "NEW": condition}
    for side in sides:
        for column in closed.columns:
            sides[side] = sides[side].replace(f'"{column}"', f'{side}."{column}"')
    return [f"({text})" for text in sides.values()]
