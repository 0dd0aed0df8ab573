"""A throw-away Redis, made from the program that this machine has."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time

SECONDS_TO_START = 10


class NoRedis(Exception):
    """Redis is not installed, or will not start. The text is for the person at the keyboard."""


@contextlib.contextmanager
def running_redis():
    """Run a server of one's own for the length of a `with`; gives its address. Keeps nothing on the disk.

    Raises NoRedis where it cannot be had.
    """
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise NoRedis("Redis is not installed: sudo apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="ladder-redis-") as folder:
        port = _free_port()
        server = subprocess.Popen(
            [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the tests; the server goes after them
        )
        try:
            _await(server, port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(10)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(server, port):
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NoRedis("Redis stopped at once.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise NoRedis(f"Redis did not answer for {SECONDS_TO_START} s.")
