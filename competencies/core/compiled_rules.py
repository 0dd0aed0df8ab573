"""The SQL of a rule, made once a process instead of once a question.

To build the conditions of a rule and to compile them takes Django many times as long as the database takes
to answer. A rule depends on nothing but the key of a person and the clock, so its SQL is always one text,
in which only these differ. It is compiled for two people who do not exist, at two instants far off: what is
equal in both belongs to the rule, and what differs has to be the person, the instant or the day of each. A
rule that depends on anything else is not compiled, and asked as it is written.

Whatever here knows how Django names tables in a statement is in `_statement`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, cast

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connections
from django.db.models import BooleanField, F, Model
from django.db.models.expressions import Col, Expression
from django.utils import timezone

from .clock import day_of, now, standing_at

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Q
    from django.db.models.sql import Query
    from django.db.models.sql.compiler import SQLCompiler

    from competencies.people.models import Person

    Rows: TypeAlias = Callable[[Person], Q]
    Params: TypeAlias = tuple[Any, ...]


ROW = "ruled"  # how a compiled statement calls the row it is asked of
INNER_NAME = re.compile(r'(?<!")\b([S-Z]\d+)\b(?=[ .)])')  # how Django calls the tables of a subquery

_compiling: ContextVar[bool] = ContextVar("compiling", default=False)


class NotCompilable(Exception):
    """A rule depends on more than a person's key and the clock."""


@dataclass(frozen=True)
class Probe:
    """Somebody who does not exist, at an instant far off."""

    person: int
    at: datetime
    zone: str  # of a reader: what depends on it differs as well

    def __str__(self) -> str:
        return f"{self.person} at {self.at}"


PROBES = (
    Probe(-918_273_645, datetime(1931, 3, 7, 11, 12, 13, 141_516, UTC), "Pacific/Apia"),
    Probe(-564_738_291, datetime(1944, 10, 23, 13, 24, 35, 464_748, UTC), "America/Lima"),
)
Fill = Callable[[int, datetime], Any]  # what stands in a hole, from a person's key and an instant


@dataclass(frozen=True)
class Parameters:
    """Those of a piece of SQL: what is always the same, and what fills the holes, by their places."""

    values: tuple[Any, ...] = ()
    holes: tuple[tuple[int, Fill], ...] = ()

    def of(self, person: int, at: datetime) -> Params:
        values = list(self.values)
        for place, fill in self.holes:
            values[place] = fill(person, at)
        return tuple(values)


@dataclass(frozen=True)
class CompiledRule:
    """A rule as SQL, with holes for the person, the instant and the day.

    `where` is the condition and `tables` what it is asked of: more than one where it joins. `where` is None
    where the rule is true on no row, whoever asks.
    """

    where: str | None
    tables: str
    key: str
    joins: bool
    of_tables: Parameters
    of_where: Parameters

    def exists(self, row: str, of_row: Sequence[Any], person: int, at: datetime) -> tuple[str, Params]:
        """Return SQL that asks for the row whose key is the SQL `row`, and its parameters."""
        asked = f"SELECT 1 FROM {self.tables} WHERE {ROW}.{self.key} = {row} AND ({self.where})"  # noqa: S608
        return asked, (*self.of_tables.of(person, at), *of_row, *self.of_where.of(person, at))

    def inline(self, alias: str, person: int, at: datetime) -> tuple[str, Params]:
        """Return the condition on the row that a statement calls `alias`. For rules without a join."""
        condition = f"({self.where})".replace(f"{ROW}.", f"{alias}.")
        return condition, self.of_where.of(person, at)


class Permitted(Expression):
    """True on the rows on which a person may do what a rule is about, false on all others.

    `narrowing` is for a filter on a rule without joins: then the condition stands in the statement itself,
    where an index can be found for it.
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
        if compiled.where is None:
            raise EmptyResultSet
        if self.narrowing and isinstance(self.row, Col) and not compiled.joins:
            alias = compiler.quote_name_unless_alias(self.row.alias)
            return compiled.inline(alias, self.person, self.at)
        row, of_row = compiler.compile(self.row)
        asked, params = compiled.exists(row, of_row, self.person, self.at)
        return f"EXISTS({asked})", params


def compiled_rule(rows: Rows, model: type[Model], using: str) -> CompiledRule | None:
    """Return the rule `rows` on `model` as SQL of a database, or None where it has to be asked as written.

    None as well while another is compiled: what a rule takes in is part of its own SQL.
    """
    if _compiling.get():
        return None
    return _kept(rows, model, using, settings.TIME_ZONE)


def ask(compiled: CompiledRule, model: type[Model], row: object, person: int) -> bool:
    """Return True if a compiled rule lets `person` (a key) act on the row with the key `row`. One query."""
    if compiled.where is None:
        return False
    connection, key = connections[model._base_manager.db], model._meta.pk
    asked, params = compiled.exists("%s", [key.get_db_prep_value(row, connection)], person, now())
    with connection.cursor() as cursor:
        cursor.execute(asked, params)
        return cursor.fetchone() is not None


def forget_compiled_rules() -> None:
    """Compile each rule anew when it is asked next. For tests that change what a rule reads in Python."""
    _kept.cache_clear()


@lru_cache(maxsize=1024)
def _kept(rows: Rows, model: type[Model], using: str, _default_zone: str) -> CompiledRule | None:
    try:
        return _compile(rows, model, using)
    except NotCompilable:
        return None


def _compile(rows: Rows, model: type[Model], using: str) -> CompiledRule:
    one, other = (_statement(rows, model, using, probe) for probe in PROBES)
    if one.texts != other.texts:
        raise NotCompilable(rows)
    connection = connections[using]
    of_tables = _parameters(connection, one.of_tables, other.of_tables)
    of_where = _parameters(connection, one.of_where, other.of_where)
    key = connection.ops.quote_name(cast("str", model._meta.pk.column))
    return CompiledRule(one.where, one.tables, key, one.joins, of_tables, of_where)


@dataclass(frozen=True)
class _Statement:
    where: str | None
    tables: str
    joins: bool
    of_tables: tuple[Any, ...]
    of_where: tuple[Any, ...]

    @property
    def texts(self) -> tuple[object, ...]:
        return self.where, self.tables, self.joins, len(self.of_tables), len(self.of_where)


def _statement(rows: Rows, model: type[Model], using: str, probe: Probe) -> _Statement:
    """Return the rule `rows` as Django compiles it for a probe, its tables called `ROW`, `ROW1`, …"""
    stranger = get_user_model().from_db(using, ["id"], [probe.person])
    with _alone(using, probe):
        query: Query = model._base_manager.using(using).filter(rows(stranger)).order_by().values("pk").query
        query.get_initial_alias()
        query.change_aliases({name: f"{ROW}{place or ''}" for place, name in enumerate(query.alias_map)})
        compiler = query.get_compiler(using)
        compiler.pre_sql_setup()
        try:
            where, of_where = compiler.compile(query.where)
        except FullResultSet:
            where, of_where = "1 = 1", ()
        except EmptyResultSet:
            return _Statement(None, "", False, (), ())
        tables, of_tables = compiler.get_from_clause()
    return _Statement(
        # a subquery may not call its tables as one outside does: it asks for the row outside
        INNER_NAME.sub(rf"{ROW}_\1", where),
        " ".join(tables),
        len(tables) > 1,
        tuple(of_tables),
        tuple(of_where),
    )


@contextmanager
def _alone(using: str, probe: Probe) -> Iterator[None]:
    """Hold clock and zone at those of a probe, and refuse any question to the database."""
    connection = connections[using]
    connection.ensure_connection()
    token = _compiling.set(True)
    try:
        with (
            standing_at(probe.at),
            timezone.override(probe.zone),
            connection.execute_wrapper(_refuse),
        ):
            yield
    finally:
        _compiling.reset(token)


def _refuse(*_: object) -> NoReturn:
    raise NotCompilable("a rule asks the database while it is built")


def _parameters(connection: BaseDatabaseWrapper, one: Sequence[Any], other: Sequence[Any]) -> Parameters:
    """Tell what is always the same from what differs between the two probes."""
    differing = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    holes = tuple((place, _fill(connection, one[place], other[place])) for place in differing)
    return Parameters(tuple(one), holes)


def _fill(connection: BaseDatabaseWrapper, one: object, other: object) -> Fill:
    """Return what fills the hole in which `one` stood for the first probe, and `other` for the second."""
    as_instant, as_day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    fills: list[Fill] = [
        lambda person, at: person,
        lambda person, at: as_instant(at),
        lambda person, at: as_day(day_of(at)),
        lambda person, at: day_of(at).isoformat(),
    ]
    gap = _gap(one)
    if gap is not None:
        fills.append(lambda person, at: as_instant(at + gap))
    for fill in fills:
        if [one, other] == [fill(probe.person, probe.at) for probe in PROBES]:
            return fill
    raise NotCompilable(f"{one!r} and {other!r} are neither person nor instant nor day")


def _gap(value: object) -> timedelta | None:
    """Return how long an instant, as a parameter, lies from that of the first probe."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)) - PROBES[0].at
