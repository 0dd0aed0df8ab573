"""`/readyz`: one word a check to anybody, causes to whoever runs Ladder."""

import errno
import socket
import sqlite3
from collections import namedtuple
from contextlib import closing
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache

from ladder.jobs import queue
from ladder.ops import health
from ladder.ops.liveness import ANYBODY, sign_of_life

ELSEWHERE = {"REMOTE_ADDR": "10.0.0.7"}
TOKEN = "a token of the operator"


@pytest.fixture(autouse=True)
def living(db):
    sign_of_life()


@pytest.fixture
def full(monkeypatch):
    """A data folder on a disk that takes nothing more."""

    def refuse(**options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(health.tempfile, "TemporaryFile", refuse)


@pytest.fixture
def absent_queue(settings):
    """Redis on a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.TASKS_ON_REDIS = f"redis://127.0.0.1:{probe.getsockname()[1]}/0"
    queue.redis.cache_clear()
    yield
    queue.redis.cache_clear()


def ask(client, **headers):
    answer = client.get("/readyz", **headers)
    return answer.status_code, answer.json()


def test_all_is_well(client):
    assert ask(client) == (200, {"ready": True, "checks": dict.fromkeys(("database", "disk", "worker"), "ok"),
                                 "causes": {}, "version": settings.VERSION})  # fmt: skip


def test_a_full_disk_is_told_in_a_word(client, full):
    status, told = ask(client, **ELSEWHERE)

    assert (status, told["checks"]["disk"], told.keys()) == (503, "full", {"ready", "checks"})


def test_a_disk_with_too_little_room_counts_as_full(client, monkeypatch):
    usage = namedtuple("usage", "free")(5 << 20)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage)

    status, told = ask(client)

    assert (status, told["checks"]["disk"]) == (503, "full")
    assert "5 MiB are free" in told["causes"]["disk"]


def test_a_sqlite_at_its_quota_of_pages_is_full(tmp_path, monkeypatch):
    with closing(sqlite3.connect(tmp_path / "small.sqlite3", isolation_level=None)) as small:
        monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=lambda: closing(small.cursor())))
        small.execute("CREATE TABLE kept (text)")
        small.execute("PRAGMA max_page_count = 20")
        before = health._quota()
        with pytest.raises(sqlite3.OperationalError, match="full"):
            fill(small)

        assert (before, health._quota()) == ("", "20 of 20 pages are in use")


def fill(database):
    for _row in range(100):
        database.execute("INSERT INTO kept VALUES (?)", ["x" * 3000])


def test_a_worker_that_was_never_heard_is_silent(client):
    cache.delete(ANYBODY)

    assert ask(client, **ELSEWHERE) == (
        503, {"ready": False, "checks": {"database": "ok", "disk": "ok", "worker": "silent"}}
    )  # fmt: skip


def test_a_worker_that_says_nothing_for_a_minute_is_silent(client, monkeypatch):
    monkeypatch.setattr("ladder.ops.liveness.time.time", lambda: 0.0)
    sign_of_life()
    monkeypatch.setattr("ladder.ops.liveness.time.time", lambda: 61.0)

    status, told = ask(client)

    assert (status, told["checks"]["worker"]) == (503, "silent")
    assert told["causes"]["worker"] == "the last one reported 61 s ago"


def test_an_absent_queue_is_told_where_there_should_be_one(client, absent_queue):
    status, told = ask(client)

    assert (status, told["checks"]["queue"]) == (503, "absent")
    assert "ConnectionError" in told["causes"]["queue"]


@pytest.mark.parametrize(
    ("headers", "knows"),
    [
        ({}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        (ELSEWHERE, False),
        ({"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, False),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, False),
        ({"HTTP_HOST": "ladder.example.org"}, False),
        ({"HTTP_HOST": "[::1"}, False),
        ({"HTTP_HOST": "[::1]:8000"}, True),
        ({"HTTP_HOST": "localhost:8000"}, True),
        ({"REMOTE_ADDR": "nonsense"}, False),
        (ELSEWHERE | {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, True),
        (ELSEWHERE | {"HTTP_AUTHORIZATION": "Bearer another"}, False),
        (ELSEWHERE | {"HTTP_AUTHORIZATION": ""}, False),
    ],
    ids=["own machine", "own machine by IPv6", "elsewhere", "by a proxy", "by a proxy that tells less",
         "by a proxy that tells the name alone", "by nonsense", "by its address", "by its name",
         "nowhere", "with the token", "with another", "with none"],
)  # fmt: skip
def test_causes_are_for_the_own_machine_and_for_who_has_the_token(client, full, settings, headers, knows):
    settings.HEALTH_TOKEN = TOKEN

    assert ("causes" in ask(client, **headers)[1]) == knows


def test_without_a_token_set_an_empty_one_opens_nothing(client, full, settings):
    settings.HEALTH_TOKEN = ""

    assert "causes" not in ask(client, **ELSEWHERE, HTTP_AUTHORIZATION="Bearer ")[1]
