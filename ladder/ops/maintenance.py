"""Keeping writers out while the database is migrated, and this program away from one that it does not fit.

Closed tables are open while `migrate` works, so it works alone: whatever else may write holds a shared lock
meanwhile, each page for as long as it is answered. On PostgreSQL it is an advisory lock, beside SQLite two
files; either is let go of when a process dies.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import wraps
from time import sleep

from django.apps import apps
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from competencies.core.clock import organisation_time
from competencies.trail.trigger_installation import missing
from ladder.ops.outages import Outage

LOCK = 0x4C61646465  # "Ladde": one number among the advisory locks of our database
LAST_OF_ALL_STEPS = "0.1.0"  # the version whose steps the first migration of each app replaces
OPTIONAL = {"django_rq", "django_tasks_rq"}  # apps that a setting takes away, with their migrations left
PAUSE = 1  # seconds between two looks of a task that waits
_here = threading.local()  # whether this thread holds the database already, alone or with others


class Migrating(Outage):
    """Another process migrates the database."""

    sentence = _later("Ladder is being updated. It will be back in a moment.")


class Unfit(Outage):
    """The database is not one that this program may write to; `str()` says why."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


@contextmanager
def alone(using: str = DEFAULT_DB_ALIAS, *, waiting=lambda: None) -> Iterator[None]:
    """Hold the database for this thread: wait for whoever holds it, then keep every writer out.

    `waiting` is called once when it has to wait. May be nested.
    """
    with _once(lambda: _exclusive(connections[using], waiting)):
        yield


@contextmanager
def sharing(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Hold off every `alone` while something may be written. Refuses at once with `Migrating` or `Unfit`."""
    with _once(lambda: _shared(connections[using])):
        yield


@contextmanager
def _once(hold):
    """Hold the database, unless this thread holds it: it would wait for itself otherwise."""
    if getattr(_here, "holds", False):
        yield
        return
    with hold():
        _here.holds = True
        try:
            yield
        finally:
            _here.holds = False


def while_nobody_migrates(handle):
    """Let the `handle` of a command write only while the database is not migrated, by one calendar."""

    @wraps(handle)
    def handled(*arguments, **options):
        try:
            with sharing(), organisation_time():
                return handle(*arguments, **options)
        except Migrating:
            raise CommandError("The database is being migrated. Try again in a moment.") from None
        except Unfit as reason:
            raise CommandError(str(reason)) from None

    return handled


def when_nobody_migrates(work):
    """Let the `work` of a task wait until the database is not migrated and fits this program.

    It reads the organisation's time zone once.
    """

    @wraps(work)
    def worked(*arguments, **options):
        while True:
            try:
                with sharing(), organisation_time():
                    return work(*arguments, **options)
            except (Migrating, Unfit):
                sleep(PAUSE)

    return worked


def newer(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the migrations that the database has had and this program does not know."""
    connection = connections[using]
    loader = MigrationLoader(connection, replace_migrations=False)
    known = set(loader.disk_migrations)
    known.update(name for migration in loader.disk_migrations.values() for name in migration.replaces)
    return [
        f"{app}.{name}"
        for app, name in sorted(MigrationRecorder(connection).applied_migrations())
        if (app, name) not in known and _is_ours(app, loader) and app not in OPTIONAL
    ]


def lacking_steps(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the steps up to 0.1.0 that an older database has not had; none of one that is empty or whole.

    The first migration of each app replaces them all, but carries no rows: with some of them applied it
    would leave tables as they were, or make them a second time.
    """
    connection = connections[using]
    had = set(MigrationRecorder(connection).applied_migrations())
    loader = MigrationLoader(connection, replace_migrations=False)
    files = loader.disk_migrations
    tables = set(connection.introspection.table_names())
    lacking = []
    for (app, _name), migration in files.items():
        if not _is_ours(app, loader):
            continue
        gone = [step for step in migration.replaces if step not in files]
        left = [step for step in gone if step not in had]
        if left and (len(left) < len(gone) or _tables_of(migration) & tables):
            lacking += [f"{app}.{name}" for app, name in left]
    return sorted(lacking)


def _tables_of(migration):
    """Return the names of the tables that a migration makes."""
    return {
        operation.options.get("db_table") or f"{migration.app_label}_{operation.name}".lower()
        for operation in migration.operations
        if isinstance(operation, CreateModel)
    }


def _is_ours(app, loader):
    """Return True of our own apps, and of one that this program lacks: libraries may fold theirs together."""
    if app not in loader.migrated_apps and app not in loader.unmigrated_apps:
        return True
    return apps.get_app_config(app).name.startswith(("competencies.", "ladder"))


def unfit(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return why this program must not write to the database, in a sentence; empty if it may."""
    if names := newer(using):
        return _("The database belongs to a newer version of Ladder (%(name)s). Start that version.") % {
            "name": names[-1]
        }
    if steps := lacking_steps(using):
        return _(
            "The database lacks %(number)d of the migrations up to %(version)s (%(name)s). Start "
            "Ladder %(version)s on it once, then this version."
        ) % {"name": steps[-1], "number": len(steps), "version": LAST_OF_ALL_STEPS}
    if lacking := missing(using):
        return _("The database lacks %(number)d of its triggers. Run `manage.py migrate`.") % {
            "number": len(lacking)
        }
    return ""


_fit: dict[str, tuple] = {}


def found_fit() -> dict[str, tuple]:
    """Look whether the database is fit; return by what another process of this program knows it for that."""
    with suppress(Migrating, Unfit), sharing():
        pass
    return dict(_fit)


def take_for_fit(found) -> None:
    """Look into no database that is as it was when another process of this program found it fit."""
    _fit.update((alias, tuple(fingerprint)) for alias, fingerprint in found.items())


def _insist_on_fit(connection):
    """Raise `Unfit`, unless nothing changed since the database was found to be fit."""
    print_of_it = _fingerprint(connection)
    if _fit.get(connection.alias) == print_of_it:
        return
    if reason := unfit(connection.alias):
        _fit.pop(connection.alias, None)
        raise Unfit(reason)
    _fit[connection.alias] = print_of_it


def _fingerprint(connection):
    """Return what changes whenever a migration, or a trigger, comes or goes. It costs some 0.1 ms."""
    if connection.vendor == "sqlite":
        (schema,) = _ask(connection, "PRAGMA schema_version")
        return schema, *_ask(connection, "SELECT COUNT(*) FROM django_migrations")
    return tuple(
        _ask(
            connection,
            "SELECT (SELECT COUNT(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'),"
            " (SELECT COUNT(*) FROM django_migrations)",
        )
    )


def _ask(connection, query):
    """Return one row, asked beside Django: this is asked of every page and belongs to none."""
    connection.close_if_health_check_failed()  # or a server that was restarted would be asked in vain
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection.connection.execute(query).fetchone()


@contextmanager
def _shared(connection):
    if connection.vendor == "postgresql":
        (held,) = _ask(connection, f"SELECT pg_try_advisory_lock_shared({LOCK})")
        if not held:
            raise Migrating
        session = connection.connection
        try:
            _insist_on_fit(connection)
            yield
        finally:
            with suppress(Exception):  # a session that broke has let go already
                session.execute(f"SELECT pg_advisory_unlock_shared({LOCK})")
        return
    door, room = _files(connection)
    with ExitStack() as inside:
        with _flock(door, fcntl.LOCK_SH | fcntl.LOCK_NB):
            inside.enter_context(_flock(room, fcntl.LOCK_SH | fcntl.LOCK_NB))
        _insist_on_fit(connection)
        yield


@contextmanager
def _exclusive(connection, waiting):
    if connection.vendor == "postgresql":
        (held,) = _ask(connection, f"SELECT pg_try_advisory_lock({LOCK})")
        if not held:
            waiting()
            _ask(connection, f"SELECT pg_advisory_lock({LOCK})")
        try:
            yield
        finally:
            with suppress(Exception):
                _ask(connection, f"SELECT pg_advisory_unlock({LOCK})")
        return
    door, room = _files(connection)
    try:
        with _flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB), _flock(room, fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield
            return
    except Migrating:
        waiting()
    with _flock(door, fcntl.LOCK_EX), _flock(room, fcntl.LOCK_EX):
        yield


def _files(connection):
    """Return the files beside a SQLite database: who wants it alone shuts the door, then takes the room."""
    name = str(connection.settings_dict["NAME"])
    if connection.is_in_memory_db():
        return None, None
    return f"{name}-door", f"{name}-room"


@contextmanager
def _flock(file, mode):
    if file is None:
        yield
        return
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, mode)
        except BlockingIOError:
            raise Migrating from None
        yield
    finally:
        os.close(descriptor)
