"""Letters on their way: a mail server that is away, one that refuses, and what a killed worker leaves."""

import smtplib
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from competencies.core.clock import now, standing_at
from competencies.notices.models import Letter
from ladder.jobs import email_outbox

UNKNOWN = {"sam@testing.example": (550, b"5.1.1 User unknown")}
FULL = {"sam@testing.example": (452, b"4.2.2 Mailbox full")}


@pytest.fixture(autouse=True)
def fresh():
    caches["process"].clear()


@pytest.fixture
def letter(sam, hana):
    return email_outbox.order("second-factor", to=sam, by=hana)


@pytest.fixture
def failing(monkeypatch):
    """A function that has every mail fail with an exception from now on: `failing(problem)`."""

    def fail(problem):
        def refuse(*_letter, **_options):
            raise problem

        monkeypatch.setattr(email_outbox, "send", refuse)

    return fail


def send(letter, **after):
    with standing_at(now() + timedelta(**after)):
        email_outbox.send_letter.call(letter.pk)
    letter.refresh_from_db()


def test_every_kind_has_its_writer():
    assert set(email_outbox.WRITERS) == set(Letter.Kind)
    assert all(callable(import_string(path)) for path in email_outbox.WRITERS.values())


def test_it_goes_once_however_often_it_is_asked(letter, mailoutbox):
    send(letter)
    send(letter, hours=1)

    assert (len(mailoutbox), letter.state) == (1, "sent")


def test_sent_twice_it_is_the_same_mail(letter, mailoutbox):
    send(letter)
    Letter.objects.update(sent_at=None)
    send(letter, hours=1)

    first, second = (mail.message()["Message-ID"] for mail in mailoutbox)
    assert first == second
    assert str(letter.pk) not in first.partition("@")[0].strip("<") or len(first) > 20


@pytest.mark.parametrize(
    "problem",
    [
        ConnectionRefusedError(), TimeoutError(), smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"no"), smtplib.SMTPRecipientsRefused(FULL),
        smtplib.SMTPDataError(451, b"later"), OSError(28, "No space left on device"),
    ],
    ids=lambda problem: type(problem).__name__,
)  # fmt: skip
def test_what_may_go_later_is_tried_again_for_a_day(letter, failing, problem):
    failing(problem)
    send(letter)
    first = letter.state, letter.tries
    again = DBTaskResult.objects.filter(run_after__lt=now() + timedelta(minutes=1), run_after__gt=now())

    assert first == ("waiting", 1)
    assert again.count() == 1
    send(letter, hours=23)
    assert letter.state == "waiting"
    send(letter, hours=25)
    assert (letter.state, letter.failure) == ("failed", "given-up")


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (smtplib.SMTPRecipientsRefused(UNKNOWN), 550), (smtplib.SMTPDataError(554, b"no"), 554),
        (UnicodeEncodeError("ascii", "ä", 0, 1, "no"), None),
    ],
    ids=lambda problem: type(problem).__name__,
)  # fmt: skip
def test_what_is_refused_for_good_is_not_tried_again(letter, failing, problem, status):
    failing(problem)
    send(letter)

    assert (letter.state, letter.failure, letter.status) == ("failed", "refused", status)


def test_while_no_server_answers_the_others_are_not_tried_one_by_one(letter, failing, sam, hana, monkeypatch):
    failing(ConnectionRefusedError())
    send(letter)
    monkeypatch.setattr(email_outbox, "send", pytest.fail)
    other = email_outbox.order("second-factor", to=sam, by=hana)
    send(other)

    assert (other.state, other.tries) == ("waiting", 0)


def test_the_sweep_finds_what_a_killed_worker_left(letter):
    DBTaskResult.objects.all().delete()
    Letter.take(letter.pk)

    at_once = email_outbox.sweep()
    with standing_at(now() + timedelta(seconds=61)):
        found = email_outbox.sweep()

    assert (at_once, found) == (0, 1)
    [task] = DBTaskResult.objects.all()
    assert task.args_kwargs["args"] == [letter.pk]


def test_the_sweep_removes_old_ones_once_an_hour(letter, sam):
    letter.note_sent()
    Letter.objects.update(sent_at=now() - timedelta(days=31))
    email_outbox.sweep()
    first = Letter.objects.count()
    email_outbox.order("account", to=sam, what="password_changed").note_sent()
    Letter.objects.update(sent_at=now() - timedelta(days=31))
    email_outbox.sweep()

    assert (first, Letter.objects.count()) == (0, 1)


def test_the_sweep_leaves_a_queue_alone_that_is_not_empty(letter):
    with standing_at(now() + timedelta(seconds=61)):
        assert email_outbox.sweep() == 0


def test_a_letter_that_was_rolled_back_leaves_no_task(sam, hana):
    with transaction.atomic():
        email_outbox.order("second-factor", to=sam, by=hana)
        transaction.set_rollback(True)

    assert not Letter.objects.exists()
    assert not DBTaskResult.objects.exists()
