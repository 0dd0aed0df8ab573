"""Outages told apart from faults of ours, by the codes of SQLite, of PostgreSQL and of the system."""

import errno
import sqlite3
import traceback

import psycopg
from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

BY_STATE = {"53100": "full", "55P03": "busy", "57014": "busy", "40001": "busy", "40P01": "busy"}
BY_CLASS = {"08": "away", "53": "busy", "57": "away", "58": "away"}  # of SQLSTATE
BY_SQLITE = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_PROTOCOL: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "away",
    sqlite3.SQLITE_CANTOPEN: "away",
    sqlite3.SQLITE_READONLY: "away",
}
BY_ERRNO = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "away", errno.EIO: "away"}


class Outage(Exception):
    """Nothing can be answered for a while: `str()` says why, `wait` in how many seconds to ask again."""

    sentence = _("Ladder can’t respond right now.")
    wait = 5

    def __str__(self) -> str:
        return str(self.sentence)


class Away(Outage):
    """The database does not answer."""

    sentence = _("The database is not responding right now.")


class Busy(Outage):
    """Others keep the database from answering in time."""

    sentence = _("The database is busy right now.")
    wait = 2


class Full(Outage):
    """There is no room on a disk."""

    sentence = _("The disk is full. Nothing can be saved until the person who runs Ladder frees some space.")
    wait = 30


KINDS: dict[str, type[Outage]] = {"away": Away, "busy": Busy, "full": Full}


def outage_of(exception: BaseException | None) -> Outage | None:
    """Return the outage that an exception or what caused it tells of; None for a fault of ours."""
    seen: set[int] = set()
    while exception is not None and id(exception) not in seen:
        seen.add(id(exception))
        if isinstance(exception, Outage):
            return exception
        if kind := _kind_of(exception):
            return KINDS[kind]()
        exception = exception.__cause__ or exception.__context__
    return None


def _kind_of(exception: BaseException) -> str | None:
    match exception:
        case sqlite3.Error():
            return BY_SQLITE.get(getattr(exception, "sqlite_errorcode", 0) & 0xFF)
        case psycopg.Error(sqlstate=str() as state):
            return BY_STATE.get(state) or BY_CLASS.get(state[:2])
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return "away"  # no server said anything
        case InterfaceError(__cause__=None) | OperationalError(__cause__=None):
            return "away"
        case OSError():
            return BY_ERRNO.get(exception.errno or 0)
    return None


def _passed(exception: BaseException, function) -> bool:
    frames = traceback.walk_tb(exception.__traceback__)
    return any(frame.f_code is function.__code__ for frame, _line in frames)


def is_unknown(exception: BaseException, outage: Outage) -> bool:
    """Return whether the database went away between a COMMIT and the answer to it."""
    return isinstance(outage, Away) and _passed(
        exception,
        BaseDatabaseWrapper._commit,  # type: ignore[attr-defined]
    )


def is_kept_already(exception: BaseException) -> bool:
    """Return whether what was sent was kept, and only what follows upon it met the outage."""
    return _passed(exception, BaseDatabaseWrapper.run_and_clear_commit_hooks)
