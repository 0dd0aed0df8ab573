"""Statements that are built once a process: functions from people and keys to the rows of a queryset.

Django builds a queryset and compiles it each time, which takes longer than most answers. What depends on
nothing but keys and the clock is compiled once, as `probing` says, and asked with those of the moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, partial, wraps
from inspect import formatannotation, signature
from itertools import product
from typing import Any, Generic, Literal, ParamSpec, TypeVar

from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Count, Model, Prefetch, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.where import WhereNode
from django.db.transaction import atomic
from django.utils.translation import get_language

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

Asked = ParamSpec("Asked")
Row = TypeVar("Row")
Kind = Literal["person", "key"] | int  # of an argument; of a list of keys how many there are
DECLARED: dict[str, Kind] = {"Person": "person", "int": "key"}

NUMBERS_OF_KEYS = (0, 1, 8, 64, 100)  # each is a statement of its own; others are filled up
NUMBERS_AHEAD = (0, 1, 8, 64)  # of which there are statements before somebody asks
prepared_functions: list[Callable[..., QuerySet[Any, Any]]] = []


def prepared(build: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """Make a function from people (who are here), keys and lists of keys to a queryset one that returns rows.

    The function may not choose by what it is given, nor ask the database; its queryset may read related rows
    beside its own by their names alone. Where it does otherwise, its queryset is built each time. A list of
    keys may be of rows that are looked for (`__in`) and nothing else: its last key is repeated. What its
    arguments are annotated with (`Person`, `int`, `list[int]`) lets it be prepared before it is asked.
    """

    prepared_functions.append(build)

    @wraps(build)
    def rows(*asked: Asked.args, **named: Asked.kwargs) -> list[Row]:
        full = tuple(map(_filled_up, asked))
        kept = None if named or is_compiling() else _statement_for(build, full)
        if kept is None:
            return list(build(*asked, **named))
        return kept.rows([key for one in full for key in _keys(one)])

    return rows


def counting(rows: QuerySet[Any, Any]) -> QuerySet[Any, int]:
    """Return a queryset of one number, how many `rows` there are; of none at all where there are none.

    For what is prepared, where `count()` would ask at once.
    """
    as_one = rows.order_by().annotate(as_one=Value(1)).values("as_one")
    number: QuerySet[Any, int] = as_one.annotate(number=Count("pk")).values_list("number", flat=True)
    return number


@dataclass(frozen=True)
class Statement(Generic[Row]):
    """A compiled queryset: its rows are read as ever, but its SQL stands, with holes for keys and clock."""

    queryset: QuerySet[Any, Row]
    compiler: SQLCompiler
    sql: str
    values: tuple[Any, ...]
    holes: Holes

    def rows(self, keys: list[int]) -> list[Row]:
        """Return the rows for these keys, now."""
        compiler = copy(self.compiler)
        compiler.connection = connections[self.queryset.db]
        params = filled(self.values, self.holes, keys, now())
        compiler.as_sql = lambda *_args, **_named: (self.sql, params)  # type: ignore[method-assign]
        queryset = self.queryset._chain()  # type: ignore[attr-defined]  # a copy that has no rows yet
        queryset.query.get_compiler = lambda *_args, **_named: compiler
        return list(queryset)


def _statement_for(build: Callable[..., QuerySet[Any, Any]], asked: tuple[Any, ...]) -> Statement[Any] | None:
    person = get_user_model()
    kinds = tuple(_kind(one, person) for one in asked)
    if None in kinds:
        return None
    return _kept(build, kinds, get_language())


def _kind(one: Any, person: type[Model]) -> Kind | None:
    """Return what an argument is: `person` who is here, `key`, a number of keys; None for anything else."""
    if isinstance(one, person):
        return "person" if getattr(one, "is_active", False) else None
    if type(one) is int:
        return "key" if -GREATEST_KEY <= one <= GREATEST_KEY else None
    if type(one) is list and len(one) in NUMBERS_OF_KEYS and all(type(key) is int for key in one):
        return len(one)
    return None


def _filled_up(one: Any) -> Any:
    """Return a list of keys with its last repeated up to a number of which there is a statement."""
    if type(one) is not list or not one or len(one) > NUMBERS_OF_KEYS[-1]:
        return one
    number = next(number for number in NUMBERS_OF_KEYS if number >= len(one))
    return one + one[-1:] * (number - len(one))


def _keys(one: Any) -> list[int]:
    if type(one) is list:
        return one
    return [one if type(one) is int else one.pk]


def to_prepare() -> Iterator[Callable[[], object]]:
    """Give what prepares each statement of the product before it is asked: those of one key first."""
    kinds = [(build, kinds) for build in prepared_functions for kinds in declared_kinds(build, NUMBERS_AHEAD)]
    for build, asked in sorted(kinds, key=lambda one: _count(one[1])):
        yield partial(_prepared_now, build, asked)


def declared_kinds(
    build: Callable[..., QuerySet[Any, Any]], numbers: Iterable[int]
) -> list[tuple[Kind, ...]]:
    """Return what the arguments of a function are by their annotations, with each of `numbers` of keys."""
    each: list[Iterable[Kind]] = []
    for parameter in signature(build).parameters.values():
        declared = formatannotation(parameter.annotation).strip("'").rpartition(".")[2]
        each.append(numbers if declared == "list[int]" else [DECLARED[declared]])
    return list(product(*each))


def _prepared_now(build: Callable[..., QuerySet[Any, Any]], kinds: tuple[Kind, ...]) -> None:
    with _as_where_it_is_asked(get_user_model()._default_manager.db):
        _kept(build, kinds, get_language())


def _as_where_it_is_asked(using: str) -> AbstractContextManager[Any]:
    """What locks rows is compiled in a transaction alone; where nothing is, beginning one would lock."""
    locks = connections[using].features.has_select_for_update
    return atomic(using, savepoint=False) if locks else nullcontext()


def forget_prepared_statements() -> None:
    """Build each statement anew when it is asked next. For tests that change what is read in Python."""
    _kept.cache_clear()


@lru_cache(maxsize=1024)
def _kept(
    build: Callable[..., QuerySet[Any, Any]], kinds: tuple[Kind, ...], _language: str
) -> Statement[Any] | None:
    try:
        return prepare(build, kinds)
    except NotCompilable:
        return None


def prepare(build: Callable[..., QuerySet[Any, Any]], kinds: tuple[Kind, ...]) -> Statement[Any]:
    """Return what `build` gives, compiled; `kinds` says of each of its arguments what it is.

    Refuses with `NotCompilable`.
    """
    one, other = (_compiled(build, kinds, probe) for probe in PROBES)
    if one.sql != other.sql:
        raise NotCompilable(build)
    connection = connections[one.queryset.db]
    holes = holes_between(connection, one.values, other.values, _count(kinds))
    _forget_conditions(one)
    return Statement(one.queryset, one.compiler, one.sql, one.values, holes)


def _forget_conditions(compiled: Statement[Any]) -> None:
    """Let go of the conditions: they stand in the SQL, and would be kept, and copied each time, in vain."""
    compiler: Any = compiled.compiler
    compiler.where = compiler.having = compiler.qualify = None
    compiled.queryset.query.where = WhereNode()


def _compiled(
    build: Callable[..., QuerySet[Any, Any]], kinds: tuple[Kind, ...], probe: Probe
) -> Statement[Any]:
    """Return a queryset as Django compiles it for a probe, without holes."""
    keys = iter(probe.keys(_count(kinds)))
    given = [_given(kind, keys) for kind in kinds]
    using = get_user_model()._default_manager.db
    with alone(using, probe):
        queryset: Any = build(*given)
        if queryset.db != using or queryset._known_related_objects:
            raise NotCompilable(build)
        if any(isinstance(name, Prefetch) for name in queryset._prefetch_related_lookups):
            raise NotCompilable(build)  # it may hold the keys of the probe
        compiler = queryset.query.get_compiler(using)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            raise NotCompilable(build) from None
    return Statement(queryset, compiler, sql, tuple(values), ())


def _count(kinds: tuple[Kind, ...]) -> int:
    return sum(kind if isinstance(kind, int) else 1 for kind in kinds)


def _given(kind: Kind, keys: Iterator[int]) -> Any:
    """Return an argument of a probe, of the next of its keys."""
    if isinstance(kind, int):
        return [next(keys) for _number in range(kind)]
    return stranger(next(keys), leaves_on=None) if kind == "person" else next(keys)
