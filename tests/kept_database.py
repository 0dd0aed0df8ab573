"""The migrated database, kept from one run of the tests to the next in the folder `.cache`.

Migrations take some seconds of a processor. What they end in is kept under a digest of all that it comes
of, so that a change of any of it makes another one. A few are kept, for who goes from branch to branch.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import sys
import time
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

import django

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".cache"
AT_MOST = 4  # of each kind
ABANDONED = 3600  # seconds after which what was not finished belongs to a run that was killed
TEMPLATE = "migrated_"  # how the name of a kept database begins on PostgreSQL
OURS = "LADDER_TESTS_OURS"  # said by tests.on_postgres of a server that is there for the tests alone
LOCK = 0x6B657074  # "kept": one number among the advisory locks of a server
IMPORTED = re.compile(rb"^\s*(?:from|import) ((?:competencies|ladder)[\w.]*)", re.MULTILINE)


@cache
def digest():
    """Return a digest of what a migrated database comes of, in hexadecimal digits.

    That is the migrations of every app, the modules of ours that they import, how `migrate` takes them, the
    triggers that are declared, the models, which have their permissions and content types, and the versions
    beneath.
    """
    from django.apps import apps

    from competencies.trail.trigger_installation import declared

    whole = hashlib.sha256(repr((sys.version_info[:2], sqlite3.sqlite_version, django.VERSION)).encode())
    for name, text in _migrations():
        whole.update(f"\n{name}\n".encode() + text)
    for model in apps.get_models(include_auto_created=True):
        rights = (model._meta.default_permissions, model._meta.permissions)
        whole.update(f"\n{model._meta.label} {model._meta.db_table} {rights}".encode())
    whole.update(repr(sorted(declared())).encode())
    return whole.hexdigest()[:16]


def _migrations():
    """Return the name and the text of each file that a migrated database comes of, in order."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    texts = {}
    for config in apps.get_app_configs():
        name, _is_said = MigrationLoader.migrations_module(config.label)
        with contextlib.suppress(ModuleNotFoundError):
            for file in Path(import_module(name).__path__[0]).glob("*.py"):
                texts[f"{config.label}/{file.name}"] = file.read_bytes()
    imports = {found.decode() for text in texts.values() for found in IMPORTED.findall(text)}
    for imported in sorted(imports | {"ladder.ops.migration_states"}):
        spec = find_spec(imported)
        if spec and spec.origin:
            texts[imported] = Path(spec.origin).read_bytes()
    return sorted(texts.items())


@contextlib.contextmanager
def in_place_of_migrating(connection, folder=FOLDER):
    """Have the database of the tests copied from the kept one; the first to come migrates and keeps it.

    On a PostgreSQL of somebody else's nothing is kept.
    """
    copying = {"sqlite": _from_file, "postgresql": _from_template}[connection.vendor]
    migrating = connection.creation.create_test_db

    def create_test_db(*arguments, **options):
        if connection.vendor == "postgresql" and not os.environ.get(OURS):
            return migrating(*arguments, **options)
        return copying(connection, lambda: migrating(*arguments, **options), folder)

    with mock.patch.object(connection.creation, "create_test_db", create_test_db):
        yield


def kept(folder=FOLDER):
    """Return the file of the migrated SQLite, or None where none is kept."""
    file = _file(folder)
    return file if file.exists() else None


def lay_out(data, folder=FOLDER):
    """Put the migrated SQLite where a Ladder with its data folder at `data` looks for it, if one is kept."""
    if file := kept(folder):
        shutil.copy(file, Path(data) / "ladder.sqlite3")


def _file(folder):
    return folder / f"migrated-{digest()}.sqlite3"


def _from_file(connection, migrating, folder):
    kept = _file(folder)
    with alone(folder):
        if not kept.exists():
            name = migrating()
            with unfinished(kept) as file, contextlib.closing(sqlite3.connect(file)) as there:
                connection.connection.backup(there)
            return name
        kept.touch()
        name = connection.creation._get_test_db_name()
        _go_to(connection, name)
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as there:
            there.backup(connection.connection)
        return name


def _from_template(connection, migrating, folder):
    """Copy the template of the server, which `tests.on_postgres` keeps with all that is in it."""
    template, name = TEMPLATE + digest(), connection.creation._get_test_db_name()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # let go of with the connection
        if not _is_there(cursor, template):
            migrating()
            connection.close()  # nobody may be connected to what is copied
            cursor.execute(f'DROP DATABASE IF EXISTS "{template}_unfinished"')
            cursor.execute(f'CREATE DATABASE "{template}_unfinished" TEMPLATE "{name}"')
            cursor.execute(f'ALTER DATABASE "{template}_unfinished" RENAME TO "{template}"')
        else:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _go_to(connection, name)
    connection.ensure_connection()
    return name


def _is_there(cursor, name):
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone()


def _go_to(connection, name):
    connection.close()
    connection.settings_dict["NAME"] = name


@contextlib.contextmanager
def alone(folder):
    """Hold what is kept in a folder for this process: whoever else wants some of it waits."""
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def unfinished(kept):
    """Give a name beside `kept` to write to; it is kept when the `with` ends well, and older ones go."""
    beside = kept.with_name(f"unfinished-{os.getpid()}-{kept.name}")
    _remove(beside)
    yield beside
    _remove(kept)
    beside.replace(kept)
    _throw_away_but(AT_MOST, of=kept)


def _throw_away_but(number, *, of):
    kind = of.name.partition("-")[0]
    for file in sorted(of.parent.glob(f"{kind}-*"), key=_age)[number:]:
        _remove(file)
    for file in of.parent.glob("unfinished-*"):
        if _age(file) > ABANDONED:
            _remove(file)


def _age(file):
    return time.time() - file.stat().st_mtime


def _remove(file):
    if file.is_dir():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)
