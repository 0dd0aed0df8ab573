"""What Ladder needs to be of use, one check each: a word for anybody, and the cause for whoever runs it."""

import errno
import hmac
import shutil
import tempfile
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from ladder.ops.liveness import SILENT, seconds_of_silence
from ladder.ops.maintenance import Migrating, Unfit, sharing
from ladder.ops.redis_client import redis
from ladder.ops.warming_up import warming_up

OK = "ok"
WARMING_UP = "warming", "this process is warming up; pages are served meanwhile"
LEAST_ROOM = 32 << 20  # bytes free; below, the disk counts as full
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def look():
    """Return what each check found: `{name: (word, cause)}`, with `("ok", "")` where all is well."""
    found = {name: check() for name, check in CHECKS.items()}
    if warming_up.is_under_way():
        found["pages"] = WARMING_UP
    return found | ({"queue": queue()} if settings.TASKS_ON_REDIS else {})


def database():
    """`away`, `migrating`, `behind` (migrations wait), `unfit` (newer, or without a trigger), `full`."""
    try:
        with sharing():
            return _as_it_stands()
    except Migrating:
        return "migrating", "a process is migrating it"
    except Unfit as reason:
        return "unfit", str(reason)
    except Error as problem:
        return "away", f"{type(problem).__name__}: {' '.join(str(problem).split())}"


def _as_it_stands():
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    cache.get("ready")
    if waiting:
        return "behind", f"{len(waiting)} migrations are waiting: {waiting[0][0]}"
    if connection.vendor == "sqlite" and (cause := _quota()):
        return "full", cause
    return OK, ""


def _quota():
    """Return why SQLite may not grow any more, where it was given a most number of pages."""
    with connection.cursor() as cursor:
        pages, most, free = (
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "max_page_count", "freelist_count")
        )
    return f"{pages} of {most} pages are in use" if pages >= most and free < 2 else ""


def disk():
    """`full`, or `broken`: whether the data folder takes a file."""
    folder = settings.DATA_DIR
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
            file.flush()
        free = shutil.disk_usage(folder).free
    except OSError as problem:
        word = "full" if problem.errno in FULL else "broken"
        return word, f"{folder}: {problem.strerror}"
    if free < LEAST_ROOM:
        return "full", f"{folder}: {free >> 20} MiB are free"
    return OK, ""


def worker():
    """`silent`, when no worker has said for a minute that it lives."""
    try:
        seconds = seconds_of_silence()
    except Error as problem:
        return "unknown", f"{type(problem).__name__}: the database doesn't say"
    if seconds is None:
        return "silent", "no worker has reported yet"
    return (OK, "") if seconds < SILENT else ("silent", f"the last one reported {seconds:.0f} s ago")


def queue():
    """`absent`, when Redis does not answer: work goes on, but a second later."""
    from redis import RedisError

    try:
        redis().ping()
    except RedisError as problem:
        return "absent", f"{type(problem).__name__}: {problem}"
    return OK, ""


CHECKS = {"database": database, "disk": disk, "worker": worker}


def may_know_causes(request):
    """Return True if a request comes from this machine, past no proxy, or bears `LADDER_HEALTH_TOKEN`.

    A proxy on this machine that tells nothing of whom it asks for is known by the name that it asks for.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    token = settings.HEALTH_TOKEN.encode()
    if token and hmac.compare_digest(given, token):
        return True
    try:
        here = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return here and _is_here(request.asked_host) and not any(name in request.META for name in FORWARDED)


def _is_here(host):
    """Return whether a `Host` names this very machine; without one nobody asked for another."""
    try:
        name = urlsplit(f"//{host}").hostname or "localhost"
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
