import logging

from django.conf import settings
from django_tasks_db.management.commands import db_worker

from ladder.bundling import this_worker
from ladder.exporting import clear_away
from ladder.working import start

SIGN_OF_LIFE = 60  # seconds for which Redis remembers a worker that says nothing


class Command(db_worker.Command):
    help = "Do the work that pages order: typeset packets. `start` runs one of these; run more for more work."

    def add_arguments(self, parser):
        if settings.TASKS_ON_REDIS:
            parser.add_argument("--batch", action="store_true", help="end when nothing waits")
            parser.add_argument("--max-tasks", type=int, help="end after so many")
            return parser.add_argument("--interval", help="of no matter: Redis tells when to work")
        super().add_arguments(parser)
        parser.set_defaults(worker_id=this_worker(), reload=False, startup_delay=False)

    def configure_logging(self, verbosity):
        """Leave the log to the settings, without a line for each start and stop."""
        for name in ("django_tasks", "django_tasks_db", "rq.worker", "rq.scheduler"):
            logging.getLogger(name).setLevel(logging.ERROR if verbosity < 2 else logging.INFO)

    def handle(self, **options):
        heart = start()
        try:
            clear_away.call()
            if settings.TASKS_ON_REDIS:
                self.configure_logging(options["verbosity"])
                work_on_redis(batch=options["batch"], max_tasks=options["max_tasks"])
            else:
                super().handle(**options)
        finally:
            heart.stop()


def work_on_redis(*, batch=False, max_tasks=None):
    """Work off the queues on Redis in this process, so that the printer stays warm from one to the next."""
    from django_rq.workers import get_worker
    from django_tasks_rq.backend import Job
    from rq import SimpleWorker

    worker = get_worker(
        *settings.RQ_QUEUES,
        job_class=Job,
        worker_class=SimpleWorker,
        name=this_worker(),
        worker_ttl=SIGN_OF_LIFE,
    )
    worker.connection.delete(worker.key)  # left by one of the same name that was killed
    worker.work(burst=batch, max_jobs=max_tasks, logging_level="ERROR")
