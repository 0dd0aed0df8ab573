"""A worker of gunicorn whose threads are never given a request before its head is there.

gunicorn reads the head of a request in a thread, without an end: as many half-sent heads as there are threads
stop a site. Here the main loop collects heads, and drops those that take too long. This is the one place
that knows the inside of `ThreadWorker`; `tests/ladder/ops/test_gunicorn_worker.py` asks a real one.
"""

import selectors
import time
from collections import deque
from contextlib import suppress
from functools import partial

from gunicorn.workers.gthread import TConn, ThreadWorker

from .logs import hide_in

LARGEST_HEAD = 64 * 1024  # bytes
END = b"\r\n\r\n"
REFUSED = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LATE, TOO_LARGE = b"408 Request Timeout", b"431 Request Header Fields Too Large"


class HeadsFirst(ThreadWorker):
    """Reads heads without a thread; what follows is as gunicorn has it."""

    within = 10  # seconds from the first wait for a head to its end

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting: deque[TConn] = (
            deque()
        )  # connections whose head is not there, those that came first first
        self.answered: set[TConn] = set()  # connections that a thread has now
        hide_in(self.log.error_log)

    def enqueue_req(self, conn):
        """Give a connection to a thread once its head is there. Called in the main loop alone."""
        conn.head = conn.parser.unreader.take_buffered() if conn.parser else b""
        if END in conn.head:
            return super().enqueue_req(conn)
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.within
        self.waiting.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read_head, conn))

    def handle(self, conn):
        """Hand the parser what was read, and go on as gunicorn does. Runs in a thread."""
        conn.data_ready = True
        self.answered.add(conn)
        try:
            conn.init()
            conn.parser.unreader.unread(conn.head)
        except Exception as fault:
            self.handle_error(None, conn.sock, conn.client, fault)
            return False
        else:
            return super().handle(conn)
        finally:
            self.answered.discard(conn)

    def is_answering(self):
        """Return whether a thread is at a request."""
        return bool(self.answered)

    def murder_pending(self):
        """Drop heads that are late; all of them when the worker stops. Called in each turn of the loop."""
        super().murder_pending()
        while self.waiting and (not self.alive or self.waiting[0].timeout <= time.monotonic()):
            self._drop(self.waiting[0], TOO_LATE)

    def _read_head(self, conn, _client):
        try:
            received = conn.sock.recv(LARGEST_HEAD)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            received = b""
        if not received:
            self._drop(conn)
            return
        conn.head += received
        if END in conn.head:
            self._forget(conn)
            super().enqueue_req(conn)
        elif len(conn.head) > LARGEST_HEAD:
            self._drop(conn, TOO_LARGE)

    def _drop(self, conn, reason=b""):
        self._forget(conn)
        if reason:
            with suppress(OSError):
                conn.sock.send(REFUSED % reason)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn):
        self.waiting.remove(conn)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
