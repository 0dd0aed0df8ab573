"""Ladder as `manage.py start` serves it, on a copy of the demo company, for as long as some tests run."""

import contextlib
import fcntl
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN, STOPS_WITHIN, RESTS_WITHIN = 90, 30, 90
DATABASE = "ladder.sqlite3"
OF_THE_PROCESS = {"start.log", "secret-key", "bundles", DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"}
UNFINISHED = """
SELECT count(*) FROM django_tasks_database_dbtaskresult
WHERE status = 'RUNNING' OR (status = 'READY' AND (run_after LIKE '9999%' OR run_after <= datetime('now')))
"""


class Site:
    """A running Ladder: its address, and the rows and sessions of its company."""

    def __init__(self, folder, port):
        company = json.loads((folder / "company.json").read_text())
        self.folder = folder
        self.log = folder / "start.log"
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.rows, self.sessions = company["rows"], company["sessions"]

    def manage(self, *arguments, said=""):
        """Run a command beside the running site, `said` on its standard input; return what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=environment(self.folder), input=said, text=True, capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout

    def take_in(self, *people, said="", then=""):
        """Take people in beside the running site, each by the arguments of `add_person`, in one process."""
        lines = ["from django.core.management import call_command"]
        lines += [f"call_command('add_person', *{arguments!r})" for arguments in people]
        return self.manage("shell", "-c", "\n".join([*lines, then]), said=said)

    def begin_again(self, company):
        """Bring the rows and files of the running site back to those of the data folder `company`.

        Waits until nothing is left to do in the background. What the processes remember concerns published
        editions and counts of people, for some seconds.
        """
        with contextlib.closing(sqlite3.connect(self.folder / DATABASE, timeout=RESTS_WITHIN)) as here:
            deadline = time.monotonic() + RESTS_WITHIN
            while here.execute(UNFINISHED).fetchone()[0]:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"work in the background does not end: {self.last_words()}")
                time.sleep(0.2)
            # Read as a file that nobody writes: SQLite would lay its journal beside it, where others copy.
            unwritten = f"file:{company / DATABASE}?immutable=1"
            with contextlib.closing(sqlite3.connect(unwritten, uri=True)) as there:
                there.backup(here)
        for file in self.folder.iterdir():
            if file.name not in OF_THE_PROCESS:
                shutil.rmtree(file) if file.is_dir() else file.unlink()
        shutil.copytree(
            company, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*OF_THE_PROCESS)
        )

    def last_words(self):
        """Return the end of what the server and the worker have said."""
        return self.log.read_text(encoding="utf-8")[-1500:]


def found_company(folder, demo=None, *, whole=False):
    """Make the data folder with the demo company, once for all processes that ask at the same time.

    `demo` is a database that has it already, where there is one. `whole` prints all pages of its packets.
    """
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "company.json").exists():
            if demo:
                shutil.copy(demo, folder / DATABASE)
            _run("-m", "tests.journeys.company", *(["whole"] if whole else []), folder=folder)


@contextlib.contextmanager
def serving(company, folder, *, port=None, **said):
    """Serve a copy of the data folder `company` made in `folder`; give the `Site`.

    What is `said` joins the environment of the server (`LADDER_OIDC_NAME="…"`).
    """
    shutil.copytree(company, folder)
    site = Site(folder, port or free_port())
    log = site.log.open("w")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start", "--port", str(site.port), "--no-demo"],
        cwd=ROOT, env=environment(folder) | said, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _wait(site, process)
        yield site
    finally:
        process.terminate()
        process.wait(STOPS_WITHIN)
        log.close()


def environment(folder):
    """Return the environment of a process that works on `folder`: no setting of the caller's leaks in.

    Its servers live for some pages, for which it does not pay to make everything ahead.
    """
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("LADDER_", "DATABASE_"))}
    settings = {"DJANGO_SETTINGS_MODULE": "ladder.settings", "LADDER_WARM_UP": "0"}
    return ours | settings | {"LADDER_DATA": str(folder)}


def _run(*arguments, folder):
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment(folder), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")


def _wait(site, process):
    deadline = time.monotonic() + STARTS_WITHIN
    while not _answers(site):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Ladder did not start: {site.last_words()}")
        time.sleep(0.2)


def _answers(site):
    connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
