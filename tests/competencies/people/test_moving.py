"""The reporting line: who reports to whom, day by day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Person, ReportingLine
from competencies.trail.models import Entry

LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def tomorrow():
    return today() + timedelta(days=1)


def test_a_move_ends_the_line_before_it(sam, noor, mara, hana, tomorrow):
    sam.report_to(noor, starts_on=tomorrow, by=hana)

    spans = list(sam.lines.values_list("manager", "starts_on", "ends_on"))
    assert spans == [(noor.pk, tomorrow, None), (mara.pk, LONG_AGO, tomorrow)]


def test_a_move_ahead_takes_effect_on_its_day(sam, noor, mara, dora, hana, tomorrow, on_day):
    sam.report_to(noor, starts_on=tomorrow, by=hana)

    assert sam.manager_on() == mara
    assert sam in mara.reports()
    assert sam not in noor.reports()
    assert sam.manager_on(tomorrow) == noor
    with on_day(tomorrow):
        assert sam.manager_on() == noor
        assert sam not in mara.reports()
        assert sam in noor.reports()
        assert sam in dora.below()


def test_the_former_manager_has_nobody_left_behind(sam, noor, mara, hana):
    sam.report_to(noor, starts_on=today(), by=hana)

    assert not mara.below().filter(pk=sam.pk).exists()
    assert not mara.has_perm("people.read_person", sam)
    assert noor.has_perm("people.read_person", sam)


def test_a_slip_is_mended_on_the_same_day(sam, noor, leo, mara, hana):
    sam.report_to(noor, starts_on=today(), by=hana)
    sam.report_to(leo, starts_on=today(), by=hana)

    assert sam.manager_on() == leo
    assert [line.manager for line in sam.lines.all()] == [leo, mara]
    assert Entry.objects.filter(action="person.moved", row_pk=str(sam.pk)).count() == 2


def test_what_has_not_begun_gives_way_to_an_earlier_day(sam, noor, leo, mara, hana, tomorrow):
    sam.report_to(noor, starts_on=today() + timedelta(days=300), by=hana)
    sam.report_to(leo, starts_on=tomorrow, by=hana)

    spans = list(sam.lines.values_list("manager", "starts_on", "ends_on"))
    assert spans == [(leo.pk, tomorrow, None), (mara.pk, LONG_AGO, tomorrow)]


@pytest.mark.parametrize("day", [LONG_AGO - timedelta(days=1), LONG_AGO])
def test_history_is_not_rewritten(sam, noor, mara, hana, day):
    with pytest.raises(NotNow):
        sam.report_to(noor, starts_on=day, by=hana)

    assert sam.lines.get().manager == mara


def test_nobody_reports_to_oneself(sam, hana):
    with pytest.raises(NotNow):
        sam.report_to(sam, starts_on=today(), by=hana)


def test_nobody_reports_to_somebody_below_them(dora, sam, hana):
    with pytest.raises(NotNow):
        dora.report_to(sam, starts_on=today(), by=hana)


def test_a_circle_that_would_only_close_later_is_refused(mara, noor, hana, tomorrow):
    mara.report_to(noor, starts_on=tomorrow, by=hana)

    with pytest.raises(NotNow):
        noor.report_to(mara, starts_on=today(), by=hana)
    with pytest.raises(NotNow):
        noor.report_to(mara, starts_on=tomorrow + timedelta(days=30), by=hana)


def test_manager_and_report_can_change_places(mara, dora, leo, hana, tomorrow):
    leo.report_to(dora, starts_on=tomorrow, by=hana)
    mara.report_to(leo, starts_on=tomorrow, by=hana)

    assert mara.manager_on(tomorrow) == leo


@pytest.mark.parametrize("who", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_moves_people(sam, noor, request, who):
    with pytest.raises(Denied):
        sam.report_to(noor, starts_on=today(), by=request.getfixturevalue(who))


def test_hr_does_not_move_themselves(hana, noor):
    with pytest.raises(Denied):
        hana.report_to(noor, starts_on=today(), by=hana)


def test_the_database_refuses_two_open_lines(sam, noor):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportingLine.objects.create(person=sam, manager=noor, starts_on=today())


@pytest.fixture
def chain(db):
    """A function that makes a line of people of some depth and returns it, the top first."""

    def make(depth):
        people = [Person.objects.create_user(f"p{number}@deep.example", "P") for number in range(depth)]
        for manager, report in pairwise(people):
            ReportingLine.objects.create(person=report, manager=manager, starts_on=LONG_AGO)
        return people

    return make


def test_below_reaches_the_end_of_a_deep_line(chain):
    people = chain(60)

    assert set(people[0].below()) == set(people[1:])


@pytest.mark.parametrize("depth", [2, 30])
def test_below_asks_once_whatever_the_depth(chain, depth, django_assert_num_queries):
    top = chain(depth)[0]

    with django_assert_num_queries(1):
        assert len(top.below()) == depth - 1


def test_a_circle_in_raw_rows_ends_and_puts_nobody_below_themselves(chain):
    people = chain(5)
    ReportingLine.objects.create(person=people[0], manager=people[-1], starts_on=LONG_AGO)

    for person in people:
        assert set(person.below()) == set(people) - {person}
