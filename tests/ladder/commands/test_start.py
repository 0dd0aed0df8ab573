"""`start` as a newcomer meets it: a process of its own on a folder of its own."""

import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from argparse import ArgumentTypeError
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from ladder.management.commands.start import port
from ladder.ops.server import cannot_bind
from tests.ports import free_port

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
PATIENCE = 150
ONE_PAGE_PRINTS = "tests.ladder.commands.one_page_prints.settings"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The first start on an empty folder, stopped by Ctrl-C once all packets are printed, on a page each."""
    folder = tmp_path_factory.mktemp("start") / "data"
    with Started(folder, DJANGO_SETTINGS_MODULE=ONE_PAGE_PRINTS) as first:
        first.until_it_answers()
        pages = {path: first.status(path) for path in ("/healthz", "/sign-in/", "/")}
        first.mounted_elsewhere = first.status("/elsewhere/sign-in/", SCRIPT_NAME="/elsewhere")
        until(lambda: unfinished(folder) == 0)
        first.stop(signal.SIGINT)
    return folder, first, pages


def test_the_first_start_brings_a_company_and_serves_it(served):
    _folder, first, pages = served

    assert pages == {"/healthz": 200, "/sign-in/": 200, "/": 302}
    assert f"Ladder is running at http://localhost:{first.port}" in first.said
    assert re.search(
        r"^  Tomasz Wierzbicki +Engineering Manager +write assessments", first.said, re.MULTILINE
    )


def test_no_visitor_says_where_the_site_is_mounted(served):
    """What is drawn once would lead everybody there."""
    _folder, first, _pages = served

    assert first.mounted_elsewhere == 404


def test_ctrl_c_stops_everything_without_a_trace(served):
    _folder, first, _pages = served

    assert first.code == 0
    assert first.seconds_to_stop < 10
    assert "Traceback" not in first.said
    assert not first.answers()
    assert first.left_over() == []


def test_the_second_start_changes_no_data(served):
    folder, _first, _pages = served
    before = digests(folder)

    with Started(folder) as second:
        second.until_it_answers()
        second.stop(signal.SIGTERM)

    assert second.code == 0
    assert "Bringing" not in second.said
    assert digests(folder) == before


def test_pages_are_answered_before_all_is_warm_and_a_stop_does_not_wait_for_it(served):
    folder, _first, _pages = served

    with Started(folder, LADDER_WARM_UP="1") as early:
        until(early.answers, every=0.02)
        status, told = early.readiness()
        page = early.status("/sign-in/")
        early.stop(signal.SIGTERM)

    assert (status, told["checks"]["pages"], page) == (503, "warming", 200)
    assert early.code == 0
    assert early.seconds_to_stop < 10
    assert "Traceback" not in early.said
    assert early.left_over() == []


def test_a_web_server_is_ready_once_all_of_it_is_warm(served):
    folder, _first, _pages = served

    with Started(folder, LADDER_WARM_UP="1") as started:
        until(started.answers)
        until(lambda: all("pages" not in started.readiness()[1]["checks"] for _time in range(12)))
        ready = started.readiness()
        started.stop(signal.SIGTERM)

    assert (ready[0], ready[1]["causes"]) == (200, {})
    assert "Traceback" not in started.said


def test_a_taken_port_gets_one_sentence_with_the_command_that_mends_it(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with Started(tmp_path, port=port) as refused:
            refused.wait()

    assert refused.code == 1
    assert refused.said.splitlines() == [
        f"Port {port} is in use, perhaps by another Ladder. Choose another: make run PORT={port + 1}"
    ]


@pytest.mark.parametrize("text", ["99999", "0", "-1", "many", "9" * 5000, "8000 ", "٨٠٠٠", ""])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(ArgumentTypeError, match="is not a port: choose a number from 1 to 65535"):
        port(text)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "a" * 70 + "." + "b" * 300, "::zz"])
def test_an_address_of_elsewhere_is_refused(host):
    assert "is not an address of this machine" in cannot_bind(host, 8169)


@pytest.fixture
def manage(loaded):
    """A function that runs a command of `manage.py`; gives its exit code and what it says."""
    return partial(loaded.run, "manage.py")


def test_a_port_that_is_none_is_said_in_a_sentence(manage):
    _code, said = manage("start", "--port", "99999")

    assert "argument --port: 99999 is not a port: choose a number from 1 to 65535" in said
    assert "Traceback" not in said


@pytest.fixture
def file(loaded):
    """Where the program has its database: nothing is there yet, and nothing after."""
    file = loaded.folder / "ladder.sqlite3"
    yield file
    file.rmdir() if file.is_dir() else file.unlink()


NO_DATABASE = b"This is no database. " * 500


@pytest.mark.parametrize(
    ("command", "content"),
    [("verify_trail", NO_DATABASE), ("verify_trail", None), ("work", NO_DATABASE), ("start", NO_DATABASE)],
    ids=lambda value: {NO_DATABASE: "corrupt", None: "absent"}.get(value, value),
)
def test_a_database_that_cannot_be_read_is_said_in_a_sentence(manage, file, command, content):
    """A file that is no database; and a folder where there can be none."""
    if content:
        file.write_bytes(content)
    else:
        file.mkdir()

    code, said = manage(command)

    assert code != 0
    assert "atabase" in said
    assert "Traceback" not in said
    assert content is None or file.read_bytes() == content


def test_the_whole_story_is_told_to_who_asks_for_it(manage, file):
    file.write_bytes(NO_DATABASE)
    _code, said = manage("verify_trail", "--traceback")

    assert "Traceback" in said


def test_links_and_codes_name_the_address_that_is_served(served):
    folder, first, _pages = served
    snapshots = [text for (text,) in asked(folder, "SELECT snapshot FROM packets_packet")]

    assert snapshots
    assert all(f"http://localhost:{first.port}/verify/" in snapshot for snapshot in snapshots)


def test_the_data_folder_is_its_owners_alone(served):
    folder, _first, _pages = served
    modes = {path: path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}

    assert len(modes) > 5
    assert {path for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == set()


@pytest.fixture
def folder(tmp_path, migrated):
    """A data folder with a database that has every table and no row."""
    if migrated:
        shutil.copy(migrated, tmp_path / "ladder.sqlite3")
    return tmp_path


def test_without_the_demo_one_is_given_a_link_that_sets_it_up(folder):
    with Started(folder, "--no-demo") as bare:
        bare.until_it_answers()
        bare.stop(signal.SIGINT)
    link = re.search(r"http://localhost:\d+(/setup/([\w-]{43})/)$", bare.said, re.MULTILINE)
    with Started(folder, "--no-demo") as again:
        again.until_it_answers()
        void = again.status(link[1])
        again.stop(signal.SIGINT)

    assert bare.code == 0
    assert "built-in framework is loaded as a draft" in bare.said
    assert rows(folder, "people_person") == 0
    assert void == 404
    assert "Not Found: /setup/…/" in again.said
    assert again.said.count("/setup/") == 2
    assert link[2] not in again.said


def test_a_database_that_does_not_answer_is_named(tmp_path):
    with Started(tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/none") as refused:
        refused.wait()

    assert refused.code == 1
    assert "Ladder can't reach the database: " in refused.said
    assert "Traceback" not in refused.said


def test_in_production_there_is_never_a_demo(folder):
    said = {
        "LADDER_PRODUCTION": "1",
        "LADDER_ALLOWED_HOSTS": "ladder.example.org",
        "LADDER_SECRET_KEY": "qT7-wz0Kp3vNf8Yh2LrXc5Jd9Ga4Ms6Bt1Ue_RiOyHkWqZxVnPlCj",
        "DATABASE_URL": f"sqlite:///{folder / 'ladder.sqlite3'}",
    }
    with Started(folder, **said) as real:
        real.until_it_answers()
        plain, known = real.status("/sign-in/"), real.status("/sign-in/", host="ladder.example.org")
        files = real.files_of("/sign-in/", host="ladder.example.org")
        real.stop(signal.SIGTERM)

    assert (plain, known) == (400, 301)
    assert files.keys() > {"js", "css"}
    assert set().union(*files.values()) == {200}
    assert real.code == 0
    assert rows(folder, "people_person") == 0
    assert "sign in with one click" not in real.said
    assert re.search(r"^ +https://ladder\.example\.org/setup/[\w-]{43}/$", real.said, re.MULTILINE)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is told that its parent died")
def test_killed_outright_it_leaves_nothing_that_goes_on_unwatched(tmp_path, demo):
    shutil.copy(demo, tmp_path / "ladder.sqlite3")  # whose packets are about to be typeset
    with Started(tmp_path) as first:
        first.until_it_answers()
        first.known = first.children()
        first.process.kill()

        until(lambda: not first.left_over())


class Started:
    """One `manage.py start`, or another that serves; killed with its children when the test is over."""

    def __init__(self, folder, *arguments, command="start", port=None, **environment):
        self.port = port or free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LADDER_")}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", command, "--port", str(self.port), *arguments],
            cwd=ROOT,
            env=kept | {"LADDER_DATA": str(folder), "DATABASE_URL": "", "LADDER_WARM_UP": "0"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.known = []

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        if self.process.poll() is None:
            self.known = self.children()
            self.process.kill()
            self.process.wait()
        for number, _command in self.left_over():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def until_it_answers(self):
        until(lambda: self.answers() or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.stdout.read()
        time.sleep(1)

    def stop(self, wanted):
        self.known = self.children()
        begun = time.monotonic()
        os.killpg(self.process.pid, wanted)
        self.wait()
        self.seconds_to_stop = time.monotonic() - begun

    def wait(self):
        self.known = self.known or self.children()
        self.said = self.process.communicate(timeout=PATIENCE)[0].strip()
        self.code = self.process.returncode

    def answers(self):
        try:
            return bool(self.status("/healthz"))
        except OSError:
            return False

    def readiness(self):
        """Return the status of `/readyz`, and what it tells."""
        answer = self.ask("/readyz", "localhost")
        return answer.status, json.loads(answer.read())

    def status(self, path, host="localhost", **headers):
        return self.ask(path, host, **headers).status

    def files_of(self, path, host):
        """Return what a page behind https gets for the static files it names: their statuses by ending."""
        https = {"X-Forwarded-Proto": "https"}
        page = self.ask(path, host, **https).read().decode()
        found = {}
        for file, ending in re.findall(r'"(/static/[^"]+\.(\w+))[#"]', page):
            found.setdefault(ending, set()).add(self.status(file, host, **https))
        return found

    def ask(self, path, host, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Host": host} | headers)
        return connection.getresponse()

    def children(self):
        """Return `(number, command)` of every process that descends from the command."""
        parents, commands = {}, {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                number = int(stat.parent.name)
                parents[number] = int(stat.read_text().rpartition(")")[2].split()[1])
                commands[number] = (stat.parent / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        family = {self.process.pid}
        while more := {number for number, parent in parents.items() if parent in family} - family:
            family |= more
        return [(number, commands[number]) for number in sorted(family - {self.process.pid})]

    def left_over(self):
        return [child for child in self.known if alive(*child)]


def alive(number, command):
    try:
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ") == command
    except OSError:
        return False


def until(holds, every=0.3):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(every)


def asked(folder, question):
    database = sqlite3.connect(f"file:{folder / 'ladder.sqlite3'}?mode=ro", uri=True)
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()


def rows(folder, table):
    return asked(folder, f"SELECT count(*) FROM {table}")[0][0]


def unfinished(folder):
    question = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status IN ('READY', 'RUNNING')"
    return asked(folder, question)[0][0]


def digests(folder):
    """Return the digest of every table's rows, but of what is kept for moments: that a worker is alive."""
    tables = {name for (name,) in asked(folder, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables.remove("ladder_cache")
    return {
        table: hashlib.sha256(
            repr(sorted(map(repr, asked(folder, f'SELECT * FROM "{table}"')))).encode()
        ).hexdigest()
        for table in tables
    }
