"""Ladder as some command serves it on a free port, ended with all that it started."""

import contextlib
import http.client
import os
import signal
import subprocess
import time

from tests.ports import free_port

STARTS_WITHIN = 240  # on a machine that is busy
REAL = {
    "LADDER_WARM_UP": "0",
    "LADDER_PRODUCTION": "1",
    "LADDER_ALLOWED_HOSTS": "ladder.example.org",
    "LADDER_SECRET_KEY": "qT7-wz0Kp3vNf8Yh2LrXc5Jd9Ga4Ms6Bt1Ue_RiOyHkWqZxVnPlCj",
}


class Served:
    """A running Ladder, asked as the proxy in front of it asks."""

    def __init__(self, process, port, log):
        self.process, self.port, self.log = process, port, log

    def ask(self, path, host="ladder.example.org"):
        """Return the status and the body of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")

    def answers(self):
        try:
            return self.ask("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def said(self):
        return self.log.read_text(errors="replace")


@contextlib.contextmanager
def serving(command, log, *, cwd, environment):
    """Run `command` with `--port` added until it answers `/healthz`; give the `Served`."""
    port = free_port()
    with log.open("w") as said:
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=cwd, env=environment, start_new_session=True,
            stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
    served = Served(process, port, log)
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not served.answers():
            assert process.poll() is None, served.said()
            assert time.monotonic() < deadline, served.said()
            time.sleep(0.2)
        yield served
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def clean_environment(**said):
    """Return the environment without a word to Ladder, and with what is `said`."""
    ours = ("LADDER_", "DATABASE_", "DJANGO_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | said


def files_under(folder):
    """Return the path and the time of change of every file below `folder`."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
