"""Ports for the servers of the tests: no two processes of this machine are given the same one."""

import fcntl
import random
import socket
import tempfile
from pathlib import Path

# Below the ports that a system gives to outgoing connections, so that none of those takes it before we do.
RANGE = range(20_000, 32_000)
_held = []


def free_port():
    """Return a port of 127.0.0.1 that nobody listens on; it is ours until this process ends."""
    folder = Path(tempfile.gettempdir()) / "ladder-test-ports"
    folder.mkdir(exist_ok=True)
    for port in random.SystemRandom().sample(RANGE, len(RANGE)):
        lock = (folder / str(port)).open("w")
        if _taken(lock) or not _bindable(port):
            lock.close()
            continue
        _held.append(lock)
        return port
    raise RuntimeError(f"No port from {RANGE.start} to {RANGE.stop - 1} is free.")


def _taken(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _bindable(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
