"""Evidence that nothing rests on is withdrawn by whoever recorded it; a refusal tells of nothing hidden."""

import pytest
from django.db import IntegrityError, transaction

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow
from competencies.evidence.models import Evidence, Withdrawal
from competencies.trail.models import Entry


@pytest.fixture
def piece(sam, competencies):
    return Evidence.log(sam, by=sam, happened_on=today(), title="Twice", competencies=competencies[:1])


def readable(person):
    return Evidence.objects.allowing(person, "evidence.read_evidence")


def test_it_leaves_every_list_and_the_trail_says_so(piece, sam, mara, hana):
    withdrawal = piece.withdraw(by=sam)

    assert withdrawal.by == sam
    for person in (sam, mara, hana):
        assert piece not in readable(person)
    entry = Entry.objects.get(action="evidence.withdrawn")
    assert (entry.actor, entry.about, entry.row_pk) == (sam, sam, str(piece.pk))


@pytest.mark.parametrize("change", ["delete", "update"])
def test_a_withdrawal_stays(piece, sam, mara, change):
    piece.withdraw(by=sam)
    rows = Withdrawal.objects.filter(evidence=piece)

    with pytest.raises(IntegrityError, match="What was withdrawn stays withdrawn"), transaction.atomic():
        rows.delete() if change == "delete" else rows.update(by=mara)


@pytest.mark.parametrize("who", ["mara", "dora", "stella", "hana", "otto"])
def test_nobody_else_withdraws_it(piece, request, who):
    with pytest.raises(Denied):
        piece.withdraw(by=request.getfixturevalue(who))


def test_once_withdrawn_it_is_neither_withdrawn_again_nor_rewritten(piece, sam, competencies):
    piece.withdraw(by=sam)
    with pytest.raises(Denied):
        piece.withdraw(by=sam)
    with pytest.raises(Denied):
        piece.rewrite(by=sam, version=0, title="Once", competencies=competencies[:1])


def test_it_stays_while_ones_own_rating_rests_on_it(piece, of_self, sam, competencies):
    of_self.rate(competencies[0], by=sam, version=0, evidence=[piece])

    with pytest.raises(NotNow, match=competencies[0].title):
        piece.withdraw(by=sam)
    assert not Withdrawal.objects.exists()

    of_self.rate(competencies[0], by=sam, version=1, evidence=[])
    piece.withdraw(by=sam)


def test_it_stays_while_a_case_that_one_reads_shows_it(evidence, full_case, mara, sam):
    full_case.propose(by=mara)

    with pytest.raises(NotNow, match="promotion case"):
        evidence[0].withdraw(by=sam)


def test_a_rating_that_one_may_not_read_is_told_by_nothing(piece, of_manager, mara, sam, competencies):
    """The manager's draft keeps the piece, and Sam is answered as if there were none."""
    rating = of_manager.rate(competencies[0], by=mara, version=0, evidence=[piece])

    piece.withdraw(by=sam)

    assert piece not in readable(sam)
    assert piece not in readable(mara)
    assert list(rating.evidence.all()) == [piece]


def test_a_draft_of_a_case_is_told_by_nothing_either(evidence, full_case, sam):
    evidence[0].withdraw(by=sam)

    assert full_case.exhibits.filter(evidence=evidence[0]).exists()
