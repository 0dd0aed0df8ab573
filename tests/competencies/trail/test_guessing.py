"""A digest of something that can be guessed gives it away, unless what is hashed holds bits by chance."""

import hashlib
import json

import pytest

from competencies.core.clock import standing_at
from competencies.people.models import Person
from competencies.reviews.models import Assessment
from competencies.trail.models import Entry, canonical, digest_of, record
from competencies.trail.verifying import breaks


@pytest.fixture
def hidden(sam, mara, noor):
    """What a member of a masked hearing is not shown: that Mara opened a case about Sam, just now."""
    return record("case.opened", sam, by=mara, about=sam)


def guessed(entry, digest, *, previous):
    """Return whom a digest says the entry is about, by trying everybody; None where none fits."""
    for person in Person.objects.order_by("pk"):
        tried = digest_of(
            previous, entry.sequence, entry.at, entry.actor_id, entry.action, entry.row_model, str(person.pk),
            person.pk, entry.data,
        )  # fmt: skip
        if tried == digest:
            return person
    return None


def test_from_an_entry_of_before_the_person_is_recovered(hidden, sam):
    digest = digest_of(*(getattr(hidden, name) for name in Entry.SEALED[:9]))

    assert guessed(hidden, digest, previous=hidden.previous) == sam


def test_from_an_entry_of_now_nobody_is(hidden):
    assert guessed(hidden, hidden.digest, previous=hidden.previous) is None


def test_no_two_entries_share_their_bits(hidden, sam, mara):
    with standing_at(hidden.at):
        others = [record("case.opened", sam, by=mara, about=sam) for _number in range(50)]

    salts = {entry.salt for entry in [hidden, *others]}
    assert len(salts) == 51
    assert {len(bytes.fromhex(salt)) for salt in salts} == {16}
    assert len({entry.public_id for entry in [hidden, *others]}) == 51


def test_the_identifier_tells_no_order(sam, mara):
    entries = [record("thing.done", sam, by=mara, number=number) for number in range(64)]

    shown = [entry.public_id for entry in entries]
    assert sorted(shown) not in (shown, shown[::-1])


def ratings_tried(said, points):
    """Yield what an assessment would say if its first rating were each of the points."""
    for point in vars(points).values():
        told = {"key": point.key, "label": point.label, "value": point.value}
        first, *rest = said["ratings"]
        yield point.key, said | {"ratings": [first | {"point": told}, *rest]}


@pytest.mark.parametrize("salted", [False, True])
def test_a_rating_is_recovered_from_what_was_handed_in_before_and_not_now(revealed, points, salted):
    submission = Assessment.objects.get(review=revealed, kind="manager").submission
    said = json.loads(submission.snapshot)
    salt = said.pop("salt")
    digest = submission.digest if salted else hashlib.sha256(canonical(said).encode()).hexdigest()

    fitting = [
        key
        for key, tried in ratings_tried(said, points)
        if hashlib.sha256(canonical(tried).encode()).hexdigest() == digest
    ]

    assert len(bytes.fromhex(salt)) == 16
    assert fitting == ([] if salted else [said["ratings"][0]["point"]["key"]])


class TestEntriesFromBefore:
    """They keep their shape and verify; one without bits after the first with them is a break."""

    @pytest.fixture
    def written(self, sam, mara, untied):
        """Ten entries without bits, then ten with them: `(old, new)`. All that was there is of before."""
        for entry in Entry.objects.order_by("sequence"):
            Entry.objects.filter(pk=entry.pk).update(salt="")
        old = [record("thing.done", sam, by=mara, number=number) for number in range(10)]
        Entry.objects.update(salt="")
        untied()
        new = [record("thing.done", sam, by=mara, number=number) for number in range(10)]
        return old, new

    def test_both_verify(self, written):
        assert [broken for broken in breaks() if broken.sequence] == []

    def test_one_without_bits_among_those_with_them_is_a_break(self, written, untied):
        _old, new = written
        Entry.objects.filter(pk=new[4].pk).update(salt="")
        untied()

        found = [broken for broken in breaks() if broken.sequence]

        assert [(broken.sequence, "no salt" in broken.reason) for broken in found] == [
            (new[4].sequence, True)
        ]

    @pytest.fixture
    def untied(self, db, lifted):
        """A function that joins the whole chain anew, as who owns the database could."""
        from .test_verifying import seal_from, set_the_head

        def join():
            seal_from(1)
            set_the_head()

        return join
