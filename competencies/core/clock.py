"""The one clock. Every stored instant and every "today" of the domain is read here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """Return the present instant, in UTC."""
    return _standing.get() or timezone.now()


def today() -> date:
    """Return the present date in the organisation's time zone (`TIME_ZONE`), whatever zone a reader chose."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the date on which `instant` (aware datetime) fell, in the organisation's time zone."""
    return timezone.localdate(instant, timezone.get_default_timezone())


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (aware datetime) inside the block: for history and for tests."""
    token = _standing.set(instant)
    try:
        yield
    finally:
        _standing.reset(token)
