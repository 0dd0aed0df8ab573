"""The rows that say what somebody lacks are what lines and placements give, on every day to come."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.core.clock import today
from competencies.core.refusals import Refusal
from competencies.people.models import MissingAssignment, Person, Placement, ReportingLine
from competencies.people.models.missing_assignments import retrace_everyone

NAMES = ("dora", "mara", "noor", "sam", "leo")
HORIZON = 8

people = st.sampled_from(NAMES)
days = st.integers(-2, HORIZON)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("move"), people, people, days),
        st.tuples(st.just("place"), people, days),
        st.tuples(st.just("leave"), people, days),
        st.tuples(st.just("rejoin"), people),
        st.tuples(st.just("call_off"), people, st.sampled_from(["lines", "placements"])),
    ),
    min_size=1,
    max_size=8,
)


def someone(name):
    return Person.objects.get(email=f"{name}@testing.example")


def take(step, *, by, track, level):
    """Take one step, or be refused: both leave the rows true."""
    kind, name, *rest = step
    person = someone(name)
    try:
        if kind == "move":
            person.report_to(someone(rest[0]), starts_on=today() + timedelta(days=rest[1]), by=by)
        elif kind == "place":
            person.place(track=track, level=level, starts_on=today() + timedelta(days=rest[0]), by=by)
        elif kind == "leave":
            person.leave(on=today() + timedelta(days=rest[0]), by=by)
        elif kind == "rejoin":
            person.rejoin(by=by)
        elif planned := getattr(person, rest[0]).filter(starts_on__gt=today()).last():
            planned.call_off(by=by)
    except Refusal:
        pass


def lacking(day):
    """Return `{(person, kind)}` of a day by asking everybody."""
    gone = {person.pk for person in Person.objects.filter(leaves_on__lte=day)}
    here = {person.pk for person in Person.objects.all()} - gone
    lines = dict(ReportingLine.objects.on(day).values_list("person", "manager"))
    placed = set(Placement.objects.on(day).values_list("person", flat=True))
    return (
        {(pk, "manager") for pk in here - lines.keys()}
        | {(pk, "level") for pk in here - placed}
        | {(pk, "manager-gone") for pk in here & lines.keys() if lines[pk] in gone}
    )


def told(day):
    rows = list(
        MissingAssignment.objects.filter(starts_on__lte=day, until__gt=day).values_list("person", "kind")
    )
    assert len(rows) == len(set(rows))
    return set(rows)


def assert_true():
    for day in [*(today() + timedelta(days=n) for n in range(HORIZON + 2)), date.max - timedelta(days=1)]:
        assert told(day) == lacking(day), day


@pytest.fixture
def truly(db):
    """The rows of the company made anew: some of it was written past the transitions."""
    retrace_everyone()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
)
@given(steps)
def test_the_rows_are_what_is_lacking(truly, taken):
    with transaction.atomic():
        hana, placement = someone("hana"), Placement.objects.select_related("track", "level").first()
        for step in taken:
            take(step, by=hana, track=placement.track, level=placement.level)
        assert_true()
        before = told(today())
        retrace_everyone()
        assert told(today()) == before
        assert_true()
        transaction.set_rollback(True)


def test_what_begins_at_midnight_needs_no_write(truly, sam, mara, hana, on_day):
    soon = today() + timedelta(days=3)
    mara.leave(on=soon, by=hana)

    assert sam not in Person.objects.with_manager_gone()
    with on_day(soon):
        assert sam in Person.objects.with_manager_gone()
        assert sam not in Person.objects.without_manager()


def test_what_is_over_leaves_no_row(truly, sam, mara, hana):
    assert not MissingAssignment.objects.filter(person=sam).exists()
    assert not MissingAssignment.objects.filter(until__lte=today()).exists()
