"""What is planned and has not begun: HR takes it back, and what holds today goes on."""

from datetime import date, timedelta

import pytest

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow
from competencies.trail.models import Entry

LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def soon():
    return today() + timedelta(days=10)


def spans(rows):
    return [(row.starts_on, row.ends_on) for row in rows]


def test_the_line_of_today_goes_on(sam, mara, noor, hana, soon, on_day):
    sam.report_to(noor, starts_on=soon, by=hana).call_off(by=hana)

    assert spans(sam.lines.all()) == [(LONG_AGO, None)]
    with on_day(soon):
        assert sam.manager_on() == mara
        assert sam in mara.below()
        assert sam not in noor.below()


def test_the_placement_of_today_goes_on(sam, levels, tracks, hana, soon):
    planned = sam.place(track=tracks.java, level=levels.staff, starts_on=soon, by=hana)

    planned.call_off(by=hana)

    assert spans(sam.placements.all()) == [(LONG_AGO, None)]
    assert sam.placement_on(soon).level == levels.senior


def test_one_of_two_plans_leaves_the_other(sam, noor, leo, mara, hana, soon):
    first = sam.report_to(noor, starts_on=soon, by=hana)
    sam.report_to(leo, starts_on=soon + timedelta(days=5), by=hana)
    first.refresh_from_db()

    first.call_off(by=hana)

    later = soon + timedelta(days=5)
    assert [(line.manager, line.starts_on, line.ends_on) for line in sam.lines.all()] == [
        (leo, later, None),
        (mara, LONG_AGO, later),
    ]


def test_a_first_line_is_called_off_to_nothing(otto, noor, hana, soon, on_day):
    otto.report_to(noor, starts_on=soon, by=hana).call_off(by=hana)

    assert not otto.lines.exists()
    with on_day(soon):
        assert otto not in noor.below()


def test_what_ends_with_a_leaving_still_does(sam, noor, hana, soon):
    later = soon + timedelta(days=30)
    planned = sam.report_to(noor, starts_on=soon, by=hana)
    sam.leave(on=later, by=hana)
    planned.refresh_from_db()

    planned.call_off(by=hana)

    assert spans(sam.lines.all()) == [(LONG_AGO, later)]


def test_a_line_that_would_by_then_lead_back_is_refused(sam, mara, leo, dora, hana, soon):
    """Leo moves out from under Mara and she under him; his move cannot be taken back before hers."""
    his = leo.report_to(dora, starts_on=soon, by=hana)
    hers = mara.report_to(leo, starts_on=soon, by=hana)

    with pytest.raises(NotNow):
        his.call_off(by=hana)
    hers.call_off(by=hana)
    his.call_off(by=hana)

    assert leo.manager_on(soon) == mara
    assert mara.manager_on(soon) == dora


def test_what_has_begun_stays(sam, noor, hana, levels, tracks):
    line = sam.report_to(noor, starts_on=today(), by=hana)
    placement = sam.place(track=tracks.java, level=levels.staff, starts_on=today(), by=hana)

    for begun in (line, placement):
        with pytest.raises(Denied):
            begun.call_off(by=hana)


@pytest.mark.parametrize("name", ["sam", "mara", "noor", "dora", "aude", "otto", "gone"])
def test_only_hr_calls_off(request, sam, noor, hana, levels, tracks, soon, name):
    line = sam.report_to(noor, starts_on=soon, by=hana)
    placement = sam.place(track=tracks.java, level=levels.staff, starts_on=soon, by=hana)

    for planned in (line, placement):
        with pytest.raises(Denied):
            planned.call_off(by=request.getfixturevalue(name))


def test_the_trail_says_so(sam, noor, hana, levels, tracks, soon):
    sam.report_to(noor, starts_on=soon, by=hana).call_off(by=hana)
    sam.place(track=tracks.java, level=levels.staff, starts_on=soon, by=hana).call_off(by=hana)

    told = Entry.objects.filter(action__endswith="called_off").order_by("sequence")
    assert [(entry.action, entry.about, entry.details) for entry in told] == [
        ("person.move_called_off", sam, {"on": soon.isoformat()}),
        ("person.placing_called_off", sam, {"on": soon.isoformat()}),
    ]
