import pytest

from competencies.people.models import Organisation
from competencies.people_import.models import Import


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
