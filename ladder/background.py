"""Where work for the background comes from: `task`, of Django itself from the next long-lived version on.

Which engine keeps the queue is one setting, `LADDER_TASKS`; what differs between them is said here.
"""

from django.conf import settings

from ladder.maintenance import when_nobody_migrates

try:
    from django.tasks import task as make_task
except ImportError:
    from django_tasks import task as make_task  # type: ignore[no-redef]

__all__ = ["enqueue_behind", "is_idle", "task"]

BEHIND = -10


def task(**options):
    """Make a function a task. It waits while the database is migrated, like whatever else may write."""

    def made(work):
        return make_task(**options)(when_nobody_migrates(work))

    return made


def enqueue_behind(work, *arguments):
    """Enqueue `work` once for each of `arguments`, behind what somebody waits for at a page."""
    if work.get_backend().supports_priority:
        work = work.using(priority=BEHIND)
    elif settings.TASKS_BEHIND in work.get_backend().queues:
        work = work.using(queue_name=settings.TASKS_BEHIND)
    for argument in arguments:
        work.enqueue(argument)


def is_idle():
    """Say whether the queue holds nothing that a worker could begin now."""
    if settings.TASKS_ON_REDIS:
        import django_rq

        return all(django_rq.get_queue(name).is_empty() for name in settings.RQ_QUEUES)
    from django_tasks_db.models import DBTaskResult

    return not DBTaskResult.objects.ready().exists()
