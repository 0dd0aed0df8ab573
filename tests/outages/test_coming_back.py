"""Each plug is pulled on a running Ladder: it comes back within a minute without a hand, and lost nothing.

`start` may never end, and its worker only where it is killed. What may be killed on either site is killed on
one, and on the other the next day; LADDER_LONG=1 kills it on both, and has longer outages. Packets come out
on a page each: nobody reads them here.
"""

import os
import time

import pytest

from tests.conftest import unavailable
from tests.drawing import DAY, LONG
from tests.kept_database import lay_out
from tests.postgres import NoPostgres, postgres_with_a_plug
from tests.redis import NoRedis, redis_with_a_plug

from .site import MailServer, Site, SmallDisk, writer_held

pytestmark = pytest.mark.slow
WRITER_HELD = 50 if LONG else 8
AWAY = 20 if LONG else 3
CASES = 6
ONE_PAGE_PRINTS = "tests.ladder.commands.one_page_prints.settings"


def environment(folder, **said):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LADDER_", "DATABASE"))}
    return (
        kept
        | {"LADDER_DATA": str(folder), "DATABASE_URL": "", "LADDER_WARM_UP": "0"}
        | {"DJANGO_SETTINGS_MODULE": ONE_PAGE_PRINTS}
        | said
    )


@pytest.fixture(scope="module")
def mail_server():
    return MailServer()


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory, mail_server):
    """A site on SQLite, on a small disk, with a mail server that is away."""
    folder = tmp_path_factory.mktemp("outage")
    disk = SmallDisk(folder)
    lay_out(folder)
    mails = {
        "LADDER_EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
        "LADDER_EMAIL_FROM": "ladder@example.org",
    }
    site = Site(folder, environment(folder, **mails))
    site.disk = disk
    try:
        site.found(CASES)
        with site.running():
            yield site
    finally:
        disk.close()


@pytest.fixture(scope="module")
def on_servers(tmp_path_factory):
    """A site on PostgreSQL and Redis."""
    folder = tmp_path_factory.mktemp("outage")
    try:
        with postgres_with_a_plug(durable=True, migrated=True) as postgres, redis_with_a_plug() as redis:
            site = Site(folder, environment(folder, DATABASE_URL=postgres.url, LADDER_TASKS=redis.address))
            site.postgres, site.redis = postgres, redis
            site.found(CASES)
            with site.running():
                yield site
    except (NoPostgres, NoRedis) as reason:
        unavailable(str(reason))


@pytest.fixture
def site(request):
    return request.getfixturevalue(request.param)


def anywhere(number):
    """Have a test run on both sites, or on one that the day draws: not the same for both `number`s."""
    sites = ["on_sqlite", "on_servers"]
    return pytest.mark.parametrize("site", sites if LONG else [sites[(DAY + number) % 2]], indirect=True)


@anywhere(0)
def test_a_worker_that_is_killed_is_replaced_and_its_packet_is_printed(site):
    killed, packet = site.worker(), site.order_packet()
    site.kill(killed)

    site.until_printed(packet)

    assert site.worker() not in (None, killed)
    assert "The background worker stopped unexpectedly, last by signal 9" in site.last_words()


@anywhere(1)
def test_web_processes_that_are_killed_are_replaced(site):
    master, *children = site.web_children()
    site.kill(children[0])
    site.until(lambda: len(site.web_children()) == 3, "gunicorn has its two workers")
    for pid in site.web_children():
        site.kill(pid)

    site.until(lambda: site.status("/sign-in/") == 200, "pages are answered again")
    packet = site.order_packet()

    assert site.web_children()[0] != master
    site.until_printed(packet)


def test_the_writer_of_sqlite_is_held(on_sqlite):
    worker, before = on_sqlite.worker(), on_sqlite.order_packet()
    with writer_held(on_sqlite.folder / "ladder.sqlite3"):
        time.sleep(WRITER_HELD)
    after = on_sqlite.order_packet()

    on_sqlite.until_printed(before, after)
    assert on_sqlite.worker() == worker


def test_the_disk_is_full(on_sqlite):
    worker, before = on_sqlite.worker(), on_sqlite.order_packet()
    pids = [worker, *on_sqlite.web_children()]
    on_sqlite.disk.fill(pids)
    told = on_sqlite.ready()
    refused = on_sqlite.api("POST", f"/cases/{on_sqlite.cases[0]}/packets/", {"variant": "committee"})[0]
    time.sleep(AWAY)
    on_sqlite.disk.free(pids)
    after = on_sqlite.order_packet()

    on_sqlite.until_printed(before, after)
    assert (told["ready"], told["checks"]["disk"]) == (False, "full")
    assert refused in (201, 500, 503)
    assert on_sqlite.worker() == worker
    on_sqlite.until(lambda: on_sqlite.ready()["ready"], "it says that it is well")


def test_the_mail_server_is_away(on_sqlite, mail_server):
    known, unknown = (on_sqlite.forget_password(email) for email in (on_sqlite.email, "nobody@bulk.example"))
    time.sleep(1.5)
    with mail_server.running():
        on_sqlite.until(lambda: mail_server.got, "the letter arrives")
        time.sleep(0.5)

    assert known == unknown == (302, "/sign-in/")
    assert mail_server.got == [on_sqlite.email]


@pytest.mark.parametrize("at_once", [True, False], ids=["as by a power cut", "in order"])
def test_postgresql_is_restarted(on_servers, at_once):
    worker, before = on_servers.worker(), on_servers.order_packet()
    on_servers.postgres.stop(at_once=at_once)
    told = on_servers.ready()
    if not at_once:
        time.sleep(AWAY)
    on_servers.postgres.start()
    after = on_servers.order_packet()

    on_servers.until_printed(before, after)
    assert (told["ready"], told["checks"].get("database")) == (False, "away")
    assert on_servers.worker() == worker


def test_redis_is_gone_and_with_it_what_it_held(on_servers):
    worker = on_servers.worker()
    on_servers.redis.stop()
    status, told = on_servers.api("POST", f"/cases/{on_servers.cases[0]}/packets/", {"variant": "committee"})
    assert status == 201
    on_servers.until_printed(told["id"])
    word = on_servers.ready()["checks"]["queue"]
    door = on_servers.forget_password("nobody@bulk.example")[0]
    on_servers.redis.start()

    assert (word, door) == ("absent", 302)
    on_servers.until(lambda: on_servers.ready()["ready"], "it says that it is well")
    on_servers.until_printed(on_servers.order_packet())
    assert on_servers.worker() == worker


def test_what_dies_at_once_each_time_is_given_up_with_the_reason(tmp_path):
    lay_out(tmp_path)
    site = Site(tmp_path, environment(tmp_path))
    with site.running():
        killed = set()
        while site.process.poll() is None and len(killed) < 9:
            pid = site.worker()
            if pid and pid not in killed:
                killed.add(pid)
                site.kill(pid)
            time.sleep(0.05)
        site.process.wait(30)

    assert (site.process.returncode, len(killed)) == (1, 5)
    assert "The background worker stopped 5 times within a minute, last by signal 9." in site.last_words()
    assert "Traceback" not in site.last_words()
