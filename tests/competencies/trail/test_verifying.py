"""Whatever somebody with the database in their hands does to the trail, reading it finds the place.

`LADDER_TAMPERINGS=1000` tampers that many times; a run of every test does forty, at other places each day.
"""

import os
import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from competencies.trail.models import GENESIS, Entry, Head, record
from competencies.trail.verifying import Witness, breaks
from tests.drawing import DAY

TIMES = int(os.environ.get("LADDER_TAMPERINGS", "40"))


def test_a_trail_that_nobody_touched_is_whole(entries):
    assert list(breaks()) == []


def test_an_empty_trail_is_whole(db, lifted):
    Entry.objects.all()._raw_delete("default")
    Head.objects.all().delete()

    assert [broken for broken in breaks() if broken.sequence] == []


@pytest.mark.parametrize("chunk", [1, 7, 2000])
def test_the_place_is_named_whatever_is_read_at_a_time(entries, lifted, chunk):
    altered = entries[17]
    Entry.objects.filter(pk=altered.pk).update(action="thing.undone")

    assert [broken.sequence for broken in breaks(chunk=chunk)] == [altered.sequence]


def test_many_tamperings_are_all_found(entries, lifted):
    chance, missed = random.Random(DAY), []
    for number in range(TIMES):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        with transaction.atomic():
            tamper(chance)
            if next(breaks(), None) is None:
                missed.append((number, tamper.__name__))
            transaction.set_rollback(True)

    assert missed == []
    assert list(breaks()) == []


@pytest.mark.parametrize("column", [field.attname for field in Entry._meta.concrete_fields])
def test_no_column_is_left_out_of_the_digest(entries, lifted, column):
    entry, other = entries[5], entries[6]
    value = {"actor_id": None, "about_id": None, "sequence": other.sequence + 100}.get(column)
    value = f"{getattr(other, column)}0"[:64] if value is None and not column.endswith("_id") else value
    value = entry.at + timedelta(seconds=1) if column == "at" else value
    value = f"{1:064x}" if column in ("previous", "digest") else value
    value = {"public_id": uuid4(), "salt": uuid4().hex}.get(column, value)
    Entry.objects.filter(pk=entry.pk).update(**{column: value})

    assert list(breaks())


class TestWritingItAllAnew:
    """Who writes the whole chain anew, and its head with it, is found by a head that was kept elsewhere."""

    @pytest.fixture
    def seen(self, entries):
        head = Head.here()
        return Witness.read(str(head))

    def test_what_was_seen_fits(self, seen, sam, mara):
        record("thing.done", sam, by=mara)

        assert list(breaks(against=[seen, Witness.read(f"0:{GENESIS}")])) == []

    def test_an_entry_that_was_altered_and_all_after_it_sealed_again(self, entries, lifted, seen):
        seal_from(entries[10].sequence, action="thing.undone")
        set_the_head()

        assert list(breaks()) == []
        assert [broken.sequence for broken in breaks(against=[seen])] == [seen.sequence]

    def test_an_end_that_was_cut_off_and_the_head_set_back(self, entries, lifted, seen):
        Entry.objects.filter(sequence__gt=entries[20].sequence)._raw_delete("default")
        set_the_head()

        assert list(breaks()) == []
        assert [broken.sequence for broken in breaks(against=[seen])] == [seen.sequence]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "5",
            *(f"{number}:{'0' * 64}" for number in ("x", "-5", "", "9" * 5000)),
            *("5:" + "0" * 63, "5:" + "z" * 64),
        ],
        ids=range(8),
    )
    def test_what_is_no_head_is_refused(self, text):
        with pytest.raises(ValueError, match="isn’t a checkpoint"):
            Witness.read(text)


def test_who_writes_meanwhile_breaks_nothing(entries, sam, mara):
    reading = breaks(chunk=1)
    for _number in range(3):
        record("thing.done", sam, by=mara)

    assert list(reading) == []


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


def alter_what_it_follows(chance):
    rewrite(any_entry(chance), previous=f"{chance.getrandbits(256):064x}")


def alter_the_kind_of_row(chance):
    rewrite(any_entry(chance), row_model="reviews.walrus")


def alter_the_number(chance):
    entry = any_entry(chance)
    rewrite(entry, sequence=entry.sequence + 10**6)


def exchange_the_places_of_two(chance):
    """Each keeps all it says, its digests too, and stands where the other stood."""
    first, second = chance.sample(list(Entry.objects.all()), 2)
    rewrite(first, sequence=10**9)
    Entry.objects.filter(pk=second.pk).update(sequence=first.pk)
    Entry.objects.filter(pk=10**9).update(sequence=second.pk)


def put_some_in_another_order(chance):
    some = chance.sample(list(Entry.objects.all()), 4)
    for number, entry in enumerate(some):
        rewrite(entry, sequence=10**9 + number)
    for number in range(len(some)):
        Entry.objects.filter(pk=10**9 + number).update(sequence=some[number - 1].pk)


def cut_the_beginning_off(chance):
    Entry.objects.filter(sequence__lte=any_entry(chance).sequence)._raw_delete("default")


def slip_one_in(chance):
    """A forged entry takes a number, and every later one moves on by one and is sealed again."""
    entry = any_entry(chance)
    for later in Entry.objects.filter(sequence__gte=entry.sequence).order_by("-sequence"):
        rewrite(later, sequence=later.sequence + 1)
    forged = Entry(
        sequence=entry.sequence, at=entry.at, action="thing.forged", row_model=entry.row_model,
        row_pk=entry.row_pk, data="{}", previous=f"{chance.getrandbits(256):064x}", digest="0",
    )  # fmt: skip
    forged.save()
    seal_from(entry.sequence)


def alter_one_and_seal_all_after_it(chance):
    """Everything but the head, which is kept apart."""
    seal_from(any_entry(chance).sequence, action="thing.else")


def cut_one_out_and_seal_all_after_it(chance):
    entry = any_entry(chance)
    Entry.objects.filter(pk=entry.pk)._raw_delete("default")
    for later in Entry.objects.filter(sequence__gt=entry.sequence).order_by("sequence"):
        rewrite(later, sequence=later.sequence - 1)
    seal_from(entry.sequence)


def seal_from(sequence, **values):
    """Write `values` into the entry of that number, and join it and all after it to a chain that fits."""
    before = Entry.objects.filter(sequence__lt=sequence).order_by("-sequence").first()
    previous = before.digest if before else GENESIS
    later = list(Entry.objects.filter(sequence__gte=sequence).order_by("sequence"))
    for entry in later:  # no two digests may be the same, even for a moment
        rewrite(entry, previous=f"p{entry.sequence}", digest=f"d{entry.sequence}")
    for entry in later:
        for name, value in values.items():
            setattr(entry, name, value)
        values, entry.previous = {}, previous
        previous = entry.digest = entry.computed_digest()
        rewrite(entry, action=entry.action, previous=entry.previous, digest=entry.digest)


def set_the_head():
    last = Entry.objects.order_by("-sequence").first()
    Head.objects.update(sequence=last.sequence, digest=last.digest)


TAMPERINGS = [
    alter_the_time,
    alter_what_was_done,
    alter_who,
    alter_about_whom,
    alter_the_row,
    alter_the_details,
    alter_the_kind_of_row,
    alter_the_number,
    alter_what_it_follows,
    alter_a_digest,
    alter_and_seal_again,
    cut_one_out,
    cut_one_out_and_close_the_gap,
    cut_the_end_off,
    cut_the_beginning_off,
    swap_two,
    exchange_the_places_of_two,
    put_some_in_another_order,
    slip_one_in,
    alter_one_and_seal_all_after_it,
    cut_one_out_and_seal_all_after_it,
    add_one_at_the_end,
    set_the_head_back,
    forget_the_head,
]
