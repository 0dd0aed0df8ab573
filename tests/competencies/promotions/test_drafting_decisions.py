"""A draft of a decision: its writer's alone, kept with each change, and gone once a decision is recorded."""

import pytest

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow, Stale
from competencies.personal_data.erasure import erase
from competencies.personal_data.inventory import every_kind
from competencies.personal_data.record_copy import gather
from competencies.promotions.models import DecisionDraft
from competencies.trail.models import Entry

SAID = {"outcome": "promote", "rationale": "So far.", "per_competency": {}, "feedback": "Read this."}


@pytest.fixture
def draft(voted, noor):
    return voted.draft_decision(by=noor, version=0, **SAID)


def test_it_is_kept_with_each_change_and_once_where_nothing_changed(draft, voted, noor):
    again = voted.draft_decision(by=noor, version=1, **SAID)
    changed = voted.draft_decision(by=noor, version=1, **SAID | {"rationale": "Anew."})

    assert (again.version, changed.version) == (1, 2)
    assert DecisionDraft.objects.get().rationale == "Anew."
    assert Entry.objects.filter(action="decision.drafted").count() == 2


def test_each_who_may_decide_has_one_of_their_own(draft, voted, hana, noor):
    voted.draft_decision(by=hana, version=0, **SAID | {"rationale": "Hers."})

    assert voted.draft_of(noor).rationale == "So far."
    assert voted.draft_of(hana).rationale == "Hers."


def test_two_tabs_lose_nothing(draft, voted, noor):
    with pytest.raises(Stale) as refusal:
        voted.draft_decision(by=noor, version=0, **SAID | {"rationale": "Otherwise."})

    assert refusal.value.details["stored"]["rationale"] == "So far."


@pytest.mark.parametrize("who", ["kit", "sam", "mara", "dora", "otto"])
def test_nobody_drafts_who_may_not_decide(request, voted, who):
    with pytest.raises(Denied):
        voted.draft_decision(by=request.getfixturevalue(who), version=0, **SAID)


def test_a_competency_of_another_ladder_is_refused(voted, noor):
    with pytest.raises(NotNow):
        voted.draft_decision(by=noor, version=0, **SAID | {"per_competency": {"juggling": "Well."}})


def test_every_draft_goes_once_a_decision_is_recorded(draft, voted, hana, noor, decide):
    voted.draft_decision(by=hana, version=0, **SAID)

    decide(voted, by=noor)

    assert not DecisionDraft.objects.exists()
    with pytest.raises(Denied):
        voted.draft_decision(by=noor, version=0, **SAID)


def test_a_copy_of_ones_record_has_it_and_one_that_hr_orders_has_not(draft, noor, hana, sam):
    own, ordered = (gather(noor, by=by, at=draft.hearing.at) for by in (noor, hana))

    (found,) = own["written_about_others"]["drafts_of_decisions"]
    assert (found["about"], found["outcome"], found["reasons"]) == ("Senior → Staff", "Promote", "So far.")
    assert ordered["written_about_others"]["drafts_of_decisions"] == []
    assert "Sam" not in str(own["written_about_others"])
    assert gather(sam, by=sam, at=draft.hearing.at)["written_about_others"]["drafts_of_decisions"] == []


def test_a_ballot_is_in_it_until_it_is_cast(hearing, noor, kit, hana):
    def kept(person, by):
        return gather(person, by=by, at=hearing.at)["written_about_others"]["drafts_of_ballots"]

    hearing.write(by=noor, version=0, vote="promote", reason="So far.")

    assert [(ballot["vote"], ballot["reason"]) for ballot in kept(noor, noor)] == [("Promote", "So far.")]
    assert kept(noor, hana) == kept(kit, kit) == []
    hearing.cast(by=noor)
    assert kept(noor, noor) == []


@pytest.mark.parametrize("who", ["noor", "sam"])
def test_an_erasure_of_the_writer_or_the_candidate_removes_it_and_counts_none(request, draft, hana, who):
    person = request.getfixturevalue(who)
    assert every_kind()["promotions.DecisionDraft"].count_of(person) == 0
    person.leave(on=today(), by=hana)

    erase(person, by=hana)

    assert not DecisionDraft.objects.exists()


def test_a_draft_does_not_outlive_a_withdrawn_case(voted, draft, mara):
    voted.case.withdraw(by=mara, reason="A change of plans.")

    assert not DecisionDraft.objects.exists()
