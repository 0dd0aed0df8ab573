"""The worker of the background, on whichever engine: its sign of life, and what dead workers left.

What a killed worker was at is ready again at once when its successor starts on the same machine, and
after a minute for those on others.
"""

import logging
import os
from contextlib import suppress
from threading import Event, Thread

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, close_old_connections, connection

from competencies.people.idempotency import IdempotencyKey
from ladder.bundling import HERE, sweep, take_back_from, this_worker
from ladder.maintenance import Migrating, Unfit, sharing

PULSE = 4  # seconds between two signs of life
SILENT = 60  # seconds without one, after which a worker on another machine is taken for dead
log = logging.getLogger(__name__)


class Heart(Thread):
    """Says while this worker lives that it does, and looks after what others left."""

    def __init__(self):
        super().__init__(daemon=True, name="heart")
        self._over = Event()

    def run(self):
        while not self._over.wait(PULSE):
            try:
                close_old_connections()
                beat()
            except (Migrating, Unfit):
                continue
            except (DatabaseError, OSError) as problem:  # somebody writes, or the server restarts: next time
                log.info("No sign of life this time: %s", problem)
            except Exception:
                log.exception("No sign of life this time")
        connection.close()

    def stop(self):
        self._over.set()
        self.join(PULSE)


def beat():
    """Say that this worker lives, and take back what those that do not were at."""
    with sharing():
        sign_of_life()
        take_back()
        take_back_from(is_dead)
        sweep()
        IdempotencyKey.sweep()
    if settings.TASKS_ON_REDIS:
        wake_the_due()


def sign_of_life():
    caches["default"].set(_key(this_worker()), True, SILENT)


def start():
    """Take back what a worker on this machine was at when it was killed; return the `Heart`, beating."""
    sign_of_life()
    take_back(starting=True)
    take_back_from(lambda name: is_dead(name, starting=True))
    sweep()
    heart = Heart()
    heart.start()
    return heart


def take_back(*, starting=False):
    """Make ready again the tasks of workers that are dead."""
    if settings.TASKS_ON_REDIS:
        return _take_back_on_redis(starting)
    _take_back_in_the_database(starting)


def _take_back_in_the_database(starting):
    from django_tasks_db.models import DBTaskResult

    for task in DBTaskResult.objects.running().only("id", "worker_ids"):
        if task.worker_ids and is_dead(task.worker_ids[-1], starting=starting):
            DBTaskResult.objects.running().filter(pk=task.pk, worker_ids=task.worker_ids).update(
                status="READY", started_at=None
            )


def _take_back_on_redis(starting):
    import django_rq
    from django_tasks_rq.backend import Job
    from rq.exceptions import NoSuchJobError
    from rq.registry import StartedJobRegistry

    for name in settings.RQ_QUEUES:
        queue = django_rq.get_queue(name, job_class=Job)
        registry = StartedJobRegistry(queue=queue)
        for job_id, execution_id in registry.get_job_and_execution_ids(cleanup=False):
            with suppress(NoSuchJobError):
                job = Job.fetch(job_id, connection=queue.connection)
                if not job.worker_name or not is_dead(job.worker_name, starting=starting):
                    continue
                if queue.connection.zrem(registry.key, f"{job_id}:{execution_id}"):  # of two, one removes it
                    queue.enqueue_job(job)


def wake_the_due():
    """Enqueue what was put off on Redis until now; the database does so by itself."""
    import django_rq
    from django_tasks_rq.backend import Job
    from rq.exceptions import NoSuchJobError
    from rq.registry import ScheduledJobRegistry

    for name in settings.RQ_QUEUES:
        queue = django_rq.get_queue(name, job_class=Job)
        registry = ScheduledJobRegistry(queue=queue)
        for job_id in registry.get_jobs_to_schedule():
            with suppress(NoSuchJobError):
                if queue.connection.zrem(registry.key, job_id):
                    queue.enqueue_job(Job.fetch(job_id, connection=queue.connection))


def is_dead(name, *, starting=False):
    """Say whether the worker of that name works no more.

    On this machine its process is looked for; on others it is dead after a minute without a sign of life.
    A worker that starts under the name of an earlier one, as in a container that was restarted, is another.
    """
    host, colon, process = name.rpartition(":")
    if not colon or not process.isdigit():
        return False
    if host != HERE:
        return caches["default"].get(_key(name)) is None
    if int(process) == os.getpid():
        return starting
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _key(name):
    return f"worker-{name.replace(' ', '_')}"
