from datetime import UTC, datetime, time

import pytest

from competencies.core.clock import standing_at
from competencies.people.models import Import, Organisation


@pytest.fixture
def on_day():
    """A function that holds the clock at noon of a day."""
    return lambda day: standing_at(datetime.combine(day, time(12), tzinfo=UTC))


@pytest.fixture
def bring(hana):
    """A function that uploads a table and works it out: `bring("email,title", "sam@…,Engineer")`."""

    def bring(headings, *rows, by=hana, dates="iso", leavers=False):
        keys = headings.split(",")
        text = "\n".join([headings, *rows]).replace("@", "@testing.example")
        made = Import.upload(text.encode(), file="people.csv", within=Organisation.here(), by=by)
        mapping = {"columns": {key: keys.index(key) for key in keys}, "dates": dates, "leavers": leavers}
        made.work_out(mapping, by=by)
        return Import.objects.get(pk=made.pk)

    return bring
