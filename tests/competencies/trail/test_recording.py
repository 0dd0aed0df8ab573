"""Entries are only added: in the model, in the database, and by many at once."""

import pytest
from django.db import DatabaseError, connection, transaction

from competencies.trail.models import Closed, Entry, Head, record, record_each
from competencies.trail.verifying import breaks
from tests.throw_away import told_by


def test_an_entry_says_who_what_and_about_whom(sam, mara):
    entry = record("thing.done", sam, by=mara, about=sam, level="staff")

    assert (entry.actor, entry.about, entry.row_model, entry.row_pk) == (
        mara,
        sam,
        "people.person",
        str(sam.pk),
    )
    assert entry.details == {"level": "staff"}
    assert entry.computed_digest() == entry.digest


def test_entries_join_the_chain_in_order(entries):
    assert [later.previous for later in entries[1:]] == [earlier.digest for earlier in entries[:-1]]
    assert Head.objects.get().digest == entries[-1].digest


def test_many_rows_are_recorded_in_a_number_of_queries_that_does_not_grow(
    sam, mara, django_assert_num_queries
):
    record("thing.done", sam, by=mara)
    for size in (1, 2, 60):
        with django_assert_num_queries(3):
            record_each("thing.done", [(sam, sam, {})] * size, by=mara)


def test_what_is_rolled_back_leaves_no_entry(sam, mara, entries):
    with transaction.atomic():
        record("thing.done", sam, by=mara)
        transaction.set_rollback(True)

    assert Entry.objects.first() == entries[-1]
    assert list(breaks()) == []


def test_the_model_refuses_to_change_or_remove(entries):
    with pytest.raises(Closed):
        entries[3].save()
    with pytest.raises(Closed):
        entries[3].delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_entry SET action = 'thing.undone'",
        "UPDATE trail_entry SET data = data WHERE sequence = 1",
        "DELETE FROM trail_entry",
        "DELETE FROM trail_entry WHERE sequence = (SELECT max(sequence) FROM trail_entry)",
        pytest.param("TRUNCATE trail_entry CASCADE", marks=pytest.mark.postgres),
    ],
)
def test_the_database_refuses_it_too(entries, statement):
    if "TRUNCATE" in statement and connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    before = Entry.objects.count()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Entry.objects.count() == before


def test_four_writers_at_once_make_one_whole_chain(database_to_throw_away):
    told = told_by("tests.competencies.trail.joining", database_to_throw_away, seconds=120)

    assert told == {"ends": ["done"] * 4, "added": 200, "breaks": []}
