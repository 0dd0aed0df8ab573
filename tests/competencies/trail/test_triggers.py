"""What the apps declare as closed is closed in the database, whatever alters its tables."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection

from competencies.people.models import Person, RoleGrant
from competencies.trail.models import record
from competencies.trail.trigger_installation import declared, drop, install, installed, is_up_to_date, missing
from competencies.trail.trigger_sql import Closed, exists, triggers_of, with_tables
from competencies.trail.triggers import Refuse, Written

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
    assert not is_up_to_date()

    install()

    assert installed() == declared()
    assert is_up_to_date()


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


def test_no_entry_is_replaced_by_the_key_that_sqlite_gives_each_row(sam):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has a rowid")
    entry = record("person.described", sam, by=sam, about=sam)
    others = "at, actor_id, action, row_model, row_pk, about_id, data, salt"
    forged = f"SELECT rowid, 9999, 'another', 'another', 'another', {others} FROM trail_entry"
    with pytest.raises(IntegrityError, match="A trail entry never changes"), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO trail_entry (rowid, sequence, public_id, previous, digest, {others})"
            f" {forged} WHERE sequence = %s",
            [entry.pk],
        )


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


def test_a_trigger_that_asks_a_model_that_is_not_there_is_noticed():
    assert with_tables("SELECT 1 FROM {table:people.person}") == 'SELECT 1 FROM "people_person"'
    with pytest.raises(LookupError, match="walrus"):
        with_tables("SELECT 1 FROM {table:people.walrus}")


def test_a_query_says_when_a_row_is_refused(sam, mara):
    """Its values are part of the trigger, and what is written is asked in it."""
    quoted = Person.objects.filter(pk=Written(RoleGrant, "person"), name="O'Brien")
    assert exists(quoted, connection).count("O''Brien") == 1
    refusal = Refuse("rolegrant", on=("insert",), when=quoted, reason="Not O'Brien.")
    columns = tuple(field.column for field in RoleGrant._meta.local_concrete_fields)
    with connection.cursor() as cursor:
        for trigger in triggers_of(Closed(refusal, RoleGrant, columns, ()), connection):
            for statement in (trigger.probe, *trigger.statements):
                cursor.execute(statement)
    Person.objects.filter(pk=sam.pk).update(name="O'Brien")

    RoleGrant.objects.create(person=mara, role="author")
    with pytest.raises(IntegrityError, match="Not O'Brien"):
        RoleGrant.objects.create(person=sam, role="author")
