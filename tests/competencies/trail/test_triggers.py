"""What the apps declare as closed is closed in the database, whatever alters its tables."""

import pytest
from django.apps import apps
from django.db import connection

from competencies.trail.trigger_installation import declared, drop, install, installed, missing

pytestmark = pytest.mark.django_db


def test_the_database_holds_what_is_declared_and_nothing_else():
    assert installed() == declared()
    assert len(declared()) > 100


def test_triggers_of_every_release_are_dropped():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER closed_trail_entry_update_e3b0c4 BEFORE UPDATE ON trail_entry"
                " BEGIN SELECT RAISE(ABORT, 'as an earlier release said'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION closed_trail_entry_update_e3b0c4() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'as an earlier release said'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER closed_trail_entry_update_e3b0c4 BEFORE UPDATE ON trail_entry"
                " FOR EACH ROW EXECUTE FUNCTION closed_trail_entry_update_e3b0c4()"
            )

    drop()
    assert installed() == frozenset()

    install()
    assert installed() == declared()


def test_what_an_earlier_release_left_goes_without_a_migration():
    name = next(iter(declared()))
    with connection.cursor() as cursor:
        _remove(cursor, name)
    assert missing() == {name}

    install()

    assert installed() == declared()


@pytest.mark.postgres
def test_a_trigger_that_was_switched_off_is_missing_and_installed_again():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite switches no trigger off")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE trail_entry DISABLE TRIGGER USER")
    assert {name for name in missing() if "trail_entry" in name}

    install()

    assert not missing()


def test_only_what_can_be_asked_is_installed():
    """A partial `migrate` leaves tables and columns to come: what asks for them waits."""
    drop()
    table = apps.get_model("records", "receipt")._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" RENAME TO elsewhere')

    install()

    there = installed()
    assert not [name for name in there if name.startswith(f"closed_{table}_")]
    assert [name for name in there if name.startswith("closed_reviews_submission_update_")]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE elsewhere RENAME TO "{table}"')
    install()
    assert installed() == declared()


def _remove(cursor, name):
    if connection.vendor == "sqlite":
        cursor.execute(f'DROP TRIGGER "{name}"')
    else:
        cursor.execute(f'DROP FUNCTION "{name}"() CASCADE')
