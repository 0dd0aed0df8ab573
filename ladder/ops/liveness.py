"""That a worker lives, said by it every few seconds, and kept for its peers and for `/readyz`."""

import os
import socket
import time

from django.core.cache import caches

SILENT = 60  # seconds without a sign, after which a worker on another machine is taken for dead
ANYBODY = "worker"
HERE = socket.gethostname()[:40]


def this_worker():
    """Return the name by which this process claims work: its machine and its number there."""
    return f"{HERE}:{os.getpid()}"


def sign_of_life():
    """Say that this worker lives."""
    caches["default"].set(_key(this_worker()), True, SILENT)
    caches["default"].set(ANYBODY, time.time(), None)


def was_heard(name):
    """Return True if the worker of that name said within a minute that it lives."""
    return caches["default"].get(_key(name)) is not None


def seconds_of_silence():
    """Return for how many seconds no worker has said that it lives; None if none ever did."""
    last = caches["default"].get(ANYBODY)
    return None if last is None else max(0.0, time.time() - last)


def _key(name):
    return f"worker-{name.replace(' ', '_')}"
