"""Who presents a case, and for which cycle it is meant."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from competencies.core.refusals import Denied, NotNow
from competencies.promotions.models import PromotionCase
from competencies.reviews.models import Cycle


@pytest.fixture
def planned(edition, hana):
    now = timezone.now()
    due = {"self_due_at": now + timedelta(weeks=9), "manager_due_at": now + timedelta(weeks=10)}
    return Cycle.prepare(by=hana, name="Spring", editions=[edition], **due)


def described(case, by, **changed):
    return case.describe(by=by, **({"wanted_from": None, "presenter": None, "cycle": None} | changed))


def test_the_sponsor_speaks_until_somebody_else_is_named(case, mara, noor, cycle):
    assert case.speaker == mara

    case = described(case, mara, presenter=noor, cycle=cycle, wanted_from=date(2030, 1, 1))

    assert (case.speaker, case.cycle, case.wanted_from) == (noor, cycle, date(2030, 1, 1))


def test_a_case_is_nominated_for_a_cycle_that_is_planned(sam, mara, noor, levels, planned):
    case = PromotionCase.nominate(sam, levels.lead, by=mara, presenter=noor, cycle=planned)

    assert (case.to_level, case.cycle, case.presenter) == (levels.lead, planned, noor)


def test_nobody_presents_themselves(case, mara, sam):
    with pytest.raises(NotNow, match="their own case") as refusal:
        described(case, mara, presenter=sam)
    assert refusal.value.details["field"] == "presenter"

    with pytest.raises(IntegrityError), transaction.atomic():
        PromotionCase.objects.filter(pk=case.pk).update(presenter=sam)


@pytest.mark.parametrize("who", ["kit", "otto", "gone", "mara"])
def test_a_presenter_stands_around_the_sponsor(request, case, mara, who):
    with pytest.raises(NotNow, match="Choose a manager above you, a peer"):
        described(case, mara, presenter=request.getfixturevalue(who))


def test_a_cycle_that_is_over_is_refused(case, mara, hana, cycle):
    cycle.close(by=hana)

    with pytest.raises(NotNow, match="over"):
        described(case, mara, cycle=cycle)


def test_whoever_presents_reads_the_case_once_it_is_proposed(full_case, mara, noor):
    described(full_case, mara, presenter=noor)
    assert not noor.has_perm("promotions.read_case", full_case)

    full_case.propose(by=mara)

    assert noor.has_perm("promotions.read_case", full_case)
    with pytest.raises(Denied):
        described(full_case, mara)
