"""Evidence: recorded, rewritten, and by whom."""

from datetime import date, timedelta

import pytest

from competencies.core.clock import today
from competencies.core.refusals import Denied, Incomplete, NotNow, Stale
from competencies.evidence.models import Evidence
from competencies.trail.models import Entry


@pytest.fixture
def log(sam, competencies):
    """A function that records a piece of Sam's work of today, by somebody."""

    def log(by, **changes):
        fields = {"happened_on": today(), "title": "A piece", "competencies": competencies[:2]} | changes
        return Evidence.log(sam, by=by, **fields)

    return log


@pytest.mark.parametrize("who", ["sam", "mara"])
def test_oneself_and_the_manager_record_it(log, request, who, competencies):
    by = request.getfixturevalue(who)

    piece = log(by)

    assert piece.author == by
    assert list(piece.competencies.order_by("position")) == competencies[:2]
    assert (
        Entry.objects.filter(action="evidence.logged", row_pk=str(piece.pk), about=piece.person).count() == 1
    )


@pytest.mark.parametrize("who", ["stella", "noor", "dora", "hana", "aude", "otto", "gone"])
def test_nobody_else_does(log, request, who):
    with pytest.raises(Denied):
        log(request.getfixturevalue(who))


def test_work_of_tomorrow_is_refused(log, sam):
    with pytest.raises(NotNow):
        log(sam, happened_on=today() + timedelta(days=1))


def test_a_slip_in_the_year_is_refused(log, sam):
    """It would stretch every picture of the months over two thousand years."""
    with pytest.raises(NotNow, match="Check the year"):
        log(sam, happened_on=date(26, 3, 1))


def test_work_that_speaks_for_nothing_is_refused_and_not_kept(log, sam):
    with pytest.raises(Incomplete):
        log(sam, competencies=[])
    assert not Evidence.objects.exists()


def test_rewriting_changes_text_and_tags_and_counts_the_version(log, sam, competencies):
    piece = log(sam)

    written = piece.rewrite(by=sam, version=0, competencies=competencies[1:3], title="A better piece")

    assert (written.title, written.version) == ("A better piece", 1)
    assert list(written.competencies.order_by("position")) == competencies[1:3]


def test_of_two_tabs_the_second_is_told_and_neither_text_is_lost(log, sam, competencies):
    piece = log(sam)
    piece.rewrite(by=sam, version=0, competencies=competencies[:1], title="First tab")

    with pytest.raises(Stale) as refusal:
        piece.rewrite(by=sam, version=0, competencies=competencies[:1], title="Second tab")

    assert refusal.value.details == {
        "stored": {"title": "First tab"},
        "offered": {"title": "Second tab"},
        "version": 1,
    }


def test_a_rewrite_that_is_sent_twice_is_one(log, sam, competencies):
    piece = log(sam)
    said = {"competencies": competencies[:2], "title": "A better piece"}
    piece.rewrite(by=sam, version=0, **said)

    again = piece.rewrite(by=sam, version=0, **said)

    assert again.version == 1
    assert Entry.objects.filter(action="evidence.rewritten").count() == 1


def test_a_rewrite_into_the_future_changes_nothing(log, sam, competencies):
    piece = log(sam)

    with pytest.raises(NotNow):
        piece.rewrite(
            by=sam, version=0, competencies=competencies[:1], happened_on=today() + timedelta(days=1)
        )

    piece.refresh_from_db()
    assert (piece.happened_on, piece.version) == (today(), 0)


def test_only_its_author_rewrites_it(log, sam, mara, competencies):
    piece = log(mara)

    with pytest.raises(Denied):
        piece.rewrite(by=sam, version=0, competencies=competencies[:1], title="Mine")


def test_a_former_manager_rewrites_nothing(log, sam, mara, noor, hana, competencies):
    piece = log(mara)
    sam.report_to(noor, starts_on=today(), by=hana)

    with pytest.raises(Denied):
        piece.rewrite(by=mara, version=0, competencies=competencies[:1], title="Still mine")
