"""The SQL of a rule, made once a process instead of once a question.

To build the conditions of a rule and to compile them takes Django many times as long as the database takes
to answer. A rule depends on nothing but the key of a person and the clock, so it is compiled once, as
`probing` says. One that depends on anything else is asked as it is written.

Whatever here knows how Django names tables in a statement is in `_statement`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import Error, connections
from django.db.models import BooleanField, F, Model
from django.db.models.expressions import Col, Expression
from django.db.models.sql.where import AND

from .clock import now
from .probing import (
    GREATEST_KEY,
    PROBES,
    Holes,
    NotCompilable,
    Probe,
    alone,
    filled,
    holes_between,
    is_compiling,
    stranger,
)

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Q
    from django.db.models.sql import Query
    from django.db.models.sql.compiler import SQLCompiler
    from django.db.models.sql.where import WhereNode

    from competencies.people.models import Person

    Rows: TypeAlias = Callable[[Person], Q]
    Params: TypeAlias = tuple[Any, ...]


ROW = "ruled"  # how a compiled statement calls the row it is asked of
JOINED_NAME = re.compile(rf'(?<!")\b{ROW}\d+\.')
INNER_NAME = re.compile(r'(?<!")\b([S-Z]\d+)\b(?=[ .)])')  # how Django calls the tables of a subquery


@dataclass(frozen=True)
class Condition:
    """SQL that is true or false of the row called `ROW`, with holes. Without text it is true of each.

    `values` are its parameters; `holes` are the places among them that are filled when it is asked.
    """

    text: str = ""
    values: Params = ()
    holes: Holes = ()

    def __and__(self, other: Condition) -> Condition:
        before = len(self.values)
        return Condition(
            " AND ".join(filter(None, (self.text, other.text))),
            self.values + other.values,
            self.holes + tuple((before + place, fill) for place, fill in other.holes),
        )

    def filled(self, person: int, at: datetime) -> Params:
        return filled(self.values, self.holes, (person,), at)

    def on(self, row: str, person: int, at: datetime) -> tuple[str, Params]:
        """Return it of the row that a statement calls `row`."""
        return self.text.replace(f"{ROW}.", f"{row}."), self.filled(person, at)


@dataclass(frozen=True)
class CompiledRule:
    """A rule as SQL: true of a row where `own`, which reads the row alone, and `joined`, are both true.

    `source` is what to select from for both, and how the row's key is called there.
    """

    own: Condition
    joined: Condition
    source: Condition
    nowhere: bool = False  # true on no row, whoever asks

    @cached_property
    def whole(self) -> Condition:
        return self.own & self.joined

    def question(self, key: str, of_key: Params, person: int, at: datetime) -> tuple[str, Params]:
        """Return a statement that finds a row exactly when the rule is true of the one whose key is `key`."""
        where = f"= {key} AND {self.whole.text}" if self.whole.text else f"= {key}"
        params = (*self.source.filled(person, at), *of_key, *self.whole.filled(person, at))
        return f"SELECT 1 {self.source.text} {where}", params


class Permitted(Expression):
    """True on the rows on which a person may do what a rule is about, false on all others.

    `narrowing` is for a filter: what a rule says of the row alone then stands in the open, where an index can
    be found for it. There it may be neither true nor false, as comparisons with an empty column are.
    """

    conditional = True
    empty_result_set_value = False

    def __init__(self, rows: Rows, model: type[Model], person: int, at: datetime, narrowing: bool) -> None:
        super().__init__(output_field=BooleanField())
        self.row: Any = F("pk")
        self.rows, self.model, self.person, self.at, self.narrowing = rows, model, person, at, narrowing

    def get_source_expressions(self) -> list[Any]:
        return [self.row]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.row,) = exprs

    def get_group_by_cols(self) -> list[Any]:
        """What it says follows from the row: Django asks for no more."""
        return [self.row]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Params]:
        compiled = compiled_rule(self.rows, self.model, connection.alias)
        if compiled is None:
            raise NotCompilable(self.rows)
        if compiled.nowhere:
            raise EmptyResultSet
        key, of_key = compiler.compile(self.row)
        asked, params = compiled.question(key, tuple(of_key), self.person, self.at)
        if not self.narrowing or not compiled.own.text or not isinstance(self.row, Col):
            return f"EXISTS({asked})", params
        row = compiler.quote_name_unless_alias(self.row.alias)
        own, of_own = compiled.own.on(row, self.person, self.at)
        if not compiled.joined.text:
            return f"({own})", of_own
        return f"({own} AND EXISTS({asked}))", (*of_own, *params)


def compiled_rule(rows: Rows, model: type[Model], using: str) -> CompiledRule | None:
    """Return the rule `rows` on `model` as SQL of a database, or None where it has to be asked as written.

    None as well while another is compiled, as what a rule takes in is part of its own SQL, and while the
    database is away: it is compiled once that answers.
    """
    if is_compiling():
        return None
    try:
        return _kept(rows, model, using)
    except Error:
        return None


def ask(compiled: CompiledRule, model: type[Model], row: object, person: int) -> bool:
    """Return True if a compiled rule lets `person` (a key) act on the row with the key `row`. One query."""
    if compiled.nowhere:
        return False
    connection, key = connections[model._base_manager.db], model._meta.pk
    value = key.get_db_prep_value(row, connection)
    if isinstance(value, int) and abs(value) > GREATEST_KEY:
        return False
    asked, params = compiled.question("%s", (value,), person, now())
    with connection.cursor() as cursor:
        cursor.execute(asked, params)
        return cursor.fetchone() is not None


def forget_compiled_rules() -> None:
    """Compile each rule anew when it is asked next. For tests that change what a rule reads in Python."""
    _kept.cache_clear()


@lru_cache(maxsize=1024)
def _kept(rows: Rows, model: type[Model], using: str) -> CompiledRule | None:
    try:
        return _compile(rows, model, using)
    except NotCompilable:
        return None


def _compile(rows: Rows, model: type[Model], using: str) -> CompiledRule:
    one, other = (_statement(rows, model, using, probe) for probe in PROBES)
    if one is None or other is None:
        if one != other:
            raise NotCompilable(rows)
        return CompiledRule(Condition(), Condition(), Condition(), nowhere=True)
    if [piece.text for piece in one] != [piece.text for piece in other]:
        raise NotCompilable(rows)
    connection = connections[using]
    own, joined, source = (_with_holes(connection, *pair) for pair in zip(one, other, strict=True))
    return CompiledRule(own, joined, source)


def _statement(rows: Rows, model: type[Model], using: str, probe: Probe) -> list[Condition] | None:
    """Return the rule `rows` as Django compiles it for a probe, in the pieces of a `CompiledRule`.

    Its tables are called `ROW`, `ROW1` and so on. None where it is true of no row.
    """
    somebody = stranger(*probe.keys(1))
    own, joined = Condition(), Condition()
    with alone(using, probe):
        query: Query = model._base_manager.using(using).filter(rows(somebody)).order_by().values("pk").query
        query.get_initial_alias()
        query.change_aliases({name: f"{ROW}{place or ''}" for place, name in enumerate(query.alias_map)})
        compiler = query.get_compiler(using)
        compiler.pre_sql_setup()
        for part in _parts(query.where):
            try:
                text, values = compiler.compile(part)
            except FullResultSet:
                continue
            except EmptyResultSet:
                return None
            # a subquery may not call its tables as one outside does: it asks for the row outside
            renamed = INNER_NAME.sub(lambda name: f"{ROW}_{name[0]}", text)
            condition = Condition(f"({renamed})", tuple(values))
            if JOINED_NAME.search(text):
                joined &= condition
            else:
                own &= condition
        tables, of_tables = compiler.get_from_clause()
    key = connections[using].ops.quote_name(cast("str", model._meta.pk.column))
    source = Condition(f"FROM {' '.join(tables)} WHERE {ROW}.{key}", tuple(of_tables))
    return [own, joined, source]


def _parts(where: WhereNode) -> Sequence[Any]:
    """Return what has to be true together."""
    together = where.connector == AND and not where.negated
    return where.children if together else [where]


def _with_holes(connection: BaseDatabaseWrapper, one: Condition, other: Condition) -> Condition:
    """Tell what is always the same in a piece of SQL from what differs between the two probes."""
    return Condition(one.text, one.values, holes_between(connection, one.values, other.values, keys=1))
