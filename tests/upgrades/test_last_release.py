"""
A company of the last release is carried on by this one: the demo with a queue and a browser, in `0.1.0/`.

Each of the two rounds, on SQLite and on PostgreSQL, prints two variants of its packets whole, and the other
two the next day; LADDER_LONG=1 prints all four in both.

It was made at the commit 039aca8, where entries of the trail had no bits yet, and brought to 0.1.0.
"""

import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from competencies.packets.models import Packet
from tests.conftest import database_beside

from .carrying_on import variants
from .schema import schema

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).parent / "0.1.0"
# PostgreSQL named this one itself where the column came with its table, and Django did where it came later.
NAMED_TWICE = ("trail_entry_public_id_fe3e5a0e_uniq", "trail_entry_public_id_key")


@pytest.fixture(scope="module")
def kept(django_db_setup, tmp_path_factory):
    """The environment of a program whose database is that of the last release."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copy(KEPT / "secret-key", folder)
    said = os.environ | {"LADDER_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "ladder.settings"}
    if connection.vendor == "sqlite":
        file = folder / "ladder.sqlite3"
        file.write_bytes(lzma.decompress((KEPT / "company.sqlite3.xz").read_bytes()))
        yield said | {"DATABASE_URL": f"sqlite:///{file}"}
        return
    with database_beside(f"kept_{uuid.uuid4().hex}", like="template1") as address:
        with psycopg.connect(address, autocommit=True) as there:
            there.execute(lzma.decompress((KEPT / "company.sql.xz").read_bytes()))
        yield said | {"DATABASE_URL": address}


@pytest.fixture(scope="module")
def found(kept):
    done = subprocess.run(
        [sys.executable, "-m", "tests.upgrades.carrying_on"],
        cwd=ROOT, env=kept, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def told(found, name):
    return [what for step, what in found if step == name]


def test_its_trail_is_whole_before_and_after_what_is_done_in_it(found):
    whole = {"breaks": [], "missing": []}
    assert told(found, "is_whole") == [
        whole | {"with bits": [False]}, whole | {"with bits": [False, True]}
    ]  # fmt: skip


def test_its_schema_is_that_of_a_new_database(found):
    [of_it] = told(found, "schema_of_it")

    assert sorted(line.replace(*NAMED_TWICE) for line in of_it) == schema(connection)


def test_whoever_was_signed_in_is(found):
    assert told(found, "stays_signed_in") == [200]


def test_the_audit_log_opens_to_its_end_and_so_do_records_of_each_kind(found):
    [log] = told(found, "log_opens")

    assert log["empty"] == []
    assert log["pages"] > 20
    assert log["kinds"] > 20


def test_what_waited_is_done(found):
    assert told(found, "queue_empties") == [
        {
            "ends": {"SUCCESSFUL": 12},
            "without a document": 0,
            "printed whole": [[2, variant] for variant in variants(connection.vendor)],
            "items": ["ready"],
            "copies": ["ready"],
        }
    ]


def test_the_two_rounds_print_every_variant():
    for day in (0, 1):
        halves = [variants(vendor, day=day, long=False) for vendor in ("sqlite", "postgresql")]
        assert sorted(halves[0] + halves[1]) == sorted(Packet.Variant.values)


def test_its_packets_verify(found):
    assert told(found, "packets_verify") == [{"documents": ["genuine", "superseded"], "number": 8}]


@pytest.fixture
def half_way(loaded):
    """A function that takes steps out of the list of those that a database has had; gives its file."""
    file = loaded.folder / "ladder.sqlite3"
    file.write_bytes(lzma.decompress((KEPT / "company.sqlite3.xz").read_bytes()))

    def without(app, name):
        with closing(sqlite3.connect(file)) as there:
            there.execute("DELETE FROM django_migrations WHERE app = ? AND name LIKE ?", (app, name))
            there.commit()
        return file

    return without


@pytest.mark.parametrize(
    ("app", "name", "number", "command"),
    [
        ("people", "0016%", 1, ["migrate"]),
        ("promotions", "001%", 6, ["migrate"]),
        ("people_import", "%", 1, ["start", "--port", "8198"]),
    ],
)
def test_one_that_has_not_had_every_step_is_refused_and_left_alone(
    loaded, half_way, app, name, number, command
):
    file = half_way(app, name)
    before = content(file)

    code, said = loaded.run("manage.py", *command)

    assert code == 1
    assert f"lacks {number} of the migrations up to 0.1.0" in said
    assert "Start Ladder 0.1.0 on it once" in said
    assert "Traceback" not in said
    assert content(file) == before


def content(file):
    with closing(sqlite3.connect(file)) as there:
        return list(there.iterdump())
