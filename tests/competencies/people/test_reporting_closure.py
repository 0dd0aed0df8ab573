"""The rows that say who stands above whom are what walking the lines gives, on every day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.core.clock import today
from competencies.core.refusals import Refusal
from competencies.people.models import ManagerPath, Person, ReportingLine
from competencies.people.models.reporting_closure import relink, relink_everyone

SINCE = date(2024, 1, 1)
NAMES = ("dora", "mara", "noor", "sam", "stella", "leo", "kit", "aude")
HORIZON = 12

people = st.sampled_from(NAMES)
days = st.integers(-3, HORIZON)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("move"), people, people, days),
        st.tuples(st.just("leave"), people, days),
        st.tuples(st.just("rejoin"), people),
        st.tuples(st.just("call_off"), people),
    ),
    min_size=1,
    max_size=8,
)


def take(step, *, by):
    """Take one step, or be refused: both leave the rows true."""
    kind, name, *rest = step
    person = someone(name)
    try:
        if kind == "move":
            person.report_to(someone(rest[0]), starts_on=today() + timedelta(days=rest[1]), by=by)
        elif kind == "leave":
            person.leave(on=today() + timedelta(days=rest[0]), by=by)
        elif kind == "rejoin":
            person.rejoin(by=by)
        elif planned := person.lines.filter(starts_on__gt=today()).last():
            planned.call_off(by=by)
    except Refusal:
        pass


def someone(name):
    return Person.objects.get(email=f"{name}@testing.example")


def walked(lines, day):
    """Return `{(person, manager, depth)}` by walking the lines of a day upwards from everybody."""
    above = {}
    for line in lines:
        if line.starts_on <= day and (line.ends_on is None or line.ends_on > day):
            assert line.person_id not in above, "two managers on one day"
            above[line.person_id] = line.manager_id
    found = set()
    for person in above:
        depth, at = 0, person
        while at in above:
            depth, at = depth + 1, above[at]
            assert at != person, "a circle"
            found.add((person, at, depth))
    return found


def told(day):
    rows = ManagerPath.objects.filter(starts_on__lte=day, until__gt=day)
    return sorted(rows.values_list("person", "manager", "depth"))


def assert_true():
    lines = list(ReportingLine.objects.all())
    turns = {line.starts_on for line in lines} | {line.ends_on for line in lines if line.ends_on}
    for day in sorted(turns | {today(), date.max - timedelta(days=1)}):
        assert told(day) == sorted(walked(lines, day)), day


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
)
@given(steps)
def test_the_rows_are_what_the_lines_say(db, taken):
    from django.db import transaction

    with transaction.atomic():
        hana = someone("hana")
        for step in taken:
            take(step, by=hana)
        assert_true()
        transaction.set_rollback(True)


@pytest.fixture
def deep(db):
    """A line of twelve, the top first, written at once without a transition."""
    people = Person.objects.bulk_create(
        Person(email=f"p{number}@deep.example", name=f"P{number}") for number in range(12)
    )
    ReportingLine.objects.bulk_create(
        ReportingLine(person=report, manager=manager, starts_on=SINCE) for manager, report in pairwise(people)
    )
    return people


def test_all_at_once_gives_what_one_by_one_gives(deep):
    relink_everyone()
    at_once = told(today())
    ManagerPath.objects.all().delete()
    relink(Person.objects.values_list("pk", flat=True))

    assert told(today()) == at_once == sorted(walked(ReportingLine.objects.all(), today()))


def test_a_move_of_one_carries_everybody_below(deep, hana):
    relink_everyone()

    deep[3].report_to(deep[0], starts_on=today(), by=hana)

    assert_true()
    assert [person.name for person in deep[11].above().order_by("pk")] == [
        f"P{number}" for number in (0, *range(3, 11))
    ]


@pytest.mark.parametrize("depth", [2, 11])
def test_above_asks_once_whatever_the_depth(deep, depth, django_assert_num_queries):
    relink_everyone()

    with django_assert_num_queries(1):
        assert len(deep[depth].above()) == depth


def test_beside_are_those_under_the_same_manager(sam, mara, noor, dora, otto, hana, aude):
    assert {person.name for person in sam.beside()} == {"Leo", "Sam", "Stella"}
    assert set(mara.beside()) == {mara, noor, hana, aude}
    assert not dora.beside()
    assert not otto.beside()
