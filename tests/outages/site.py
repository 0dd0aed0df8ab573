"""Ladder as `start` serves it, with plugs to pull: its database, Redis, mail server, disk and processes."""

import contextlib
import http.client
import json
import os
import re
import signal
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
MINUTE = 60
EMPTY_ANSWER = http.client.HTTPException, OSError


class Site:
    """One running Ladder and those who use it: a program with the token of HR, and somebody at the door."""

    def __init__(self, folder, environment):
        self.folder, self.environment = Path(folder), environment
        self.log = self.folder / "start.log"
        self.port = free_port()

    def found(self, cases):
        """Make the company, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.outages.company", str(cases)],
            env=self.environment, cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        self.token, self.email, self.cases = told["token"], told["email"], told["cases"]

    @contextlib.contextmanager
    def running(self):
        """Serve the company for the length of a `with`."""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "start", "--no-demo", "--port", str(self.port)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            try:
                self.until(lambda: self.status("/healthz") == 200, "the site answers", seconds=120)
                self.until(lambda: self.ready()["ready"], "all is well")
                yield self
            finally:
                self.process.terminate()
                self.process.wait(30)

    # what its users do

    def ask(self, method, path, body=None, **headers):
        """Send one request; return `(status, body)`, or `(None, "")` where there was no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=MINUTE)
        try:
            connection.request(method, path, body, {"Host": "localhost"} | headers)
            answer = connection.getresponse()
            self.headers = answer.headers
            return answer.status, answer.read().decode(errors="replace")
        except EMPTY_ANSWER:
            return None, ""
        finally:
            connection.close()

    def status(self, path):
        return self.ask("GET", path)[0]

    def ready(self):
        """Return what `/readyz` tells on its own machine."""
        _status, body = self.ask("GET", "/readyz")
        return json.loads(body) if body.startswith("{") else {"ready": False, "checks": {}}

    def api(self, method, path, body=None):
        """Ask the API as HR; return `(status, what it told)`."""
        speaking = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        status, told = self.ask(method, f"/api/v1{path}", json.dumps(body) if body else None, **speaking)
        return status, json.loads(told) if told.startswith("{") else {}

    def order_packet(self):
        """Order a packet of the next case, until it is told as ordered; return its number."""

        def ordered():
            status, told = self.api("POST", f"/cases/{self.cases[0]}/packets/", {"variant": "committee"})
            return told["id"] if status == 201 else None

        packet = self.until(ordered, "a packet is ordered")
        self.cases.append(self.cases.pop(0))
        return packet

    def is_printed(self, packet):
        return self.api("GET", f"/packets/{packet}/")[1].get("state") == "ready"

    def until_printed(self, *packets):
        """Wait until each of `packets` has its document; return the seconds."""
        begun = time.monotonic()
        for packet in packets:
            self.until(lambda packet=packet: self.is_printed(packet), f"packet {packet} is printed")
        return time.monotonic() - begun

    def forget_password(self, email):
        """Ask for a new password at the door; return the status and what the next page says."""
        _status, page = self.ask("GET", "/forgotten-password/")
        cookies = "; ".join(re.findall(r"(\w+=[^;]+);", "\n".join(self.headers.get_all("Set-Cookie", []))))
        key = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        status, _page = self.ask(
            "POST", "/forgotten-password/", f"csrfmiddlewaretoken={key}&email={email}",
            **{"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies},
        )  # fmt: skip
        return status, self.headers.get("Location")

    # what happens to it

    def until(self, holds, what, seconds=MINUTE):
        """Wait for something to hold, a minute at most; return it. `start` must not have ended meanwhile."""
        deadline = time.monotonic() + seconds
        while not (found := holds()):
            assert self.process.poll() is None, f"start ended: {self.last_words()}"
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}. {self.last_words()}"
            time.sleep(0.1)
        return found

    def last_words(self):
        return self.log.read_text(errors="replace")[-3000:]

    def worker(self):
        """Return the number of the background worker's process, or None."""
        return next((pid for pid, name in self._children() if name == "background work"), None)

    def web_children(self):
        """Return the numbers of gunicorn's processes: the first is their master."""
        return [pid for pid, name in self._children() if name == "web server"]

    def kill(self, pid):
        os.kill(pid, signal.SIGKILL)

    def _children(self):
        """Return `(number, name)` of every process that descends from `start`, oldest first."""
        names, family = {}, [self.process.pid]
        for pid in family:
            with contextlib.suppress(OSError):  # it ended meanwhile
                names[pid] = Path(f"/proc/{pid}/comm").read_text().rstrip("\n")
                family += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return sorted((pid, name) for pid, name in names.items() if pid != self.process.pid)


@contextlib.contextmanager
def writer_held(database):
    """Hold SQLite's one writer, as another program may."""
    with contextlib.closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")


class SmallDisk:
    """A data folder on a disk that can be full: a small file system of its own, or where none may be
    mounted, a limit on the size of files that is set on the running processes.
    """

    SIZE = 96 << 20

    def __init__(self, folder):
        self.folder, self.ballast = Path(folder), Path(folder) / "ballast"
        mount = ["mount", "-t", "tmpfs", "-o", f"size={self.SIZE}", "tmpfs", str(folder)]
        self.is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0

    def fill(self, pids):
        if not self.is_mounted:
            return self._limit(pids, 4096)
        with self.ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * (1 << 20))

    def free(self, pids):
        if not self.is_mounted:
            return self._limit(pids, -1)
        self.ballast.unlink()

    def _limit(self, pids, most):
        import resource

        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def close(self):
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


class MailServer:
    """A mail server on a port of its own, which is away until it is started. Keeps whom it got mails for."""

    def __init__(self):
        self.port, self.got = free_port(), []

    @contextlib.contextmanager
    def running(self):
        server = socketserver.ThreadingTCPServer(("127.0.0.1", self.port), self._handler())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def _handler(self):
        got = self.got

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.say("220 here")
                while line := self.rfile.readline().decode().strip():
                    word = line[:4].upper()
                    if word == "DATA":
                        self.say("354 go on")
                        while self.rfile.readline().strip() != b".":
                            pass
                    elif word == "RCPT":
                        address = re.search(r"<(.*)>", line)[1]
                        if address.startswith("unknown"):
                            self.say("550 5.1.1 nobody here")
                            continue
                        got.append(address)
                    self.say("221 bye" if word == "QUIT" else "250 ok")
                    if word == "QUIT":
                        return

            def say(self, text):
                self.wfile.write(f"{text}\r\n".encode())

        return Handler
