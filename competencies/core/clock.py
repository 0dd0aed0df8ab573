"""The one clock. Every stored instant and every "today" of the domain is read here.

Which day it is depends on the organisation's time zone. Whoever keeps that registers how it is read with
`read_calendar_with`; a request and a task read it once, and see it the same until they end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone


@dataclass(frozen=True)
class Calendar:
    """The days of the organisation: the time zone in which they begin and end.

    `day` is which day it was at `since`, when the zone was changed. No day begins a second time: until the
    new zone has come to it as well, that day goes on.
    """

    zone: tzinfo
    since: datetime | None = None
    day: date | None = None

    def day_of(self, instant: datetime) -> date:
        """Return the date on which `instant` (aware datetime) falls."""
        day = timezone.localdate(instant, self.zone)
        if self.since is None or self.day is None or instant < self.since:
            return day
        return max(day, self.day)


@dataclass
class Reading:
    """What was read of the calendar in this request or task; None before it is asked for."""

    calendar: Calendar | None = None


_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)
_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)
_readers: list[Callable[[], Calendar]] = []


def now() -> datetime:
    """Return the present instant, in UTC."""
    return _standing.get() or timezone.now()


def today() -> date:
    """Return the present date in the organisation's time zone, whatever zone a reader has."""
    return day_of(now())


def today_for_reader() -> date:
    """Return the present date in the zone in which this request tells times."""
    return timezone.localdate(now())


def day_of(instant: datetime) -> date:
    """Return the date on which `instant` (aware datetime) fell, in the organisation's time zone."""
    return calendar().day_of(instant)


def zone() -> tzinfo:
    """Return the organisation's time zone."""
    return calendar().zone


def calendar() -> Calendar:
    """Return the calendar of the organisation, as it was first read in this request or task.

    Outside of both it is read whenever it is asked for.
    """
    reading = _reading.get()
    if reading is None:
        return _read()
    if reading.calendar is None:
        reading.calendar = _read()
    return reading.calendar


def calendar_of_settings() -> Calendar:
    """Return the calendar that counts while the organisation has chosen no zone."""
    return Calendar(timezone.get_default_timezone())


def read_calendar_with(read: Callable[[], Calendar]) -> None:
    """Have the calendar read by `read`."""
    _readers[:] = [read]


@contextmanager
def calendar_read_once() -> Iterator[None]:
    """Read the calendar once at most inside the block: for a request, a task, a command."""
    with _with_reading(Reading()):
        yield


@contextmanager
def organisation_time() -> Iterator[None]:
    """Read the calendar once inside the block, and tell times in the organisation's zone."""
    with calendar_read_once(), timezone.override(zone()):
        yield


@contextmanager
def calendar_held(days: Calendar) -> Iterator[None]:
    """Hold the calendar at `days` inside the block."""
    with _with_reading(Reading(days)):
        yield


def note_calendar(days: Calendar) -> None:
    """Take `days` for what this request or task reads, unless it has read the calendar before."""
    reading = _reading.get()
    if reading is not None and reading.calendar is None:
        reading.calendar = days


def forget_calendar() -> None:
    """Read the calendar anew when it is asked for next: it was just changed."""
    reading = _reading.get()
    if reading is not None:
        reading.calendar = None


def calendar_of(name: str | None, since: datetime | None, day: date | None) -> Calendar:
    """Return the days in a time zone, or in that of the settings where it has no name or is not known."""
    chosen = zone_called(name) if name else None
    return Calendar(chosen, since, day) if chosen else calendar_of_settings()


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (aware datetime) inside the block: for history and for tests."""
    token = _standing.set(instant)
    try:
        yield
    finally:
        _standing.reset(token)


def zone_called(name: str) -> ZoneInfo | None:
    """Return the time zone with a name such as `"Europe/Berlin"`, or None where there is none."""
    return ZoneInfo(name) if name in zone_names() else None


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones that this machine knows."""
    return frozenset(available_timezones())


@contextmanager
def _with_reading(reading: Reading) -> Iterator[None]:
    token = _reading.set(reading)
    try:
        yield
    finally:
        _reading.reset(token)


def _read() -> Calendar:
    return _readers[0]() if _readers else calendar_of_settings()
