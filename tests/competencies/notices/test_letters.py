"""The outbox: a letter is a row that is tried until it went, is refused, or a day is over."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from competencies.core.clock import now, standing_at
from competencies.notices.models import Letter
from competencies.trail.models import Entry


@pytest.fixture
def letter(sam, hana):
    return Letter.order("second-factor", to=sam, by=hana)


def later(**span):
    return standing_at(now() + timedelta(**span))


def states():
    return [letter.state for letter in Letter.objects.all()]


def test_it_is_taken_once_and_again_when_whoever_took_it_died(letter):
    first, second = Letter.take(letter.pk), Letter.take(letter.pk)
    with later(seconds=61):
        third = Letter.take(letter.pk)

    assert (first.tries, second, third.tries) == (1, None, 2)


def test_of_two_who_come_at_once_one_gets_it(letter, monkeypatch):
    read = Letter.objects.due().get(pk=letter.pk)
    Letter.take(letter.pk)
    monkeypatch.setattr("competencies.notices.models.Letters.first", lambda rows: read)

    assert Letter.take(letter.pk) is None


def test_pauses_grow_up_to_half_an_hour_and_it_is_worn_out_after_a_day(letter):
    pauses, at = [], now()
    while True:
        with standing_at(at):
            taken = Letter.take(letter.pk)
            if taken.is_worn_out:
                break
            due = taken.put_off()
        pauses.append(due - at)
        at = due

    assert pauses[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert pauses[-1] == timedelta(minutes=30)
    assert pauses == sorted(pauses)
    assert 40 < len(pauses) < 80


def test_what_was_not_tried_is_not_counted(letter):
    taken = Letter.take(letter.pk)
    taken.put_off(tried=False)

    assert Letter.objects.get().tries == 0


def test_sent_is_sent_whatever_another_worker_says(letter):
    taken = Letter.take(letter.pk)
    taken.note_sent()

    assert not taken.fail("refused", status=550)
    taken.put_off()
    assert states() == ["sent"]
    assert not Letter.objects.due().exists()


def test_a_failure_is_on_the_trail_for_who_ordered_it_alone(letter, hana, sam, otto):
    letter.fail("refused", status=550)

    entry = Entry.objects.get(action="letter.undelivered")
    readers = [person for person in (hana, sam, otto) if person.has_perm("trail.read_entry", entry)]
    assert (entry.actor, entry.about, entry.details["because"]) == (hana, sam, "refused")
    assert readers == [hana, otto]
    assert Letter.objects.get().status == 550


def test_what_had_nothing_to_say_is_no_failure(letter):
    letter.fail("needless")

    assert states() == ["failed"]
    assert not Entry.objects.filter(action="letter.undelivered").exists()
    assert not Letter.objects.undelivered().exists()


def test_a_later_letter_makes_up_for_one_that_did_not_arrive(letter, sam, hana, leo):
    letter.fail("given-up")
    outside = Letter.order("endorsement", to=None, by=hana, row=7)
    outside.fail("refused")
    Letter.order("second-factor", to=leo, by=hana)
    Letter.order("endorsement", to=None, by=hana, row=8)
    before = {lost.pk for lost in Letter.objects.undelivered()}
    Letter.order("second-factor", to=sam, by=hana)
    Letter.order("endorsement", to=None, by=hana, row=7)

    assert before == {letter.pk, outside.pk}
    assert not Letter.objects.undelivered().exists()


def test_old_ones_are_forgotten_and_waiting_ones_are_not(letter, sam):
    waiting = Letter.order("account", to=sam, what="password_changed")
    letter.note_sent()
    with later(days=29):
        Letter.forget_old()
        assert Letter.objects.count() == 2
    with later(days=31):
        Letter.forget_old()

    assert list(Letter.objects.all()) == [waiting]


def test_the_database_takes_none_that_was_sent_and_failed(letter):
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(sent_at=now(), failed_at=now())


def test_whoever_gets_it_and_whoever_ordered_it_read_of_it(letter, hana, sam, mara):
    assert [person.has_perm("notices.read_letter", letter) for person in (hana, sam, mara)] == [
        True, True, False
    ]  # fmt: skip
