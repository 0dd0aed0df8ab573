"""The migrated database is kept for the next run, and made anew by whatever would make another one."""

import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import ConnectionHandler

from competencies.trail import trigger_installation
from tests import kept_database


@pytest.fixture
def folder(tmp_path, monkeypatch, django_db_blocker):
    monkeypatch.setattr(kept_database, "digest", lambda: "0123")
    with django_db_blocker.unblock():
        yield tmp_path / ".cache"


def connection(alias):
    """Return a connection to a SQLite of its own, in memory, as the tests have one."""
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": "nowhere"}
    return ConnectionHandler({"default": settings, alias: settings.copy()})[alias]


def create(here, folder, *, migrate):
    """Have the database of the tests made, where `migrate` would take twenty seconds."""

    def migrating(**options):
        here.settings_dict["NAME"] = here.creation._get_test_db_name()
        migrate(here)
        return here.settings_dict["NAME"]

    here.creation.create_test_db = migrating
    with kept_database.in_place_of_migrating(here, folder):
        here.creation.create_test_db(verbosity=0)
    with here.cursor() as cursor:
        return cursor.execute("SELECT title FROM books").fetchall()


def with_a_book(here):
    with here.cursor() as cursor:
        cursor.execute("CREATE TABLE books (title text)")
        cursor.execute("INSERT INTO books VALUES ('The ladder')")


def never(here):
    raise AssertionError("migrated again")


def test_the_second_run_does_not_migrate(folder):
    first, second = connection("first"), connection("second")

    assert create(first, folder, migrate=with_a_book) == [("The ladder",)]
    assert create(second, folder, migrate=never) == [("The ladder",)]


def test_what_a_run_writes_is_not_kept(folder):
    first, second = connection("writing"), connection("reading")
    create(first, folder, migrate=with_a_book)
    with first.cursor() as cursor:
        cursor.execute("DELETE FROM books")

    assert create(second, folder, migrate=never) == [("The ladder",)]


def test_two_runs_at_once_migrate_once(folder):
    migrated = []

    def migrate(here):
        migrated.append(here.alias)
        time.sleep(0.2)
        with_a_book(here)

    def run(alias):
        return create(connection(alias), folder, migrate=migrate)

    with ThreadPoolExecutor(2) as both:
        found = list(both.map(run, ("left", "right")))

    assert found == [[("The ladder",)]] * 2
    assert len(migrated) == 1


def test_a_run_that_is_killed_leaves_nothing_to_go_by(folder):
    def killed(here):
        with_a_book(here)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create(connection("killed"), folder, migrate=killed)

    assert create(connection("after"), folder, migrate=with_a_book) == [("The ladder",)]


def test_old_ones_are_thrown_away(folder):
    folder.mkdir()
    for number in range(9):
        (folder / f"migrated-{number}.sqlite3").touch()
        os.utime(folder / f"migrated-{number}.sqlite3", (number, number))
    (folder / "unfinished-1-migrated-2.sqlite3").touch()
    os.utime(folder / "unfinished-1-migrated-2.sqlite3", (0, 0))
    (folder / "postgres-15").mkdir()

    create(connection("newest"), folder, migrate=with_a_book)

    left = {file.name for file in folder.iterdir()}
    kept = {f"migrated-{name}.sqlite3" for name in ("0123", 8, 7, 6)}
    assert left == kept | {"postgres-15", "lock"}


@pytest.fixture
def migrations():
    return kept_database._migrations()


def test_migrations_of_every_app_and_what_they_import_count(migrations):
    names = {name for name, _text in migrations}

    assert {"people/0001_squashed.py", "contenttypes/0001_initial.py", "mfa/0001_initial.py"} <= names
    assert any(name.startswith("competencies.") for name in names)


def test_a_migration_that_changes_makes_another_database(migrations, monkeypatch):
    before = kept_database.digest.__wrapped__()
    name, text = migrations[0]
    monkeypatch.setattr(kept_database, "_migrations", lambda: [(name, text + b"#"), *migrations[1:]])

    assert kept_database.digest.__wrapped__() != before


def test_a_trigger_that_is_declared_makes_another_database(monkeypatch):
    before = kept_database.digest.__wrapped__()
    more = trigger_installation.declared() | {"closed_another_update_0123456789"}
    monkeypatch.setattr(trigger_installation, "declared", lambda: more)

    assert kept_database.digest.__wrapped__() != before


@pytest.mark.parametrize("module", [sqlite3, kept_database.django])
def test_another_version_beneath_makes_another_database(module, monkeypatch):
    before = kept_database.digest.__wrapped__()
    monkeypatch.setattr(module, "sqlite_version" if module is sqlite3 else "VERSION", "9.9")

    assert kept_database.digest.__wrapped__() != before


@pytest.mark.django_db
def test_the_kept_one_is_what_migrations_would_make():
    """Nothing is left to apply, and the triggers are those that are declared."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert trigger_installation.installed() == trigger_installation.declared()
