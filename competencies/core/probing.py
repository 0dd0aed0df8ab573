"""Making SQL once: what always stays the same in it, and what is filled in whenever it is asked.

A statement that depends on nothing but some keys and the clock is one text, in which only those differ. It is
compiled for two sets of keys that do not exist, at two instants far off, in organisations of two time zones:
what is equal in both belongs to the statement, and what differs has to be a key, the instant or the day. What
depends on anything else, as on a zone by its name, is not compiled. So a statement holds in every zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed
from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.auth import get_user_model
from django.db import connections
from django.db.models import BigIntegerField
from django.utils import timezone

from .clock import Calendar, calendar_held, day_of, standing_at

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from competencies.people.models import Person


Fill = Callable[[Sequence[int], datetime], Any]  # what stands in a hole, from keys and an instant
Holes = tuple[tuple[int, Fill], ...]  # each with its place among the parameters

GREATEST_KEY = BigIntegerField.MAX_BIGINT  # an address may name a greater number; no column holds it

_compiling: ContextVar[bool] = ContextVar("compiling", default=False)


class NotCompilable(Exception):
    """It depends on more than keys and the clock."""


@dataclass(frozen=True)
class Probe:
    """Keys that do not exist, at an instant far off."""

    first_key: int
    at: datetime
    zone: str  # of a reader: what depends on it differs as well
    offset: int  # hours of the organisation from UTC: its day is neither that of UTC nor of the reader

    def keys(self, count: int) -> list[int]:
        return [self.first_key - 7_919 * place for place in range(count)]

    @property
    def organisation_zone(self) -> tzinfo:
        return fixed(timedelta(hours=self.offset))

    @contextmanager
    def there(self) -> Iterator[None]:
        """Hold clock and calendar at those of the probe."""
        with standing_at(self.at), calendar_held(Calendar(self.organisation_zone)):
            yield


PROBES = (
    Probe(-918_273_645, datetime(1931, 3, 7, 11, 12, 13, 141_516, UTC), "Pacific/Apia", 14),
    Probe(-564_738_291, datetime(1944, 10, 23, 13, 24, 35, 464_748, UTC), "America/Lima", -14),
)


def is_compiling() -> bool:
    return _compiling.get()


def stranger(key: int, **known: Any) -> Person:
    """Return somebody who does not exist, and of whom nothing is known but the key and `known`."""
    person: Person = get_user_model().from_db(None, ["id", *known], [key, *known.values()])
    return person


@contextmanager
def alone(using: str, probe: Probe) -> Iterator[None]:
    """Hold clock and zone at those of a probe, and refuse any question to the database."""
    connection = connections[using]
    connection.ensure_connection()
    token = _compiling.set(True)
    try:
        with (
            probe.there(),
            timezone.override(probe.zone),
            connection.execute_wrapper(_refuse),
        ):
            yield
    finally:
        _compiling.reset(token)


def _refuse(*_: object) -> NoReturn:
    raise NotCompilable("the database is asked while a statement is built")


def holes_between(
    connection: BaseDatabaseWrapper, one: Sequence[Any], other: Sequence[Any], keys: int
) -> Holes:
    """Return what differs between the parameters of two probes that had `keys` keys each.

    Refuses with `NotCompilable` where one is neither key nor instant nor day.
    """
    if len(one) != len(other):
        raise NotCompilable(one)
    pairs = enumerate(zip(one, other, strict=True))
    return tuple((place, _fill(connection, *pair, keys)) for place, pair in pairs if pair[0] != pair[1])


def filled(values: Sequence[Any], holes: Holes, keys: Sequence[int], at: datetime) -> tuple[Any, ...]:
    """Return the parameters with the holes among them filled."""
    whole = list(values)
    for place, fill in holes:
        whole[place] = fill(keys, at)
    return tuple(whole)


def _fill(connection: BaseDatabaseWrapper, one: object, other: object, count: int) -> Fill:
    """Return what fills the hole in which `one` stood for the first probe, and `other` for the second."""
    as_instant, as_day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    fills: list[Fill] = [
        *(_key(place) for place in range(count)),
        lambda keys, at: as_instant(at),
        lambda keys, at: as_day(day_of(at)),
        lambda keys, at: day_of(at).isoformat(),
    ]
    gap = _gap(one)
    if gap is not None:
        fills.append(lambda keys, at: as_instant(at + gap))
    for fill in fills:
        if [one, other] == [_filled_there(fill, probe, count) for probe in PROBES]:
            return fill
    raise NotCompilable(f"{one!r} and {other!r} are neither key nor instant nor day")


def _filled_there(fill: Fill, probe: Probe, count: int) -> Any:
    with probe.there():
        return fill(probe.keys(count), probe.at)


def _key(place: int) -> Fill:
    return lambda keys, at: keys[place]


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
