"""A request whose head does not come is dropped, and holds no thread meanwhile: asked of a real server."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from unittest import mock

import pytest
from gunicorn.workers.gthread import ThreadWorker

from ladder.ops.gunicorn_worker import HeadsFirst

ROOT = Path(__file__).parents[3]
PATIENCE = 20
HALF = b"GET /half HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@pytest.fixture(scope="module")
def port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ("-m", "gunicorn", "tests.ladder.ops.quick_worker:answer", "--bind", f"127.0.0.1:{port}")
    threads = ("--worker-class", "tests.ladder.ops.quick_worker.Quick", "--workers", "1", "--threads", "2")
    process = subprocess.Popen(
        [sys.executable, *server, *threads, "--graceful-timeout", "2", "--no-control-socket"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _until_it_answers(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        assert "Traceback" not in process.communicate()[1]


def _until_it_answers(port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError):
            return asked(port)
        time.sleep(0.1)
    pytest.fail("the server did not answer")


def asked(port, path="/", body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with closing(connection):
        connection.request("POST" if body else "GET", path, body=body)
        return connection.getresponse().read().decode()


def sent(port, text):
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall(text)
    return connection


def all_of(connection):
    """Return what comes until the server closes; fail if it does not."""
    received = b""
    with closing(connection), suppress(ConnectionResetError):
        while part := connection.recv(4096):
            received += part
    return received


def test_half_sent_heads_keep_nobody_else_waiting(port):
    halves = [sent(port, HALF) for _number in range(40)]
    try:
        assert [asked(port, f"/{number}") for number in range(4)] == [f"/{number} 0" for number in range(4)]
    finally:
        told = [all_of(half) for half in halves]
    assert {answer.split(b"\r\n")[0] for answer in told} == {b"HTTP/1.1 408 Request Timeout"}


def test_nothing_at_all_is_dropped_too(port):
    assert all_of(sent(port, b"")).startswith(b"HTTP/1.1 408")


def test_a_head_that_comes_drop_by_drop_is_dropped(port):
    slow = sent(port, HALF)
    with suppress(OSError):
        for _drop in range(40):
            slow.sendall(b"x")
            time.sleep(0.1)
        pytest.fail("four seconds of it were taken")
    with suppress(OSError):
        assert b"200" not in all_of(slow)


def test_a_head_that_comes_in_pieces_is_answered(port):
    pieces = sent(port, HALF)
    for piece in (b"no\r", b"\nConnection: close\r\n", b"\r\n"):
        time.sleep(0.05)
        pieces.sendall(piece)

    assert b"/half 0" in all_of(pieces)


def test_a_body_follows_its_head(port):
    assert asked(port, "/body", b"x" * 300_000) == "/body 300000"


def test_a_kept_connection_is_dropped_when_its_next_head_stays_away(port):
    whole = b"GET /whole HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for text in (whole + HALF, whole):  # the half one in the same breath, or later
        kept = sent(port, text)
        assert b"200 OK" in kept.recv(4096)
        with suppress(OSError):
            if text == whole:
                kept.sendall(HALF)
        assert asked(port, "/meanwhile") == "/meanwhile 0"
        assert b"/half" not in all_of(kept)


def test_two_requests_in_one_breath_are_both_answered(port):
    first, last = (
        b"GET /1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )

    received = all_of(sent(port, first + last))

    assert b"/1 0" in received
    assert b"/2 0" in received


def test_a_head_without_an_end_is_refused(port):
    assert b"200 OK" not in all_of(sent(port, b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000))


def test_ladder_waits_ten_seconds():
    assert HeadsFirst.within == 10


@pytest.mark.parametrize("fault", [None, OSError("gone"), RuntimeError("broken")])
def test_a_worker_knows_whether_a_thread_is_at_a_request(monkeypatch, fault):
    worker, seen = object.__new__(HeadsFirst), []
    worker.answered = set()
    worker.handle_error = lambda *_told: seen.append("told")
    connection = mock.Mock(head=b"", init=mock.Mock(side_effect=fault))
    monkeypatch.setattr(ThreadWorker, "handle", lambda *_given: seen.append(worker.is_answering()) or True)

    before, done = worker.is_answering(), worker.handle(connection)

    assert (before, done, worker.is_answering()) == (False, fault is None, False)
    assert seen == ([True] if fault is None else ["told"])
