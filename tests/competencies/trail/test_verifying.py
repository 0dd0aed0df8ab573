"""Whatever somebody with the database in their hands does to the trail, reading it finds the place."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction

from competencies.trail.models import GENESIS, Entry, Head
from competencies.trail.verifying import breaks


def test_a_trail_that_nobody_touched_is_whole(entries):
    assert list(breaks()) == []


def test_an_empty_trail_is_whole(db, lifted):
    Entry.objects.all()._raw_delete("default")
    Head.objects.all().delete()

    assert list(breaks()) == []


@pytest.mark.parametrize("chunk", [1, 7, 2000])
def test_the_place_is_named_whatever_is_read_at_a_time(entries, lifted, chunk):
    altered = entries[17]
    Entry.objects.filter(pk=altered.pk).update(action="thing.undone")

    assert [broken.sequence for broken in breaks(chunk=chunk)] == [altered.sequence]


def test_two_hundred_tamperings_are_all_found(entries, lifted):
    chance = random.Random(2026)
    missed = []
    for number in range(200):
        tamper = chance.choice(TAMPERINGS)
        with transaction.atomic():
            tamper(chance)
            if not list(breaks()):
                missed.append((number, tamper.__name__))
            transaction.set_rollback(True)

    assert missed == []
    assert list(breaks()) == []


@pytest.fixture
def lifted(db):
    """The triggers of the trail taken away, as somebody with the database in their hands could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE trail_entry DISABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail_entry'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def any_entry(chance):
    return chance.choice(list(Entry.objects.order_by("sequence")))


def rewrite(entry, **values):
    Entry.objects.filter(pk=entry.pk).update(**values)


def alter_the_time(chance):
    entry = any_entry(chance)
    rewrite(entry, at=entry.at + timedelta(microseconds=chance.randint(1, 10**9)))


def alter_what_was_done(chance):
    rewrite(any_entry(chance), action=f"thing.else_{chance.random()}")


def alter_who(chance):
    entry = any_entry(chance)
    rewrite(entry, actor=None if entry.actor_id else entry.about_id or 1)


def alter_about_whom(chance):
    entry = any_entry(chance)
    rewrite(entry, about=None if entry.about_id else 1)


def alter_the_row(chance):
    rewrite(any_entry(chance), row_pk=f"{chance.randint(10**6, 10**9)}")


def alter_the_details(chance):
    rewrite(any_entry(chance), data=f'{{"number":{chance.random()}}}')


def alter_a_digest(chance):
    rewrite(any_entry(chance), digest=f"{chance.getrandbits(256):064x}")


def alter_and_seal_again(chance):
    entry = any_entry(chance)
    entry.action = "thing.else"
    rewrite(entry, action=entry.action, digest=entry.computed_digest())


def cut_one_out(chance):
    Entry.objects.filter(pk=any_entry(chance).pk)._raw_delete("default")


def cut_one_out_and_close_the_gap(chance):
    entry = any_entry(chance)
    Entry.objects.filter(pk=entry.pk)._raw_delete("default")
    Entry.objects.filter(sequence=entry.sequence + 1).update(previous=entry.previous)


def cut_the_end_off(chance):
    Entry.objects.filter(sequence__gt=any_entry(chance).sequence - 1)._raw_delete("default")


def swap_two(chance):
    first = any_entry(chance)
    second = any_entry(chance)
    while second == first:
        second = any_entry(chance)
    kept = {name: getattr(first, name) for name in ("at", "action", "row_pk", "data", "actor_id", "about_id")}
    other = {name: getattr(second, name) for name in kept}
    if kept == other:
        other["action"] = "thing.else"
    rewrite(first, **other)
    rewrite(second, **kept)


def add_one_at_the_end(chance):
    last = Entry.objects.first()
    forged = Entry(
        sequence=last.sequence + 1,
        at=last.at,
        action="thing.forged",
        row_model=last.row_model,
        row_pk=last.row_pk,
        data="{}",
        previous=last.digest,
    )
    forged.digest = forged.computed_digest()
    forged.save()


def set_the_head_back(chance):
    entry = chance.choice(list(Entry.objects.order_by("sequence"))[:-1])
    Head.objects.update(sequence=entry.sequence, digest=entry.digest)


def forget_the_head(chance):
    Head.objects.update(sequence=0, digest=GENESIS)


TAMPERINGS = [
    alter_the_time,
    alter_what_was_done,
    alter_who,
    alter_about_whom,
    alter_the_row,
    alter_the_details,
    alter_a_digest,
    alter_and_seal_again,
    cut_one_out,
    cut_one_out_and_close_the_gap,
    cut_the_end_off,
    swap_two,
    add_one_at_the_end,
    set_the_head_back,
    forget_the_head,
]
