"""What a killed worker left is taken back, and what a living one does is left alone."""

import os
import socket
import subprocess
import sys
from contextlib import nullcontext, suppress
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import InterfaceError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from competencies.core.clock import standing_at
from ladder.jobs import queue
from ladder.jobs import worker as working
from ladder.jobs.performing import perform
from ladder.jobs.worker import is_dead, take_back
from ladder.ops import liveness
from ladder.ops.liveness import HERE, sign_of_life, this_worker
from ladder.ops.maintenance import Migrating, Unfit


@pytest.fixture
def running(db):
    """A function that makes a task which a worker of a name is running."""

    def run(worker):
        task = perform.enqueue(0)
        DBTaskResult.objects.filter(pk=task.id).update(status="RUNNING", worker_ids=[worker])
        return DBTaskResult.objects.get(pk=task.id)

    return run


@pytest.fixture
def elsewhere(monkeypatch):
    """A worker on another machine, which has just said that it lives."""
    monkeypatch.setattr(liveness, "this_worker", lambda: "elsewhere:1")
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
    beats, heart = [], working.Heartbeat()

    def beat():
        beats.append(1)
        if len(beats) == 3:
            heart._over.set()
        raise OperationalError("database is locked")

    monkeypatch.setattr(working, "beat", beat)
    monkeypatch.setattr(working, "sharing", nullcontext)
    monkeypatch.setattr(working, "PULSE", 0.01)
    heart.start()
    heart.join(10)

    assert len(beats) == 3


@pytest.fixture
def worker():
    """A worker that ends when nothing waits, and does not pause for long."""
    return working.Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id=this_worker(), excluded_queue_names=[],
    )  # fmt: skip


@pytest.fixture
def pauses(monkeypatch):
    """What the worker waited, and what ends an outage: `pauses.outage(function, *problems)`."""
    waited = []
    monkeypatch.setattr(working.time, "sleep", waited.append)
    return waited


def failing(monkeypatch, name, *problems):
    """Have what the worker calls as `name` raise each of `problems` in turn, and then do what it does."""
    left, does = list(problems), getattr(working.Worker, name)

    def fail(self, *arguments):
        if left:
            raise left.pop(0)
        return does(self, *arguments)

    monkeypatch.setattr(working.Worker, name, fail)


@pytest.mark.parametrize(
    "problem",
    [
        OperationalError("database is locked"), OperationalError("database or disk is full"),
        InterfaceError("connection already closed"), OSError(28, "No space left on device"),
        Migrating(), Unfit("a newer Ladder"),
    ],
    ids=lambda problem: f"{type(problem).__name__} {problem}",
)  # fmt: skip
def test_a_worker_waits_with_growing_pauses_and_goes_on(db, worker, pauses, monkeypatch, problem):
    failing(monkeypatch, "_claim", *[problem] * 6)
    perform.enqueue(0)

    worker.run()

    assert pauses == [0.5, 1, 2, 4, 5, 5]
    [task] = DBTaskResult.objects.filter(task_path=perform.module_path)
    assert task.status == "FAILED"  # there is no such job


def test_the_next_outage_begins_with_a_short_pause_again(db, worker, pauses, monkeypatch):
    problem = OperationalError("gone")
    left = [problem, problem, None, problem]

    def claim(self):
        found = left.pop(0) if left else None
        if found:
            raise found
        self.batch = not left

    monkeypatch.setattr(working.Worker, "_claim", claim)
    worker.batch = False
    worker.run()

    assert [pause for pause in pauses if pause] == [0.5, 1, 0.5]


def test_what_it_was_at_when_the_database_failed_it_is_taken_up_again(db, worker, pauses, monkeypatch):
    task = perform.enqueue(0)
    failing(monkeypatch, "run_task", OperationalError("server closed the connection"))

    worker.run()

    assert len(DBTaskResult.objects.get(pk=task.id).worker_ids) == 2


def test_an_error_of_another_kind_ends_it(db, worker, pauses, monkeypatch):
    failing(monkeypatch, "_claim", ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        worker.run()


def run_with(worker, problem, monkeypatch):
    """Let a task end with `problem`; return its row."""

    def call(self, *arguments):
        raise problem

    monkeypatch.setattr(type(perform), "call", call)
    task = perform.enqueue(0)
    row = DBTaskResult.objects.get(pk=task.id)
    row.claim(worker.worker_id)
    with suppress(OperationalError):
        worker.run_task(row)
    return DBTaskResult.objects.get(pk=task.id)


@pytest.mark.parametrize(
    "problem", [OperationalError("gone"), OSError(28, "No space left on device")], ids=["database", "disk"]
)
def test_a_task_that_database_or_disk_failed_is_tried_again_later(db, worker, monkeypatch, problem):
    row = run_with(worker, problem, monkeypatch)

    assert row.status == "READY"
    assert timezone.now() < row.run_after < timezone.now() + timedelta(seconds=5)


def test_for_a_day(db, worker, monkeypatch):
    later = timezone.now() + timedelta(hours=25)
    with standing_at(later):
        row = run_with(worker, OperationalError("too many terms"), monkeypatch)

    assert row.status == "FAILED"


def test_one_that_is_cut_short_is_neither_done_nor_failed(db, worker, monkeypatch):
    with pytest.raises(SystemExit):
        run_with(worker, SystemExit(1), monkeypatch)

    assert DBTaskResult.objects.get().status == "RUNNING"


def test_while_nothing_waits_it_takes_no_lock(db, worker):
    with CaptureQueriesContext(connection) as asked:
        assert worker._claim() is None

    assert len(asked) == 1


class TestWaking:
    """With `LADDER_TASKS=redis://…`, where nobody listens."""

    @pytest.fixture(autouse=True)
    def without_redis(self, db, settings, monkeypatch):
        settings.TASKS = {"default": {"BACKEND": "ladder.jobs.queue.WakingBackend"}}
        settings.TASKS_ON_REDIS = f"redis://127.0.0.1:{unused_port()}/0"
        queue.redis.cache_clear()
        monkeypatch.setattr(queue.Rest, "until", 0.0)
        yield
        queue.redis.cache_clear()

    def test_an_order_is_a_row_also_while_redis_is_away(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            task = perform.enqueue(7)

        assert DBTaskResult.objects.get(pk=task.id).status == "READY"

    def test_it_is_asked_once_and_then_left_alone_for_a_while(self, monkeypatch):
        queue.wake()
        with monkeypatch.context() as patch:
            patch.setattr(queue, "redis", pytest.fail)
            queue.wake()

    def test_a_worker_looks_by_itself_meanwhile(self, pauses):
        queue.wait_to_be_woken(1)
        queue.wait_to_be_woken(1)

        assert pauses == [1, 1]

    def test_what_is_for_later_wakes_nobody_now(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            perform.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(7)

        assert callbacks == []


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
