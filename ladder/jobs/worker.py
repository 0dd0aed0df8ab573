"""The worker of the background, on whichever engine: its sign of life, and what dead workers left.

What a killed worker was at is ready again at once when its successor starts on the same machine, and
after a minute for those on others.
"""

import logging
import os
import sqlite3
import time
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections, connection

from competencies.core.clock import calendar_read_once, now
from competencies.people.models import IdempotencyKey
from ladder.jobs import audit_checkpoints, email_outbox
from ladder.jobs import sweep as jobs
from ladder.jobs.packet_documents import freeze_masked_anew
from ladder.jobs.queue import wait_to_be_woken, will_pass
from ladder.jobs.record_exports import clear_away
from ladder.jobs.task_database import DBTaskResult, LibraryWorker, exclusive_transaction
from ladder.jobs.task_paths import FORMER, rename_former
from ladder.ops.liveness import HERE, sign_of_life, was_heard
from ladder.ops.maintenance import Migrating, Unfit, sharing

PULSE = 4  # seconds between two signs of life
SWEEPS_EACH = 5  # pulses between two looks for orders that nobody is at
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5  # seconds: how long a worker waits that something failed
TRIED_FOR = timedelta(days=1)  # a task that fails by no fault of its own
LONGEST_BREAK = 600  # seconds between two attempts at it
WORTH_A_WAIT = (Error, OSError, Migrating, Unfit)  # the database is away, full or migrated; the disk is full
log = logging.getLogger(__name__)


class Heartbeat(Thread):
    """Says while this worker lives that it does, and looks after what others left."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="heartbeat")
        self._over = Event()

    def run(self) -> None:
        beats = 0
        while not self._over.wait(PULSE):
            beats += 1
            try:
                close_old_connections()
                with sharing(), calendar_read_once():
                    beat()
                    if beats % SWEEPS_EACH == 0:
                        sweep()
            except WORTH_A_WAIT as problem:  # somebody writes, or the server restarts: next time
                log.info("No sign of life this time: %s", problem)
            except Exception:
                log.exception("No sign of life this time")
        connection.close()

    def stop(self) -> None:
        self._over.set()
        self.join(PULSE)


class Worker(LibraryWorker):
    """Works off the queue until it is told to end. Where something fails it, it waits, and comes back."""

    pause = 0.0
    fell = True  # it has to look at what it, or another, left

    def run(self) -> None:
        while self.running:
            try:
                close_old_connections()
                with sharing(), calendar_read_once():
                    if self.fell:
                        self._get_up()
                    task = self._claim()
                    if task is not None:
                        self.run_task(task)
            except WORTH_A_WAIT as problem:
                if _is_no_database(problem):
                    raise
                self._wait(problem)
                continue
            self.pause = 0.0
            if (self.batch and task is None) or self._run_tasks == self.max_tasks:
                return
            if task is None and self.running:
                self._rest()

    def run_task(self, row: DBTaskResult) -> None:
        """Run a task. One that database or disk failed is tried again later, for a day; one that is cut
        short is taken back.
        """
        set_failed = row.set_failed

        def fail(problem: BaseException) -> Any:
            if not isinstance(problem, Exception):
                raise problem
            if not will_pass(problem) or row.enqueued_at + TRIED_FOR < now():
                return set_failed(problem)
            log.warning("A task is tried again later: %s", _in_a_line(problem))
            _put_off(row)
            if isinstance(problem, Error):
                raise problem

        row.set_failed = fail
        super().run_task(row)

    def _get_up(self) -> None:
        sign_of_life()
        rename_former()
        take_back(starting=True)
        jobs.take_back_from(lambda name: is_dead(name, starting=True))
        freeze_masked_anew()
        sweep()
        self.fell = False
        try:
            clear_away.call()
        except WORTH_A_WAIT as problem:
            log.warning("What has to go could not be removed this time: %s", problem)

    def _claim(self) -> DBTaskResult | None:
        """Take the next task; None while there is none. Looking takes no lock."""
        tasks = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not tasks.exists():
            return None
        with exclusive_transaction(tasks.db):
            task = tasks.get_locked()
            if task is not None:
                if task.task_path in FORMER:  # a page of the release before is open still
                    task.task_path = FORMER[task.task_path]
                    task.save(update_fields=["task_path"])
                task.claim(self.worker_id)
        return task

    def _rest(self) -> None:
        if settings.TASKS_ON_REDIS:
            wait_to_be_woken(self.interval)
        else:
            time.sleep(self.interval)

    def _wait(self, problem: BaseException) -> None:
        self.fell = True
        self.pause = min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        log.warning("The worker goes on in %.1f s: %s", self.pause, _in_a_line(problem))
        with suppress(Error):
            connection.close()
        if self.running:
            time.sleep(self.pause)


def _is_no_database(problem: BaseException) -> bool:
    """Return True of a file that SQLite cannot read: no pause makes it a database."""
    code = getattr(problem.__cause__, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _put_off(row: DBTaskResult) -> None:
    """Let a task be ready again after a pause that grows with each attempt."""
    pause = min(FIRST_PAUSE * 2 ** min(len(row.worker_ids), 12), LONGEST_BREAK)
    row.status, row.started_at, row.run_after = "READY", None, now() + timedelta(seconds=pause)
    row.save(update_fields=["status", "started_at", "run_after"])


def _in_a_line(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}"


def beat() -> None:
    """Say that this worker lives, and take back what those that do not were at."""
    sign_of_life()
    take_back()
    jobs.take_back_from(is_dead)
    jobs.sweep()


def sweep() -> None:
    """Send on whatever waits although nobody is at it, and order what a day brings."""
    jobs.sweep()
    email_outbox.sweep()
    audit_checkpoints.order_daily()
    IdempotencyKey.sweep()


def take_back(*, starting: bool = False) -> None:
    """Make ready again the tasks of workers that are dead."""
    for task in DBTaskResult.objects.running().only("id", "worker_ids"):
        if task.worker_ids and is_dead(task.worker_ids[-1], starting=starting):
            DBTaskResult.objects.running().filter(pk=task.pk, worker_ids=task.worker_ids).update(
                status="READY", started_at=None
            )


def is_dead(name: str, *, starting: bool = False) -> bool:
    """Say whether the worker of that name works no more.

    On this machine its process is looked for; on others it is dead after a minute without a sign of life.
    A worker that starts under the name of an earlier one, as in a container that was restarted, is another.
    """
    host, colon, process = name.rpartition(":")
    if not colon or not process.isdigit():
        return False
    if host != HERE:
        return not was_heard(name)
    if int(process) == os.getpid():
        return starting
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
