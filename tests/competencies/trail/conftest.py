from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from competencies.core.clock import standing_at
from competencies.trail.models import record
from tests.scenes import scene


@scene
def entries(sam, mara):
    """Thirty more entries of the trail, an hour apart, about Sam by turns of himself and Mara."""
    begin = datetime(2026, 1, 5, 9, tzinfo=UTC)
    written = []
    for number in range(30):
        with standing_at(begin + timedelta(hours=number)):
            by = sam if number % 2 else mara
            written.append(record(f"thing.done_{number}", sam, by=by, about=sam, number=number))
    return written


@pytest.fixture
def lifted(db):
    """The triggers of the trail taken away, as somebody with the database in their hands could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE trail_entry DISABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trail_entry'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
