import logging

from ladder.jobs.task_database import WorkCommand
from ladder.jobs.worker import Heartbeat, Worker
from ladder.ops.liveness import this_worker


class Command(WorkCommand):
    help = (
        "Run a background worker: it generates packets and sends emails. `start` runs one; run more "
        "for more work."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(worker_id=this_worker(), reload=False, startup_delay=False)

    def configure_logging(self, verbosity):
        """Leave the log to the settings, without a line for each start and stop."""
        for name in ("django_tasks", "django_tasks_db"):
            logging.getLogger(name).setLevel(logging.ERROR if verbosity < 2 else logging.INFO)

    def handle(self, *, verbosity, interval, batch, backend_name, max_tasks, worker_id, **options):
        self.configure_logging(verbosity)
        worker = Worker(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name=backend_name,
            startup_delay=False,
            max_tasks=max_tasks,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        heartbeat = Heartbeat()
        heartbeat.start()
        try:
            worker.run()
        finally:
            heartbeat.stop()
