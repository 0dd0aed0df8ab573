from datetime import UTC, datetime, time

import pytest

from competencies.core.clock import standing_at


@pytest.fixture
def on_day():
    """A function that holds the clock at noon of a day."""
    return lambda day: standing_at(datetime.combine(day, time(12), tzinfo=UTC))
