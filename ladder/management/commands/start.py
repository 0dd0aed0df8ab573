import gc
import signal
import sys
from argparse import ArgumentTypeError
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from competencies.framework.loading import load
from competencies.framework.models import Edition
from competencies.people.models import Organisation, Person
from competencies.trail.trigger_installation import is_up_to_date
from ladder.demo.loading import LADDER, load_company
from ladder.ops.data_folder import close_folder
from ladder.ops.maintenance import alone, found_fit, unfit
from ladder.ops.server import LAST_PORT, Serving, cannot_bind, site
from ladder.ops.static_files import collect
from ladder.ops.supervisor import Ended
from ladder.pages.shell.personas import personas
from ladder.pdf.checks import printer_has_its_libraries

MAILS_WAIT = f"Emails are not sent but saved as files in {settings.DATA_DIR / 'mail'}."
LEAVES_AGAIN = 0.5  # seconds until an exit is tried again that Python swallowed in a finaliser
FIRST_PERSON = """\
There are no people yet. Set up Ladder with this link. It works once, and the next start prints a new one:

    {link}
"""


class Command(BaseCommand):
    help = "Prepare the database, then run Ladder with its background worker until Ctrl-C."
    leaving = False
    requires_system_checks = []  # what a newcomer has to know is said below, in sentences

    def add_arguments(self, parser):
        parser.add_argument("--port", type=port, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--no-demo", action="store_true", help="leave an empty database without the demo company"
        )
        parser.add_argument("--no-worker", action="store_true", help="serve pages only; run `work` elsewhere")

    def handle(self, *, host, port, no_demo, no_worker, **options):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, self._leave)
        gc.freeze()  # what is loaded stays, also in the processes that are forked
        serving = Serving(host, port, worker=not no_worker)
        self._look_around(serving)
        settings.ADDRESS = site(serving.address)  # for the documents of the demo, which this process makes
        try:
            serving.begin()
            with self._answering():
                self._prepare(demo=not no_demo and not settings.PRODUCTION)
            self._serve(serving)
        finally:
            serving.stop()

    def _leave(self, *_signal):
        """End wherever the command is; try again soon, since Python swallows an exit in a finaliser."""
        self.leaving = True
        signal.setitimer(signal.ITIMER_REAL, LEAVES_AGAIN)
        sys.exit(0)

    def _look_around(self, serving):
        if reason := cannot_bind(serving.host, serving.port):
            raise SystemExit(reason)
        serving.take_port()
        for warning in printer_has_its_libraries(None):
            self.stderr.write(f"{warning.msg} {warning.hint}")
        if settings.PRODUCTION and not settings.EMAIL_HOST_NAMED:
            self.stderr.write(f"LADDER_EMAIL_URL is not set. {MAILS_WAIT}")

    @contextmanager
    def _answering(self):
        """Hold the database alone, so that of two starts at once one waits for what the other prepares."""
        close_folder(settings.DATA_DIR)
        try:
            with alone(waiting=lambda: self._say("Another process is using the database. Waiting ...\n")):
                yield
        except DatabaseError as error:
            raise SystemExit(f"Ladder can't reach the database: {str(error).strip()}") from None
        except OSError as error:  # a disk that is full, or only read
            raise SystemExit(f"Ladder can't write to its data folder: {error}") from None

    def _prepare(self, *, demo):
        self._migrate()
        if settings.PRODUCTION:
            collect()
        if demo and not Person.objects.exists():
            self._say("Creating the demo company, this once. It takes about ten seconds ...")
            load_company()
        if not Edition.objects.exists():
            load(LADDER.read_bytes(), file=LADDER.name, by=None)
            self._say(
                "The built-in framework is loaded as a draft. A framework author can publish it under"
                " Frameworks."
            )

    def _migrate(self):
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting or unfit() or not is_up_to_date():
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        self._say(f"The database is up to date ({len(waiting)} migrations applied).")

    def _serve(self, serving):
        link, fit = self._set_up(serving.address), found_fit()
        connection.close()
        try:
            serving.start(fit)
            self._welcome(serving.address, link)
            serving.watch(lambda: self.leaving)
            sys.exit(0)
        except Ended as reason:
            raise SystemExit(f"{reason} Ladder was stopped.") from None
        except SystemExit:
            self._say("\nStopping ...")
            raise

    def _welcome(self, address, link):
        self._say(f"\nLadder is running at {address}  (Ctrl-C stops it)\n\n")
        if not settings.PRODUCTION and not settings.EMAIL_HOST_NAMED:
            self._say(f"{MAILS_WAIT}\n\n")
        if rows := [] if settings.PRODUCTION else personas():
            self._say("Open it and sign in with one click, no password needed, as:\n\n")
            names = max(len(row["person"].name) for row in rows)
            titles = max(len(row["title"]) for row in rows)
            for row in rows:
                self._say(f"  {row['person'].name:{names}}  {row['title']:{titles}}  {row['what']}")
        elif link:
            self._say(FIRST_PERSON.format(link=link))
        connection.close()

    def _set_up(self, address):
        """Return the link that sets Ladder up, as a browser reaches it, or None once somebody is here."""
        if Person.objects.exists():
            return None
        return f"{site(address)}{reverse('open_set_up', args=[Organisation.offer_setup()])}"

    def _say(self, text):
        self.stdout.write(text)
        self.stdout.flush()


def port(text):
    """Return a port as a number. Refuses what is none, in words."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LAST_PORT):
        raise ArgumentTypeError(f"{text} is not a port: choose a number from 1 to {LAST_PORT}")
    return int(text)
