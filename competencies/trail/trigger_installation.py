"""Dropping, installing and comparing the triggers that the apps declare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.utils.module_loading import module_has_submodule

from .trigger_sql import OURS, TRUNCATED, Closed, Trigger, triggers_of, with_tables

if TYPE_CHECKING:
    from .triggers import Refuse


INSTALLED = {
    "sqlite": (
        f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, {len(OURS)}) = '{OURS}'"
    ),
    "postgresql": (
        "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled <> 'D'"
        f" AND left(t.tgname, {len(OURS)}) = '{OURS}'"
    ),
}
LEFT = INSTALLED | {
    "postgresql": (
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = current_schema() AND p.prorettype = 'trigger'::regtype"
        f" AND left(p.proname, {len(OURS)}) = '{OURS}'"
    ),
}
COLUMNS = {
    "sqlite": (
        "SELECT tables.name, columns.name FROM sqlite_master tables, pragma_table_xinfo(tables.name) columns"
        " WHERE tables.type = 'table'"
    ),
    "postgresql": (
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
        " AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
    ),
}


@cache
def declared(using: str = "default") -> frozenset[str]:
    """Return the names of the triggers that a database with every migration applied holds."""
    columns = {
        model._meta.db_table: {str(field.column) for field in model._meta.local_concrete_fields}
        for model in apps.get_models(include_auto_created=True)
    }
    return frozenset(trigger.name for trigger in _triggers(connections[using], columns))


def installed(using: str = "default") -> frozenset[str]:
    """Return the names of the triggers of ours that the database holds and that are switched on."""
    names = _names(connections[using], INSTALLED)
    return frozenset(name for name in names if not name.endswith(TRUNCATED))


def missing(using: str = "default") -> frozenset[str]:
    """Return the names of the declared triggers that the database lacks."""
    return declared(using) - installed(using)


def is_up_to_date(using: str = "default") -> bool:
    """Return True if the database holds the triggers that are declared, and nothing else of ours."""
    left = {name.removesuffix(TRUNCATED) for name in _names(connections[using], LEFT)}
    return left == installed(using) == declared(using)


def install(using: str = "default") -> None:
    """Make the triggers of the database those that are declared, in one transaction.

    Left out are those whose tables or columns are not there, as after a part of the migrations.
    """
    connection = connections[using]
    with transaction.atomic(using=using):
        there = installed(using)
        declared = list(_triggers(connection, _columns_there(connection), there=True))
        _drop(connection, but={trigger.name for trigger in declared} & there)
        for trigger in declared:
            if trigger.name not in there and _can_be(trigger.probe, connection):
                _run(connection, trigger.statements)


def drop(using: str = "default") -> None:
    """Take every trigger of ours away, whichever release made it."""
    with transaction.atomic(using=using):
        _drop(connections[using], but=frozenset())


def _drop(connection: BaseDatabaseWrapper, *, but: Collection[str]) -> None:
    for name in _names(connection, LEFT):
        if name.removesuffix(TRUNCATED) in but:
            continue
        if connection.vendor == "sqlite":
            _run(connection, [f'DROP TRIGGER "{name}"'])
        else:
            _run(connection, [f'DROP FUNCTION "{name}"() CASCADE'])


def _names(connection: BaseDatabaseWrapper, query: Mapping[str, str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query[connection.vendor])
        return [name for (name,) in cursor.fetchall()]


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _can_be(probe: str, connection: BaseDatabaseWrapper) -> bool:
    """Return True if every table and column that a trigger asks for is there."""
    try:
        with transaction.atomic(using=connection.alias):
            _run(connection, [probe])
    except DatabaseError:
        return False
    return True


def _columns_there(connection: BaseDatabaseWrapper) -> dict[str, set[str]]:
    """Return the columns of each table that closes, asked all at once: Django parses each table's text."""
    closed = {model._meta.db_table for _refusal, model in _declarations()}
    columns: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS[connection.vendor])
        for table, column in cursor.fetchall():
            if table in closed:
                columns[table].add(column)
    return columns


def _triggers(
    connection: BaseDatabaseWrapper, columns: Mapping[str, Collection[str]], *, there: bool = False
) -> Iterator[Trigger]:
    """Return the triggers of the tables in `columns`. `there`: only what lets go where that can be asked."""
    yields = [one for module in _modules().values() for one in getattr(module, "YIELDS", ())]
    if there:
        asked = {one.meanwhile for one in yields}
        possible = {text for text in asked if _can_be(f"SELECT 1 WHERE {with_tables(text)}", connection)}
        yields = [one for one in yields if one.meanwhile in possible]
    for refusal, model in _declarations():
        if model._meta.db_table in columns:
            let_go = tuple(one for one in yields if one.model == model._meta.label_lower)
            names = tuple(sorted(columns[model._meta.db_table]))
            yield from triggers_of(Closed(refusal, model, names, let_go), connection)


def _declarations() -> list[tuple[Refuse, type[Model]]]:
    """Return each refusal that is declared, with its model."""
    return [
        (refusal, apps.get_model(label, refusal.model))
        for label, module in _modules().items()
        for refusal in module.TRIGGERS
    ]


@cache
def _modules() -> dict[str, ModuleType]:
    return {
        config.label: import_module(f"{config.name}.triggers")
        for config in apps.get_app_configs()
        if config.name.startswith("competencies.") and module_has_submodule(config.module, "triggers")
    }
