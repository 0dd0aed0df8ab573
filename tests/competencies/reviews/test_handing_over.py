"""A review that follows somebody to a new manager."""

import pytest

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow
from competencies.reviews.models import Assessment


@pytest.fixture
def drafted(of_manager, competencies, points, mara):
    """Mara's draft about Sam, begun."""
    of_manager.rate(competencies[0], by=mara, version=0, point=points.developing, comment="A private word.")
    return of_manager


@pytest.fixture
def moved(drafted, sam, noor, hana):
    """Sam reports to Noor from today on."""
    sam.report_to(noor, starts_on=today(), by=hana)


def test_the_new_manager_starts_their_own(moved, review, noor, hana):
    review.hand_over(noor, by=hana)

    theirs = review.assessments.get(kind="manager")
    assert theirs.author == noor
    assert not theirs.ratings.exists()


def test_the_former_manager_neither_writes_nor_reads(moved, review, drafted, competencies, mara, noor, hana):
    assert not mara.has_perm("reviews.write_assessment", drafted)

    review.hand_over(noor, by=hana)

    drafted.refresh_from_db()
    assert drafted.kind == Assessment.Kind.FORMER
    with pytest.raises(Denied):
        drafted.rate(competencies[1], by=mara, version=0, comment="One more thing.")
    assert not mara.has_perm("reviews.read_assessment", drafted)


def test_the_former_draft_is_shown_to_nobody(moved, review, drafted, request, hana, noor):
    review.hand_over(noor, by=hana)

    for name in ("sam", "noor", "dora", "hana", "stella", "kit"):
        assert not request.getfixturevalue(name).has_perm("reviews.read_assessment", drafted), name


def test_before_it_is_handed_over_the_new_manager_waits(moved, review, drafted, noor):
    assert not noor.has_perm("reviews.read_assessment", drafted)
    assert not noor.has_perm("reviews.write_assessment", drafted)


def test_somebody_who_is_not_the_manager_today_is_refused(review, noor, hana):
    with pytest.raises(NotNow):
        review.hand_over(noor, by=hana)


def test_the_manager_who_holds_it_keeps_their_draft(drafted, review, mara, hana):
    with pytest.raises(NotNow):
        review.hand_over(mara, by=hana)

    drafted.refresh_from_db()
    assert drafted.kind == Assessment.Kind.MANAGER


def test_somebody_without_a_manager_has_nobody_to_hand_to(review, sam, hana):
    sam.lines.all().delete()

    with pytest.raises(NotNow):
        review.hand_over(None, by=hana)


def test_a_manager_who_left_is_refused(moved, review, noor, hana):
    noor.leaves_on = today()
    noor.save()

    with pytest.raises(NotNow):
        review.hand_over(noor, by=hana)


def test_what_is_handed_in_stays(review, of_manager, points, answer_all, sam, mara, noor, hana):
    answer_all(of_manager, points.developing).submit(by=mara)
    sam.report_to(noor, starts_on=today(), by=hana)

    with pytest.raises(NotNow):
        review.hand_over(noor, by=hana)


@pytest.mark.parametrize("who", ["sam", "mara", "noor", "dora", "aude", "otto"])
def test_only_hr_hands_over(moved, review, noor, request, who):
    with pytest.raises(Denied):
        review.hand_over(noor, by=request.getfixturevalue(who))
