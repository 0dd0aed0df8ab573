import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.trail.models import record

URL = "/trail/"


def test_the_auditor_reads_it(signed_in, otto, cycle):
    response = signed_in(otto).get(URL)

    assert "cycle.opened" in response.content.decode()


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "hana", "aude"])
def test_for_anyone_else_it_is_missing(request, signed_in, name):
    assert signed_in(request.getfixturevalue(name)).get(URL).status_code == 404


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"action": "cycle."}, {"cycle.prepared", "cycle.opened"}),
        ({"person": "sam", "action": "review."}, {"review.opened"}),
        ({"until": "2001-01-01"}, set()),
    ],
)
def test_it_is_found_by_action_person_and_day(signed_in, otto, cycle, query, actions):
    page = signed_in(otto).get(URL, query).context["page"]

    assert {entry.action for entry in page} == actions


def test_a_day_that_is_none_is_said_beside_the_field(signed_in, otto):
    response = signed_in(otto).get(URL, {"since": "yesterday"})

    assert response.status_code == 200
    assert response.context["form"].errors["since"]


def test_the_times_name_the_zone_they_are_in(signed_in, otto, cycle, settings):
    settings.TIME_ZONE = "Europe/Berlin"

    assert "Time (Europe/Berlin)" in signed_in(otto).get(URL).content.decode()


def test_queries_do_not_grow_with_the_trail(signed_in, otto, sam, mara, cycle):
    client = signed_in(otto)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for _number in range(40):
        record("person.greeted", sam, by=mara, about=sam)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)

    assert len(many) == len(few) <= 12
