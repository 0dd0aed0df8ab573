"""How promotions go here is HR's to say."""

import pytest
from django.db import IntegrityError, transaction

from competencies.core.refusals import Denied, NotNow
from competencies.promotions.models import Policy
from competencies.trail.models import Entry

BACKEND = "backend-engineering"


def test_there_is_one_policy_with_the_usual_values(db):
    policy = Policy.here()

    assert policy == Policy.here()
    assert (policy.together, policy.endorsements_needed, policy.quorum) == (True, 1, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(pk=2)


def test_hr_decides_and_the_trail_says_what(hana):
    policy = Policy.here().change(by=hana, seats=[f"{BACKEND}/lead", f"{BACKEND}/staff"], quorum=5)

    assert policy.levels_with_seat == [f"{BACKEND}/staff", f"{BACKEND}/lead"]
    said = {"quorum": 5, "seats": f"{BACKEND}/staff,{BACKEND}/lead"}
    assert Entry.objects.get(action="policy.changed").details == said


def test_the_same_again_changes_nothing(hana):
    Policy.here().change(by=hana, quorum=3, together=True, seats=[])

    assert not Entry.objects.filter(action="policy.changed").exists()


def test_a_level_that_is_not_on_the_ladder_is_refused(hana, edition):
    with pytest.raises(NotNow, match="no such level: backend-engineering/principal"):
        Policy.here().change(by=hana, seats=[f"{BACKEND}/staff", f"{BACKEND}/principal"])


@pytest.mark.parametrize("who", ["mara", "dora", "sam", "aude", "otto", "gone"])
def test_nobody_else_decides(request, who):
    somebody = request.getfixturevalue(who)

    with pytest.raises(Denied):
        Policy.here().change(by=somebody, quorum=1)


def test_a_level_with_a_seat_needs_its_business_need(full_case, mara, hana):
    full_case.statement("need").write("", by=mara, version=1)
    assert full_case.missing() == []

    Policy.here().change(by=hana, seats=[f"{BACKEND}/staff"])

    (missing,) = full_case.missing()
    assert "Staff needs a business case" in missing


def test_without_endorsements_needed_none_is_missing(case, hana):
    before = len(case.missing())
    Policy.here().change(by=hana, endorsements_needed=0)

    assert len(case.missing()) == before - 1
