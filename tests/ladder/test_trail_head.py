"""The head of the trail goes to every auditor once a day, and to nobody else."""

from datetime import timedelta

import pytest
from django.core import mail

from competencies.access.clock import now, standing_at
from competencies.trail.models import Head, record
from competencies.trail.verifying import Witness, breaks
from ladder import trail_head, working


@pytest.fixture(autouse=True)
def at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def sent():
    found = [(letter.to, letter.body) for letter in mail.outbox]
    mail.outbox = []
    return found


def test_it_goes_to_each_auditor_and_verifies_later(otto, hana, sam, mara):
    record("thing.done", sam, by=mara)
    trail_head.mail_daily()

    [(receivers, body)] = sent()
    assert receivers == [otto.email]
    head = next(line for line in body.splitlines() if line.startswith(f"{Head.here().sequence}:"))
    record("thing.done", sam, by=mara)
    assert [broken for broken in breaks(against=[Witness.read(head)]) if broken.sequence] == []


def test_it_goes_once_a_day_however_often_workers_look(otto):
    for _beat in range(3):
        trail_head.mail_daily()
    assert len(sent()) == 1

    with standing_at(now() + timedelta(days=1)):
        trail_head.mail_daily()
        trail_head.mail_daily()
    assert len(sent()) == 1


def test_whoever_is_no_auditor_any_more_when_it_is_written_gets_none(otto, hana):
    otto.grants.get().revoke(by=hana)
    trail_head.mail_head.call(otto.pk)

    assert sent() == []


def test_a_mail_server_that_is_away_stops_nobody(otto, monkeypatch):
    def away(*_arguments, **_options):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", away)

    trail_head.mail_daily()


def test_a_worker_looks_after_it(otto, monkeypatch):
    for name in ("sign_of_life", "take_back", "sweep"):
        monkeypatch.setattr(working, name, lambda: None)
    monkeypatch.setattr(working, "take_back_from", lambda is_dead: None)
    working.beat()

    assert len(sent()) == 1
