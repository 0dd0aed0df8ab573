"""A throw-away Redis, made from the program that this machine has."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time

from tests.ports import free_port

SECONDS_TO_START = 10


class NoRedis(Exception):
    """Redis is not installed, or will not start. The text is for the person at the keyboard."""


class Redis:
    """A server that can be stopped and started again at the same address. Keeps nothing on the disk."""

    def __init__(self, program, folder):
        self._command = [program, "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        self._port = free_port()
        self.address = f"redis://127.0.0.1:{self._port}/0"

    def start(self):
        self._server = subprocess.Popen(
            [*self._command, "--port", str(self._port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the tests; the server goes after them
        )
        _await(self._server, self._port)

    def stop(self):
        self._server.kill()
        self._server.wait(10)


@contextlib.contextmanager
def redis_with_a_plug():
    """Run a server of one's own for the length of a `with`; gives the `Redis`.

    Raises NoRedis where it cannot be had.
    """
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise NoRedis("Redis is not installed: sudo apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="ladder-redis-") as folder:
        redis = Redis(program, folder)
        try:
            redis.start()
            yield redis
        finally:
            redis.stop()


@contextlib.contextmanager
def running_redis():
    """Run a server of one's own for the length of a `with`; gives its address."""
    with redis_with_a_plug() as redis:
        yield redis.address


def _await(server, port):
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NoRedis("Redis stopped at once.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise NoRedis(f"Redis did not answer for {SECONDS_TO_START} s.")
