from datetime import UTC, datetime, timedelta

import pytest

from competencies.access.clock import standing_at
from competencies.trail.models import record


@pytest.fixture
def entries(sam, mara):
    """Thirty more entries of the trail, an hour apart, about Sam by turns of himself and Mara."""
    begin = datetime(2026, 1, 5, 9, tzinfo=UTC)
    written = []
    for number in range(30):
        with standing_at(begin + timedelta(hours=number)):
            by = sam if number % 2 else mara
            written.append(record(f"thing.done_{number}", sam, by=by, about=sam, number=number))
    return written
