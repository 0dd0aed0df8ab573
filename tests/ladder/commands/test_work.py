"""What a killed worker left is taken back, and what a living one does is left alone."""

import os
import socket
import subprocess
import sys

import pytest
from django_tasks_db.models import DBTaskResult

from ladder.management.commands.work import HERE, take_back
from ladder.typesetting import typeset_packet


@pytest.fixture
def running(db):
    """A function that makes a task which a worker of a name is running."""

    def run(worker):
        task = typeset_packet.enqueue(0)
        DBTaskResult.objects.filter(pk=task.id).update(status="RUNNING", worker_ids=[worker])
        return DBTaskResult.objects.get(pk=task.id)

    return run


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
    [f"{HERE}:{os.getpid()}", "elsewhere:1", f"{HERE}:", "nameless"],
    ids=["living", "elsewhere", "without a process", "nameless"],
)
def test_a_living_or_foreign_worker_keeps_its_task(running, worker):
    task = running(worker)

    take_back()
    task.refresh_from_db()

    assert task.status == "RUNNING"


def test_a_worker_is_known_by_its_machine():
    assert socket.gethostname().startswith(HERE)
