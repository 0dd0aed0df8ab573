import logging
import os
import socket

from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from ladder.exporting import clear_away

HERE = socket.gethostname()[:40]


class Command(db_worker.Command):
    help = "Do the work that pages order: typeset packets. `start` runs one of these; run more for more work."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(worker_id=f"{HERE}:{os.getpid()}", reload=False, startup_delay=False)

    def configure_logging(self, verbosity):
        """Leave the log to the settings, without a line for each start and stop."""
        for name in ("django_tasks", "django_tasks_db"):
            logging.getLogger(name).setLevel(logging.ERROR if verbosity < 2 else logging.INFO)

    def handle(self, **options):
        take_back()
        clear_away.call()
        super().handle(**options)


def take_back():
    """Make ready again what a worker on this machine was doing when it was killed."""
    for task in DBTaskResult.objects.running().only("id", "worker_ids"):
        if task.worker_ids and _is_dead(task.worker_ids[-1]):
            DBTaskResult.objects.running().filter(pk=task.pk, worker_ids=task.worker_ids).update(
                status="READY", started_at=None
            )


def _is_dead(worker_id):
    """Say whether a worker ran on this machine and runs no more."""
    host, _colon, process = worker_id.rpartition(":")
    if host != HERE or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
