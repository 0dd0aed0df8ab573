"""The head of the trail goes to every auditor once a day, and to nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import caches

from competencies.core.clock import calendar_read_once, now, standing_at
from competencies.notices.models import Letter
from competencies.people.models import Organisation
from competencies.trail.models import Head, record
from competencies.trail.verifying import Witness, breaks
from ladder.jobs import audit_checkpoints, email_outbox, worker


@pytest.fixture(autouse=True)
def at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    yield
    caches["process"].delete(email_outbox.AWAY)


def sent():
    found = [(letter.to, letter.body) for letter in mail.outbox]
    mail.outbox = []
    return found


def test_it_goes_to_each_auditor_and_verifies_later(otto, hana, sam, mara):
    record("thing.done", sam, by=mara)
    audit_checkpoints.order_daily()

    [(receivers, body)] = sent()
    assert receivers == [otto.email]
    head = next(line for line in body.splitlines() if line.startswith(f"{Head.here().sequence}:"))
    record("thing.done", sam, by=mara)
    assert [broken for broken in breaks(against=[Witness.read(head)]) if broken.sequence] == []


def test_it_goes_once_a_day_however_often_workers_look(otto):
    for _beat in range(3):
        audit_checkpoints.order_daily()
    assert len(sent()) == 1

    with standing_at(now() + timedelta(days=1)):
        audit_checkpoints.order_daily()
        audit_checkpoints.order_daily()
    assert len(sent()) == 1


@pytest.mark.parametrize(
    ("at", "to", "letters"),
    [
        (datetime(2031, 3, 31, 22, 30, tzinfo=UTC), "America/New_York", [1, 0, 0, 1]),  # the day goes on
        (datetime(2031, 3, 31, 13, 0, tzinfo=UTC), "Pacific/Auckland", [1, 1, 1, 0]),  # the next begins
    ],
)
def test_a_changed_time_zone_sends_none_twice(otto, hana, at, to, letters):
    """Before the change, right after it, past the next midnight of Berlin, and past that of the new zone."""
    Organisation.objects.update(time_zone="Europe/Berlin")
    midnight = datetime(2031, 4, 1, 22, 30, tzinfo=UTC)
    counted = []

    def look(instant):
        with standing_at(instant), calendar_read_once():
            audit_checkpoints.order_daily()
            audit_checkpoints.order_daily()
        counted.append(len(sent()))

    look(at)
    with standing_at(at), calendar_read_once():
        Organisation.here().change_time_zone(to, by=hana)
    look(at)
    look(midnight)
    look(midnight + timedelta(hours=6))

    assert counted == letters


def test_whoever_is_no_auditor_any_more_when_it_is_written_gets_none(otto, hana):
    letter = Letter(kind=Letter.Kind.TRAIL_HEAD, receiver=otto)
    assert audit_checkpoints.head(letter) is not None

    otto.grants.get().revoke(by=hana)

    assert audit_checkpoints.head(letter) is None


def test_a_letter_that_no_server_took_is_not_ordered_again_that_day(otto, monkeypatch):
    def away(*_arguments, **_options):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", away)
    monkeypatch.setattr(email_outbox.send_letter.get_backend(), "supports_defer", False)

    audit_checkpoints.order_daily()
    audit_checkpoints.order_daily()

    assert [letter.state for letter in Letter.objects.filter(receiver=otto)] == ["waiting"]


def test_a_worker_looks_after_it(otto, monkeypatch):
    monkeypatch.setattr(worker.jobs, "sweep", lambda: None)
    worker.sweep()

    assert len(sent()) == 1
