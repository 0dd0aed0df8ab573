"""Where work for the background comes from: `task`, of Django itself from the next long-lived version on.

The queue is rows in the database, on whichever engine: an order and its task are written as one. With
`LADDER_TASKS=redis://…` a worker is woken at once, and without Redis it looks by itself every second.
"""

import errno
import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from ladder.jobs.task_database import DatabaseBackend, DBTaskResult, make_task
from ladder.ops.maintenance import when_nobody_migrates
from ladder.ops.redis_client import LOOKS_AGAIN, redis

__all__ = ["enqueue_behind", "is_idle", "task", "will_pass"]

BEHIND = -10
WAKING, MOST_WAKINGS = "ladder-wakes", 100
RESTS = 5
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO}
log = logging.getLogger(__name__)


def task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Make a function a task. It waits while the database is migrated, like whatever else may write."""

    def decorate(work: Callable[..., Any]) -> Any:
        return make_task(**options)(when_nobody_migrates(work))

    return decorate


def enqueue_behind(work: Any, *arguments: object) -> None:
    """Enqueue `work` once for each of `arguments`, behind what somebody waits for at a page."""
    if work.get_backend().supports_priority:
        work = work.using(priority=BEHIND)
    for argument in arguments:
        work.enqueue(argument)


def is_idle() -> bool:
    """Return True if the queue holds nothing that a worker could begin now."""
    return not DBTaskResult.objects.ready().exists()


def will_pass(problem: BaseException) -> bool:
    """Return True if a task that ended with `problem` may do it later: the database or the disk failed it."""
    if isinstance(problem, OSError):
        return problem.errno in NO_ROOM
    return isinstance(problem, OperationalError | InterfaceError)


class WakingBackend(DatabaseBackend):
    """The queue in the database, whose workers are woken through Redis."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        result: Any = super().enqueue(task, args, kwargs)
        if not task.run_after:
            transaction.on_commit(wake)
        return result


class Rest:
    """For how long Redis is left alone after it did not answer, so that no page waits for it twice."""

    until = 0.0

    @classmethod
    def begin(cls, problem: Exception) -> None:
        log.warning("Redis does not answer, so workers look by themselves: %s", type(problem).__name__)
        cls.until = time.monotonic() + RESTS

    @classmethod
    def is_over(cls) -> bool:
        return time.monotonic() >= cls.until


def wake() -> None:
    """Wake a worker. What could not be told to Redis is found by the next look at the rows."""
    from redis import RedisError

    if Rest.is_over():
        try:
            redis().pipeline().rpush(WAKING, 1).ltrim(WAKING, -MOST_WAKINGS, -1).execute()
        except RedisError as problem:
            Rest.begin(problem)


def wait_to_be_woken(interval: float) -> None:
    """Return when something may wait: after `interval` seconds, or when Redis tells, where it is used."""
    from redis import RedisError

    if Rest.is_over():
        try:
            redis().blpop([WAKING], timeout=LOOKS_AGAIN)
            return
        except RedisError as problem:
            Rest.begin(problem)
    time.sleep(interval)
