"""What is taken of the queue in the database, whose inside a worker knows: one file to mend on an upgrade.

`tests/ladder/jobs/test_task_database.py` names what is missing or asks for other arguments.
"""

from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Command as WorkCommand
from django_tasks_db.management.commands.db_worker import Worker as LibraryWorker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

try:
    from django.tasks import task as make_task
except ImportError:
    from django_tasks import task as make_task  # type: ignore[no-redef]

__all__ = [
    "DBTaskResult",
    "DatabaseBackend",
    "LibraryWorker",
    "WorkCommand",
    "exclusive_transaction",
    "make_task",
]
