"""How fast Ladder comes back: from the end of an outage to the next packet that is ordered, and printed."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.outages.site import Site, writer_held
from tests.postgres import NoPostgres, postgres_with_a_plug
from tests.redis import NoRedis, redis_with_a_plug

CASES, AWAY = 8, 20  # an outage of so many seconds, in which pauses have grown to their longest


def main(_options):
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder, _environment(folder))
        site.found(CASES)
        with site.running():
            _processes(site, "SQLite")
            with writer_held(Path(folder) / "ladder.sqlite3"):
                time.sleep(AWAY)
            _tell(site, f"SQLite, its writer held for {AWAY} s")
    try:
        with tempfile.TemporaryDirectory() as folder, postgres_with_a_plug(durable=True) as postgres:
            _on_servers(folder, postgres)
    except (NoPostgres, NoRedis) as reason:
        print(f"  not measured on PostgreSQL and Redis: {reason}")


def _on_servers(folder, postgres):
    with redis_with_a_plug() as redis:
        site = Site(folder, _environment(folder, DATABASE_URL=postgres.url, LADDER_TASKS=redis.address))
        site.found(CASES)
        with site.running():
            _processes(site, "PostgreSQL")
            for away in (0, AWAY):
                postgres.stop(at_once=True)
                time.sleep(away)
                postgres.start()
                _tell(site, f"PostgreSQL away for {away} s")
            redis.stop()
            _tell(site, "Redis gone, and not back yet")
            redis.start()
            _tell(site, "Redis back")


def _processes(site, name):
    _tell(site, f"{name}, nothing happened")
    site.kill(site.worker())
    _tell(site, f"{name}, kill -9 of the worker")
    for pid in site.web_children():
        site.kill(pid)
    _tell(site, f"{name}, kill -9 of every web process")


def _tell(site, what):
    begun = time.monotonic()
    packet = site.order_packet()
    ordered = time.monotonic()
    site.until_printed(packet)
    done = time.monotonic()
    print(f"  {what}: ordered within {ordered - begun:.1f} s, printed {done - ordered:.1f} s later")


def _environment(folder, **said):
    ours = {"LADDER_DATA": folder, "DATABASE_URL": "", "LADDER_TASKS": "database"}
    return os.environ | ours | {"LADDER_LOG_LEVEL": "ERROR"} | said


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
