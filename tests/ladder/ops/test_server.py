"""The port of a start is its own from the beginning, though the web server listens on it later."""

import socket
from unittest import mock

import pytest

from ladder.ops import server
from ladder.ops.server import Serving, cannot_bind


@pytest.fixture
def serving(monkeypatch):
    """What is to be served on a free port."""
    monkeypatch.setattr(server.signal, "signal", mock.Mock())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = Serving("127.0.0.1", port)
    yield serving
    serving.claim.close()


def test_another_start_finds_the_port_taken_while_the_database_is_made_ready(serving):
    assert cannot_bind(serving.host, serving.port) == ""

    serving.take_port()

    assert f"Port {serving.port} is in use" in cannot_bind(serving.host, serving.port)
    assert f"Port {serving.port} is in use" in cannot_bind("0.0.0.0", serving.port)


def test_the_web_server_shares_it(serving):
    serving.take_port()

    with socket.socket() as listening:
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):  # as gunicorn does
            listening.setsockopt(socket.SOL_SOCKET, option, 1)
        listening.bind((serving.host, serving.port))
        listening.listen()
        socket.create_connection((serving.host, serving.port), timeout=5).close()
        listening.settimeout(5)
        assert listening.accept()


def test_the_port_is_free_once_it_stopped(serving):
    serving.take_port()

    serving.stop()

    assert cannot_bind(serving.host, serving.port) == ""
