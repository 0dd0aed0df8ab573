"""What a killed worker left is taken back, and what a living one does is left alone."""

import os
import socket
import subprocess
import sys

import pytest
from django.core.cache import caches
from django_tasks_db.models import DBTaskResult

from ladder import working
from ladder.bundling import HERE, this_worker
from ladder.typesetting import typeset_packet
from ladder.working import is_dead, sign_of_life, take_back


@pytest.fixture
def running(db):
    """A function that makes a task which a worker of a name is running."""

    def run(worker):
        task = typeset_packet.enqueue(0)
        DBTaskResult.objects.filter(pk=task.id).update(status="RUNNING", worker_ids=[worker])
        return DBTaskResult.objects.get(pk=task.id)

    return run


@pytest.fixture
def elsewhere(monkeypatch):
    """A worker on another machine, which has just said that it lives."""
    monkeypatch.setattr(working, "this_worker", lambda: "elsewhere:1")
    sign_of_life()
    yield "elsewhere:1"
    caches["default"].delete("worker-elsewhere:1")


def gone():
    """Return the number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_task_of_a_worker_that_is_gone_is_ready_again(running):
    task = running(f"{HERE}:{gone()}")

    take_back()
    task.refresh_from_db()

    assert (task.status, task.started_at) == ("READY", None)


@pytest.mark.parametrize(
    "worker",
    [f"{HERE}:{os.getpid()}", f"{HERE}:", "nameless"],
    ids=["living", "without a process", "nameless"],
)
def test_a_living_worker_keeps_its_task(running, worker):
    task = running(worker)

    take_back()
    task.refresh_from_db()

    assert task.status == "RUNNING"


def test_one_on_another_machine_keeps_its_task_while_it_says_that_it_lives(running, elsewhere):
    task = running(elsewhere)

    take_back()
    task.refresh_from_db()

    assert task.status == "RUNNING"


def test_and_loses_it_when_it_says_so_no_more(running, elsewhere):
    task = running(elsewhere)

    caches["default"].delete("worker-elsewhere:1")
    take_back()
    task.refresh_from_db()

    assert task.status == "READY"


def test_whoever_starts_under_the_name_of_an_earlier_one_is_not_that_one(db):
    assert is_dead(this_worker(), starting=True)
    assert not is_dead(this_worker())


def test_a_worker_is_known_by_its_machine():
    assert socket.gethostname().startswith(HERE)


def test_a_heart_goes_on_beating_when_the_database_is_busy(monkeypatch):
    beats, heart = [], working.Heart()

    def beat():
        beats.append(1)
        if len(beats) == 3:
            heart._over.set()
        raise working.DatabaseError("database is locked")

    monkeypatch.setattr(working, "beat", beat)
    monkeypatch.setattr(working, "PULSE", 0.01)
    heart.start()
    heart.join(10)

    assert len(beats) == 3
