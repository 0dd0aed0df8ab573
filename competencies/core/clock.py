"""The one clock. Every stored instant and every "today" of the domain is read here."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_standing = ContextVar("standing", default=None)


def now():
    """Return the present instant, in UTC."""
    return _standing.get() or timezone.now()


def today():
    """Return the present date in the organisation's time zone (`TIME_ZONE`), whatever zone a reader chose."""
    return day_of(now())


def day_of(instant):
    """Return the date on which `instant` (aware datetime) fell, in the organisation's time zone."""
    return timezone.localdate(instant, timezone.get_default_timezone())


@contextmanager
def standing_at(instant):
    """Hold the clock at `instant` (aware datetime) inside the block: for history and for tests."""
    token = _standing.set(instant)
    try:
        yield
    finally:
        _standing.reset(token)
