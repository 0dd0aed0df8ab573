"""Ladder under gunicorn on a database of its own, signed-in clients, and the clock on their requests."""

import contextlib
import http.client
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def served(environment):
    """Serve Ladder as `make run` does, two workers of four threads; give the port."""
    port = free_port()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "ladder.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--reuse-port"),
            *("--log-level", "warning"),
        ],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        _wait(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def _wait(port, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise SystemExit("the server did not come up")


class Visitor:
    """A browser's worth of connection: one person, one session, kept alive."""

    def __init__(self, port, session, token="t" * 32):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = token
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "Accept-Encoding": "gzip"}

    def get(self, path):
        """Return the status and the seconds that the whole answer took."""
        return self._send("GET", path, None, self.headers)

    def post(self, path, body):
        form = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.token,
            "HX-Request": "true",
        }
        return self._send("POST", path, body, self.headers | form)

    def _send(self, method, path, body, headers):
        start = time.perf_counter()
        self.connection.request(method, path, body=body, headers=headers)
        response = self.connection.getresponse()
        response.read()
        return response.status, time.perf_counter() - start


def session_of(pk):
    """Make a session for a person straight in the store, and return its key."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.get(pk=pk)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.update(
        {
            "_auth_user_id": str(person.pk),
            "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
            "_auth_user_hash": person.get_session_auth_hash(),
        }
    )
    store.save()
    return store.session_key


@dataclass
class Timings:
    """The seconds of each request and the statuses that came back."""

    seconds: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)

    def add(self, status, seconds):
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def percentile(self, share):
        """Return the milliseconds below which `share` (0 to 1) of the requests stayed."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median(self):
        return 1000 * statistics.median(self.seconds)

    @property
    def failures(self):
        return sum(count for status, count in self.statuses.items() if status >= 400)


def together(number, work):
    """Run `work(index)` in `number` threads that start at once; return the seconds until the last ends."""
    barrier = threading.Barrier(number + 1)

    def run(index):
        barrier.wait()
        work(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    barrier.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start
