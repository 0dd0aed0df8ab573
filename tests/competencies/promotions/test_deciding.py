from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from competencies.access.clock import today
from competencies.access.refusal import Denied, Incomplete, NotNow
from competencies.people.models import RoleGrant
from competencies.promotions.models import Decision


@pytest.fixture
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


def test_a_promotion_writes_the_new_placement(proposed, sam, hana, levels):
    day = today() + timedelta(days=10)
    proposed.decide("promote", by=hana, rationale="Shown for a year.", effective_on=day)

    assert sam.placement_on().level == levels.senior
    assert sam.placement_on(day).level == levels.staff
    assert sam.placement_on(day).track == proposed.track


def test_without_a_day_a_promotion_holds_from_today(proposed, sam, hana, levels):
    proposed.decide("promote", by=hana, rationale="Shown for a year.")

    assert sam.placement_on().level == levels.staff


@pytest.mark.parametrize("outcome", Decision.Outcome.values)
@pytest.mark.parametrize("rationale", ["", "  \n"])
def test_every_outcome_needs_its_reasons(proposed, hana, outcome, rationale):
    with pytest.raises(Incomplete) as refusal:
        proposed.decide(outcome, by=hana, rationale=rationale, look_again_on=today() + timedelta(days=90))

    assert refusal.value.details["missing"] == ["rationale"]


@pytest.mark.parametrize("days", [None, 0, -1])
def test_not_yet_needs_a_day_that_lies_ahead(proposed, hana, days):
    day = None if days is None else today() + timedelta(days=days)
    with pytest.raises(Incomplete) as refusal:
        proposed.decide("not-yet", by=hana, rationale="One project only.", look_again_on=day)

    assert refusal.value.details["missing"] == ["look_again_on"]


def test_not_yet_and_decline_leave_the_level_as_it_is(proposed, sam, hana, levels):
    proposed.decide("not-yet", by=hana, rationale="Soon.", look_again_on=today() + timedelta(days=90))

    assert sam.placement_on().level == levels.senior


def test_a_day_before_the_present_level_began_undoes_the_whole_decision(proposed, sam, hana):
    with pytest.raises(NotNow, match="only starts on"):
        proposed.decide("promote", by=hana, rationale="x", effective_on=sam.placement_on().starts_on)

    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["sam", "mara", "dora", "noor", "otto"])
def test_only_hr_decides(request, proposed, who):
    with pytest.raises(Denied):
        proposed.decide("promote", by=request.getfixturevalue(who), rationale="x")


@pytest.mark.parametrize("who", ["sam", "mara"])
def test_neither_candidate_nor_sponsor_decides_even_with_the_role(request, proposed, who):
    person = request.getfixturevalue(who)
    RoleGrant.objects.create(person=person, role="hr")

    with pytest.raises(Denied):
        proposed.decide("promote", by=person, rationale="x")


def test_a_draft_is_not_decided_and_a_decision_is_not_repeated(full_case, mara, hana):
    with pytest.raises(Denied):
        full_case.decide("promote", by=hana, rationale="x")
    full_case.propose(by=mara)
    full_case.decide("decline", by=hana, rationale="x")
    with pytest.raises(Denied):
        full_case.decide("promote", by=hana, rationale="y")


def test_the_candidate_reads_the_answer_without_its_reasons(proposed, sam, mara, dora, hana):
    proposed.decide("decline", by=hana, rationale="x")

    readers = [p for p in (sam, mara, dora, hana) if p.has_perm("promotions.read_rationale", proposed)]
    assert readers == [mara, dora, hana]


def test_a_decision_stays_in_the_database_as_it_was_made(proposed, hana):
    proposed.decide("decline", by=hana, rationale="x")

    with pytest.raises(DatabaseError, match="stays as it was made"), transaction.atomic():
        connection.cursor().execute("UPDATE promotions_decision SET outcome = 'promote'")
