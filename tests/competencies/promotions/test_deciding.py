from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from competencies.core.clock import standing_at, today
from competencies.core.refusals import Denied, Incomplete, NotNow
from competencies.packets.releasing import release
from competencies.people.models import RoleGrant
from competencies.promotions.models import (
    Appeal,
    Decision,
    Hearing,
    PromotionCase,
    Release,
)
from competencies.promotions.models.decision import majority
from tests.scenes import scene


def again(case):
    return PromotionCase.objects.with_state().get(pk=case.pk)


class TestDeciding:
    @pytest.mark.parametrize("who", ["noor", "hana"])
    def test_the_chair_or_hr_records_what_the_majority_said(self, request, voted, decide, who):
        decision = decide(voted, by=request.getfixturevalue(who))

        assert (decision.outcome, decision.effective_on) == ("promote", today())
        assert again(voted.case).state == "in-review"
        assert again(voted.case).decision is None

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "kit", "leo", "otto"])
    def test_nobody_else(self, request, voted, decide, who):
        with pytest.raises(Denied):
            decide(voted, by=request.getfixturevalue(who))

    @pytest.mark.parametrize("who", ["sam", "mara", "dora"])
    def test_nobody_with_a_part_in_the_case_even_with_the_role(self, request, voted, decide, who):
        person = request.getfixturevalue(who)
        RoleGrant.objects.create(person=person, role="hr")

        with pytest.raises(Denied):
            decide(voted, by=person)

    def test_not_before_all_ballots_are_open_and_not_twice(self, hearing, vote, decide, noor):
        hearing = vote(hearing, kit="promote", stella="promote")
        with pytest.raises(Denied):
            decide(hearing, by=noor)
        hearing = vote(hearing, noor="promote")
        decide(hearing, by=noor)
        with pytest.raises(Denied):
            decide(hearing, by=noor)

    @pytest.mark.parametrize("blank", ["rationale", "feedback"])
    @pytest.mark.parametrize("text", ["", "  \n"])
    def test_every_decision_has_its_reasons_and_its_feedback(self, voted, decide, noor, blank, text):
        with pytest.raises(Incomplete) as refusal:
            decide(voted, by=noor, **{blank: text})

        assert refusal.value.details["missing"] == [blank]

    def test_all_that_is_missing_is_said_at_once(self, hearing, vote, decide, noor):
        hearing = vote(hearing, noor="not-yet", kit="not-yet", stella="not-yet")
        nothing = {"rationale": "", "feedback": "", "conditions": "", "look_again_on": None}
        with pytest.raises(Incomplete) as refusal:
            decide(hearing, "not-yet", by=noor, **nothing)

        assert [field for field, _sentence in refusal.value.by_field] == list(nothing)

    @pytest.mark.parametrize(
        ("given", "missing"),
        [
            ({"conditions": " "}, ["conditions"]),
            ({"look_again_on": None}, ["look_again_on"]),
            ({"look_again_on": today()}, ["look_again_on"]),
            ({"look_again_on": today() - timedelta(days=1)}, ["look_again_on"]),
        ],
    )
    def test_not_yet_says_what_is_missing_and_when_to_look_again(
        self, hearing, vote, decide, noor, given, missing
    ):
        hearing = vote(hearing, noor="not-yet", kit="not-yet", stella="not-yet")
        with pytest.raises(Incomplete) as refusal:
            decide(hearing, "not-yet", by=noor, **given)

        assert refusal.value.details["missing"] == missing

    @pytest.mark.parametrize("outcome", ["not-yet", "decline"])
    def test_a_majority_is_kept(self, voted, decide, noor, outcome):
        with pytest.raises(NotNow, match="majority voted for “Promote”"):
            decide(voted, outcome, by=noor)

    def test_without_a_majority_nobody_is_promoted(
        self, proposed, committee, hana, policy, vote, decide, noor
    ):
        policy.change(by=hana, second_ballot="never")
        hearing = Hearing.empanel(proposed, committee, by=hana)
        hearing = vote(hearing, noor="promote", kit="not-yet", stella="decline")
        with pytest.raises(NotNow, match="no majority for a promotion"):
            decide(hearing, by=noor)

        assert decide(hearing, "not-yet", by=noor).outcome == "not-yet"

    @pytest.mark.parametrize(
        ("votes", "winner"),
        [("ppp", "p"), ("ppn", "p"), ("pn", None), ("ppnn", None), ("pnd", None), ("ddnnn", "n"), ("", None)],
    )
    def test_a_majority_is_more_than_half(self, votes, winner):
        assert majority(list(votes)) == winner

    def test_reasons_per_competency_are_of_the_ladder_of_the_case(self, voted, decide, noor, competencies):
        with pytest.raises(NotNow):
            decide(voted, by=noor, per_competency={"elsewhere": "x"})
        key = competencies[0].key

        assert decide(voted, by=noor, per_competency={key: "Twice."}).notes == {key: "Twice."}


class TestReleasing:
    def test_until_then_nobody_outside_knows(self, voted, decide, noor, sam, mara, dora, kit, hana):
        decision = decide(voted, by=noor)

        def knowing():
            people = (sam, mara, dora, kit, hana)
            return [person.name for person in people if person.has_perm("promotions.read_decision", decision)]

        assert knowing() == ["Kit", "Hana"]
        decision.publish(by=hana)
        assert knowing() == ["Sam", "Mara", "Dora", "Kit", "Hana"]

    def test_it_writes_the_placement_from_the_day_that_was_decided(
        self, voted, decide, noor, hana, sam, levels
    ):
        day = today() + timedelta(days=10)
        decision = decide(voted, by=noor, effective_on=day)
        assert sam.placement_on(day).level == levels.senior
        decision.publish(by=hana)

        assert sam.placement_on().level == levels.senior
        assert sam.placement_on(day).level == levels.staff
        assert sam.placement_on(day).track == voted.case.track
        assert again(voted.case).state == "closed"

    def test_a_day_before_the_present_level_began_undoes_the_release(self, voted, decide, noor, hana, sam):
        decision = decide(voted, by=noor, effective_on=sam.placement_on().starts_on)
        with pytest.raises(NotNow, match="The current entry starts on"), transaction.atomic():
            decision.publish(by=hana)

        assert not Release.objects.exists()

    def test_other_outcomes_leave_the_level_and_open_the_days_to_appeal(self, refused, sam, levels):
        assert sam.placement_on().level == levels.senior
        assert again(refused.case).state == "decided"
        assert refused.release.appeal_until == refused.release.at + timedelta(days=14)

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "noor", "otto"])
    def test_only_hr_releases(self, request, voted, decide, noor, who):
        decision = decide(voted, by=noor)
        with pytest.raises(Denied):
            decision.publish(by=request.getfixturevalue(who))

    def test_several_go_out_at_one_instant_or_none_does(
        self, voted, decide, noor, hana, committee, stella, levels, mara, sam
    ):
        first = decide(voted, by=noor, effective_on=sam.placement_on().starts_on)
        with pytest.raises(NotNow), transaction.atomic():
            release([first], by=hana)

        assert not Release.objects.exists()

    def test_the_candidate_reads_the_answer_without_its_reasons(self, refused, sam, mara, dora, hana):
        case = refused.case
        readers = [p for p in (sam, mara, dora, hana) if p.has_perm("promotions.read_rationale", case)]

        assert readers == [mara, dora, hana]

    def test_a_case_is_withdrawn_until_then_and_not_after(self, voted, decide, noor, hana, mara):
        decision = decide(voted, by=noor)
        assert mara.has_perm("promotions.withdraw_case", voted.case)
        decision.publish(by=hana)
        with pytest.raises(Denied):
            voted.case.withdraw(by=mara, reason="No seat.")

    def test_what_was_withdrawn_is_not_released(self, voted, decide, noor, hana, mara):
        decision = decide(voted, by=noor)
        voted.case.withdraw(by=mara, reason="No seat.")
        with pytest.raises(Denied):
            decision.publish(by=hana)


@scene
def refused(hearing, vote, decide, noor, hana):
    """A released decision: not yet."""
    hearing = vote(hearing, noor="not-yet", kit="not-yet", stella="not-yet")
    decision = decide(hearing, "not-yet", by=noor)
    decision.publish(by=hana)
    return Decision.objects.with_related().get(pk=decision.pk)


class TestAppealing:
    @pytest.fixture
    def panel(self, hana, leo, aude, otto, committee):
        from competencies.promotions.models import Committee

        panel = Committee.found("Appeals", by=hana)
        panel.seat(leo, by=hana, chair=True)
        for person in (aude, otto):
            panel.seat(person, by=hana)
        return panel

    def test_the_candidate_asks_for_another_hearing(self, refused, sam):
        Appeal.lodge(refused.case, "The second team was not heard.", by=sam)

        assert again(refused.case).state == "appealed"
        assert PromotionCase.objects.open().filter(pk=refused.case.pk).exists()

    def test_with_grounds_and_once(self, refused, sam):
        with pytest.raises(Incomplete):
            Appeal.lodge(refused.case, " ", by=sam)
        Appeal.lodge(refused.case, "x", by=sam)
        with pytest.raises(Denied):
            Appeal.lodge(refused.case, "y", by=sam)

    @pytest.mark.parametrize("who", ["mara", "dora", "noor", "hana"])
    def test_nobody_else_does(self, request, refused, who):
        with pytest.raises(Denied):
            Appeal.lodge(refused.case, "x", by=request.getfixturevalue(who))

    def test_within_the_days_and_not_a_second_later(self, refused, sam):
        until = refused.release.appeal_until
        with standing_at(until + timedelta(seconds=1)):
            assert again(refused.case).state == "closed"
            with pytest.raises(Denied):
                Appeal.lodge(refused.case, "x", by=sam)
        with standing_at(until):
            Appeal.lodge(refused.case, "x", by=sam)

    def test_a_promotion_is_not_appealed_against(self, voted, decide, noor, hana, sam):
        decide(voted, by=noor).publish(by=hana)
        with pytest.raises(Denied):
            Appeal.lodge(voted.case, "x", by=sam)

    def test_its_panel_has_nobody_who_sat_before(self, refused, sam, hana, panel, kit):
        Appeal.lodge(refused.case, "x", by=sam)
        panel.seat(kit, by=hana)
        hearing = Hearing.empanel(refused.case, panel, by=hana)

        assert hearing.stage == "appeal"
        assert hearing.recusals.get(person=kit).ground == "sat-before"

    def test_who_came_to_hr_after_they_sat_neither_answers_nor_runs_one_without_names(
        self, refused, sam, hana, panel, kit
    ):
        Appeal.lodge(refused.case, "x", by=sam)
        panel.seat(kit, by=hana)
        kit.grant("hr", by=hana)
        hearing = Hearing.empanel(refused.case, panel, by=hana, masked=True)

        assert hearing.recusals.get(person=kit).ground == "sat-before"
        assert not kit.has_perm("promotions.read_hearing", hearing)

    def test_it_may_promote_and_that_is_final(self, refused, sam, hana, panel, leo, vote, decide, levels):
        Appeal.lodge(refused.case, "x", by=sam)
        hearing = Hearing.empanel(refused.case, panel, by=hana)
        hearing = vote(hearing, leo="promote", aude="promote", otto="promote")
        decision = decide(hearing, by=leo)
        assert again(refused.case).decision.outcome == "not-yet"
        decision.publish(by=hana)

        case = again(refused.case)
        assert (case.state, case.decision.outcome) == ("closed", "promote")
        assert sam.placement_on().level == levels.staff
        assert Release.objects.get(decision=decision).appeal_until is None
        with pytest.raises(Denied):
            Appeal.lodge(case, "x", by=sam)

    def test_no_second_case_while_an_appeal_is_heard(self, refused, sam, mara, levels):
        Appeal.lodge(refused.case, "x", by=sam)
        with pytest.raises(NotNow, match="open case"):
            PromotionCase.nominate(sam, levels.lead, by=mara)


class TestTheDatabase:
    """No decision without quorum, reasons and recusals, whatever Python says."""

    @pytest.fixture
    def insert(self):
        def made(hearing, by, **fields):
            fields = {"outcome": "promote", "rationale": "x", "feedback": "y", "conditions": "z"} | fields
            if fields["outcome"] == "not-yet":
                fields["look_again_on"] = today() + timedelta(days=9)
            return Decision.objects.create(hearing=hearing, by=by, **fields)

        return made

    def test_none_before_ballots_are_open(self, hearing, insert, hana, vote):
        hearing = vote(hearing, noor="promote", kit="promote")
        with pytest.raises(DatabaseError, match=r"quorum|majority"), transaction.atomic():
            insert(hearing, hana)

    def test_none_before_the_second_round_that_is_due(self, hearing, insert, hana, vote):
        hearing = vote(hearing, noor="promote", kit="promote", stella="decline")
        with pytest.raises(DatabaseError, match=r"quorum|majority"), transaction.atomic():
            insert(hearing, hana)

    def test_none_without_a_committee(self, proposed, insert, hana):
        hearing = Hearing.objects.create(
            case=proposed, committee=None, quorum=0, second_ballot="never", appeal_days=0, by=hana
        )
        with pytest.raises(DatabaseError, match=r"quorum|majority"), transaction.atomic():
            insert(hearing, hana)

    def test_none_when_too_few_count(self, voted, insert, hana):
        from competencies.promotions.models import Recusal

        for ballot in voted.ballots.all()[:1]:
            Recusal.objects.create(
                hearing=voted, person=ballot.person, ground="declared", reason="x", by=hana
            )
        with pytest.raises(DatabaseError, match="without a quorum"), transaction.atomic():
            insert(voted, hana)

    @pytest.mark.parametrize("outcome", ["decline", "not-yet"])
    def test_none_against_the_majority(self, voted, insert, hana, outcome):
        with pytest.raises(DatabaseError, match="follows the majority"), transaction.atomic():
            insert(voted, hana, outcome=outcome)

    def test_no_promotion_without_a_majority(self, proposed, committee, hana, policy, vote, insert):
        policy.change(by=hana, second_ballot="never")
        hearing = vote(
            Hearing.empanel(proposed, committee, by=hana), noor="promote", kit="not-yet", stella="decline"
        )
        with pytest.raises(DatabaseError, match="follows the majority"), transaction.atomic():
            insert(hearing, hana)
        insert(hearing, hana, outcome="decline")

    @pytest.mark.parametrize("blank", ["rationale", "feedback"])
    def test_none_without_words(self, voted, insert, hana, blank):
        with pytest.raises(DatabaseError), transaction.atomic():
            insert(voted, hana, **{blank: ""})

    def test_not_yet_says_what_is_missing(self, hearing, vote, insert, hana):
        hearing = vote(hearing, noor="not-yet", kit="not-yet", stella="not-yet")
        with pytest.raises(DatabaseError, match="says why"), transaction.atomic():
            insert(hearing, hana, outcome="not-yet", conditions="")

    def test_a_decision_takes_no_more_members_recusals_or_votes(self, voted, decide, noor, leo, hana):
        from competencies.promotions.models import Member, Recusal

        decide(voted, by=noor)
        with pytest.raises(DatabaseError, match="takes nobody in"), transaction.atomic():
            Member.objects.create(hearing=voted, person=leo, by=hana)
        with pytest.raises(DatabaseError, match="recuses nobody"), transaction.atomic():
            Recusal.objects.create(hearing=voted, person=noor, ground="declared", reason="x", by=hana)

    @pytest.mark.parametrize("table", ["decision", "release", "appeal"])
    def test_what_was_decided_stays(self, refused, sam, table):
        Appeal.lodge(refused.case, "x", by=sam)
        for statement in (f"DELETE FROM promotions_{table}", f"UPDATE promotions_{table} SET id = id + 1000"):
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(statement)

    def test_an_appeal_comes_within_its_days(self, refused, sam):
        with pytest.raises(DatabaseError, match="within its days"), transaction.atomic():
            Appeal.objects.create(
                case=refused.case, by=sam, grounds="x", at=refused.release.appeal_until + timedelta(seconds=1)
            )


def test_an_unreleased_outcome_is_nowhere_in_what_others_read(voted, decide, noor, mara, signed_in):
    decide(voted, by=noor, rationale="Secret reasons", feedback="Secret words")

    page = signed_in(mara).get(voted.case.get_absolute_url()).content.decode()
    assert "Secret" not in page
