import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from competencies.people.models import Person

GLANCE, STOPS_WITHIN = 1, 8  # seconds
CODE = ("competencies", "ladder")


class Command(BaseCommand):
    help = "Serve Ladder for development: the web server and the worker restart when the code changes."
    requires_system_checks = []  # the server makes them, each time it begins

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port, **options):
        if settings.PRODUCTION:
            raise CommandError("This command is for development. In production, use `start`.")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_signal: sys.exit(0))
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        if not Person.objects.exists():
            self.stdout.write("Creating the demo company, this once ...")
            call_command("load_company")
        connection.close()
        self._serve(port)

    def _serve(self, port):
        environment = {"LADDER_SERVED_AT": f"http://localhost:{port}", "LADDER_DEBUG": "1"} | os.environ
        begun, server, worker = code(), None, None
        try:
            server = begin("runserver", f"127.0.0.1:{port}", environment=environment)
            worker = begin("work", environment=environment)
            while server.poll() is None:
                time.sleep(GLANCE)
                if (now := code()) != begun:
                    begun = now
                    end(worker)
                    worker = begin("work", environment=environment)
            sys.exit(server.returncode)
        finally:
            end(server, worker)


def code() -> dict[str, int]:
    """Return when each file of the code was written last, in nanoseconds."""
    written = {}
    for package in CODE:
        for file in (settings.BASE_DIR / package).rglob("*.py"):
            with suppress(FileNotFoundError):  # an editor replaces it
                written[str(file)] = file.stat().st_mtime_ns
    return written


def begin(*arguments, environment):
    """Start a command of ours in a group of its own: the server has a child, which is ended with it."""
    return subprocess.Popen(  # noqa: S603  our own interpreter and arguments
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(*processes):
    """Ask processes to end, each with its group, and see to it."""
    there = [process for process in processes if process]
    for request in (signal.SIGTERM, signal.SIGKILL):
        for process in there:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, request)
        for process in there:
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOPS_WITHIN)
