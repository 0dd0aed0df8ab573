from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from competencies.core.clock import today
from competencies.core.refusals import Denied, Incomplete, NotNow, Stale
from competencies.people.models import RoleGrant
from competencies.promotions.models import Ballot, Casting, Count, Hearing, Member, PromotionCase
from competencies.promotions.models.decision import NoQuorum


def grounds(hearing):
    return {recusal.person.name: recusal.ground for recusal in hearing.recusals.all()}


def sitting(hearing):
    return [member.person.name for member in hearing.members.sitting()]


class TestConvening:
    def test_it_calls_who_has_a_seat_and_sets_aside_whom_the_rule_bars(self, hearing):
        assert sitting(hearing) == ["Noor", "Kit", "Stella"]
        assert grounds(hearing) == {"Mara": "chain"} or grounds(hearing) == {"Mara": "sponsor"}
        assert PromotionCase.objects.get(pk=hearing.case.pk).state == "in-review"

    @pytest.mark.parametrize(
        ("who", "ground"),
        [
            ("sam", "self"),
            ("mara", "sponsor"),
            ("dora", "chain"),
            ("stella", None),
            ("leo", None),
            ("kit", None),
        ],
    )
    def test_the_rule_of_who_may_not_answer(self, request, hearing, who, ground):
        person = request.getfixturevalue(who)
        assert hearing.grounds([person]).get(person.pk) == ground

    def test_whoever_reports_to_the_candidate_is_in_their_line(self, hearing, sam, aude, hana):
        aude.report_to(sam, starts_on=today(), by=hana)

        assert hearing.grounds([aude]) == {aude.pk: "chain"}

    def test_it_keeps_the_rules_of_the_day(self, proposed, committee, hana, policy):
        policy.change(by=hana, quorum=2, second_ballot="never", appeal_days=7, masked=True)
        hearing = Hearing.empanel(proposed, committee, by=hana)
        policy.change(by=hana, quorum=5, second_ballot="always", appeal_days=30, masked=False)

        kept = Hearing.objects.get(pk=hearing.pk)
        assert (kept.quorum, kept.second_ballot, kept.appeal_days, kept.masked) == (2, "never", 7, True)

    def test_too_few_who_may_answer_are_no_committee(self, proposed, committee, hana, kit):
        committee.unseat(kit, by=hana)

        with pytest.raises(NoQuorum, match="can vote on this case: 2"), transaction.atomic():
            Hearing.empanel(proposed, committee, by=hana)
        assert not Hearing.objects.exists()

    def test_somebody_is_called_besides_for_this_case_alone(self, proposed, committee, hana, kit, leo):
        committee.unseat(kit, by=hana)

        hearing = Hearing.empanel(proposed, committee, by=hana, also=[leo])

        assert sitting(hearing) == ["Noor", "Leo", "Stella"]
        assert [member.person for member in hearing.members.for_this_case()] == [leo]
        assert not committee.seats.filter(person=leo).exists()

    @pytest.mark.parametrize("who", ["sam", "dora", "kit", "gone"])
    def test_but_nobody_whom_a_rule_bars_who_has_a_seat_or_left(
        self, request, proposed, committee, hana, who
    ):
        with pytest.raises(NotNow), transaction.atomic():
            Hearing.empanel(proposed, committee, by=hana, also=[request.getfixturevalue(who)])
        assert not Hearing.objects.exists()

    def test_where_names_are_hidden_nobody_of_hr_is_called_besides(self, proposed, committee, hana):
        with pytest.raises(NotNow, match="reads every case by name"), transaction.atomic():
            Hearing.empanel(proposed, committee, by=hana, masked=True, also=[hana])

    def test_somebody_in_the_chair_may_answer(self, proposed, committee, hana, mara, leo):
        committee.seat(leo, by=hana)
        committee.seat(mara, by=hana, chair=True)

        with pytest.raises(Incomplete, match="chair"), transaction.atomic():
            Hearing.empanel(proposed, committee, by=hana)

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "noor", "otto"])
    def test_only_hr_convenes(self, request, proposed, committee, who):
        with pytest.raises(Denied):
            Hearing.empanel(proposed, committee, by=request.getfixturevalue(who))

    @pytest.mark.parametrize("who", ["sam", "mara", "dora"])
    def test_nobody_with_a_part_in_the_case_convenes_even_with_the_role(
        self, request, proposed, committee, who
    ):
        person = request.getfixturevalue(who)
        RoleGrant.objects.create(person=person, role="hr")

        with pytest.raises(Denied):
            Hearing.empanel(proposed, committee, by=person)

    def test_a_draft_and_a_case_that_is_heard_are_not_brought_before_a_committee(
        self, full_case, mara, committee, hana
    ):
        with pytest.raises(Denied):
            Hearing.empanel(full_case, committee, by=hana)
        full_case.propose(by=mara)
        Hearing.empanel(full_case, committee, by=hana)
        with pytest.raises(Denied):
            Hearing.empanel(full_case, committee, by=hana)

    def test_one_alone_is_no_quorum(self, policy, hana):
        with pytest.raises(NotNow, match="two people"):
            policy.change(by=hana, quorum=1)


class TestCalling:
    def test_hr_calls_one_more(self, hearing, hana, leo):
        hearing.call(leo, by=hana)

        assert sitting(hearing) == ["Noor", "Kit", "Leo", "Stella"]

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "kit", "gone"])
    def test_but_nobody_who_may_not_was_called_or_left(self, request, hearing, hana, who):
        with pytest.raises(NotNow):
            hearing.call(request.getfixturevalue(who), by=hana)

    def test_nor_once_the_ballots_are_open(self, voted, hana, leo):
        with pytest.raises(NotNow, match="open"):
            voted.call(leo, by=hana)


class TestVoting:
    def test_a_ballot_is_its_writers_until_it_is_cast_and_all_are_open(
        self, hearing, kit, noor, stella, hana, vote
    ):
        hearing.write(by=kit, version=0, vote="promote", reason="So far.")
        ballot = hearing.ballots.get()

        def readers():
            return [
                person.name
                for person in (kit, noor, stella, hana)
                if person.has_perm("promotions.read_ballot", ballot)
            ]

        assert readers() == ["Kit"]
        hearing.cast(by=kit)
        assert readers() == ["Kit"]
        vote(hearing, noor="promote", stella="promote")
        assert readers() == ["Kit", "Noor", "Stella", "Hana"]

    def test_the_last_ballot_opens_all_at_one_instant(self, hearing, vote):
        hearing = vote(hearing, noor="promote", kit="promote")
        assert (hearing.round, hearing.final_round, hearing.state) == (1, None, "voting")
        hearing = vote(hearing, stella="promote")

        assert (hearing.round, hearing.final_round, hearing.state) == (None, 1, "to-decide")
        assert Count.objects.count() == 1

    def test_a_vote_needs_a_reason_in_all_or_for_a_competency(self, hearing, kit, competencies):
        hearing.write(by=kit, version=0, vote="promote", reason=" ")
        with pytest.raises(Incomplete, match="reason"):
            hearing.cast(by=kit)
        key = competencies[0].key
        ballot = hearing.write(by=kit, version=1, vote="promote", reason="", per_competency={key: "Seen."})
        hearing.cast(by=kit)

        assert ballot.notes == {key: "Seen."}

    @pytest.mark.parametrize(
        ("written", "lacking"),
        [
            ({}, "vote"),
            ({"reason": "So."}, "vote"),
            ({"vote": "promote"}, "reason"),
            ({"vote": "promote", "reason": " "}, "reason"),
            ({"vote": "promote", "reason": "So."}, None),
            ({"vote": "promote", "per_competency": '{"a": "So."}'}, None),
        ],
    )
    def test_it_says_itself_what_it_lacks(self, written, lacking):
        found = Ballot(**written).lacking

        assert (found and found[0]) == lacking

    def test_a_ballot_without_a_vote_is_not_cast(self, hearing, kit):
        for write in (None, {"vote": "", "reason": "x"}):
            if write:
                hearing.write(by=kit, version=0, **write)
            with pytest.raises(Incomplete, match="Choose"):
                hearing.cast(by=kit)

    def test_a_competency_of_another_ladder_is_refused(self, hearing, kit):
        with pytest.raises(NotNow):
            hearing.write(by=kit, version=0, vote="promote", reason="x", per_competency={"elsewhere": "x"})

    def test_two_tabs_lose_nothing(self, hearing, kit):
        hearing.write(by=kit, version=0, vote="promote", reason="One.")
        with pytest.raises(Stale) as refusal:
            hearing.write(by=kit, version=0, vote="decline", reason="Two.")

        assert refusal.value.details["stored"]["reason"] == "One."
        assert refusal.value.details["offered"]["reason"] == "Two."

    def test_nobody_votes_twice_or_changes_a_vote(self, hearing, kit, vote):
        vote(hearing, kit="promote")
        with pytest.raises(Denied):
            hearing.write(by=kit, version=1, vote="decline", reason="y")
        with pytest.raises(Denied):
            hearing.cast(by=kit)

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "leo", "hana", "otto"])
    def test_nobody_else_votes(self, request, hearing, who):
        person = request.getfixturevalue(who)
        with pytest.raises(Denied):
            hearing.write(by=person, version=0, vote="promote", reason="x")

    def test_a_member_who_comes_into_the_line_meanwhile_is_out(self, hearing, sam, noor, hana, vote):
        vote(hearing, noor="promote")
        sam.report_to(noor, starts_on=today(), by=hana)
        with pytest.raises(Denied):
            hearing.cast(by=noor)
        hearing = vote(hearing, kit="promote", stella="decline")

        assert grounds(hearing)["Noor"] == "chain"
        assert hearing.final_round is None  # two are no quorum of three

    def test_a_withdrawn_case_takes_no_votes(self, hearing, proposed, mara, kit):
        proposed.withdraw(by=mara, reason="No seat.")
        with pytest.raises(Denied):
            hearing.write(by=kit, version=0, vote="promote", reason="x")


class TestSecondBallot:
    @pytest.mark.parametrize(
        ("rule", "votes", "due"),
        [
            ("never", ("promote", "decline", "promote"), False),
            ("if-split", ("promote", "promote", "promote"), False),
            ("if-split", ("promote", "promote", "decline"), True),
            ("always", ("promote", "promote", "promote"), True),
        ],
    )
    def test_it_follows_where_the_rules_ask_for_it(
        self, proposed, committee, hana, policy, vote, rule, votes, due
    ):
        policy.change(by=hana, second_ballot=rule)
        hearing = Hearing.empanel(proposed, committee, by=hana)
        hearing = vote(hearing, **dict(zip(("noor", "kit", "stella"), votes, strict=True)))

        assert hearing.round == (2 if due else None)
        assert hearing.state == ("voting" if due else "to-decide")

    def test_those_of_the_first_are_read_before_the_second(self, hearing, kit, noor, hana, vote, decide):
        hearing = vote(hearing, noor="promote", kit="decline", stella="promote")
        first = hearing.ballots.get(person=noor, round=1)
        assert kit.has_perm("promotions.read_ballot", first)
        with pytest.raises(Denied):
            decide(hearing, by=noor)
        hearing = vote(hearing, noor="promote", kit="promote", stella="promote")

        assert (hearing.final_round, hearing.state) == (2, "to-decide")
        assert decide(hearing, by=noor).outcome == "promote"


class TestRecusing:
    def test_a_member_steps_aside_with_a_reason(self, hearing, hana, leo, kit, vote):
        hearing.call(leo, by=hana)
        with pytest.raises(Incomplete):
            hearing.step_aside(" ", by=kit)
        hearing.step_aside("We are married.", by=kit)

        assert grounds(hearing)["Kit"] == "declared"
        assert not kit.has_perm("promotions.read_hearing", hearing)
        with pytest.raises(Denied):
            hearing.cast(by=kit)

    def test_the_last_who_is_awaited_opens_the_ballots_by_stepping_aside(self, hearing, hana, leo, vote):
        hearing.call(leo, by=hana)
        vote(hearing, noor="promote", kit="promote", stella="promote")
        assert not Count.objects.exists()
        hearing.step_aside("Not my field.", by=leo)

        assert Count.objects.get().round == 1

    def test_hr_goes_on_without_somebody_who_cannot_come(self, hearing, hana, leo, vote):
        hearing.call(leo, by=hana)
        vote(hearing, noor="promote", kit="promote", stella="promote")
        hearing.excuse(leo, "On leave.", by=hana)

        assert Hearing.objects.get(pk=hearing.pk).final_round == 1

    def test_nobody_is_taken_out_whose_vote_is_in_or_known(self, hearing, hana, kit, vote):
        vote(hearing, kit="decline")
        with pytest.raises(NotNow):
            hearing.excuse(kit, "Too strict.", by=hana)
        hearing = vote(hearing, noor="promote", stella="promote")
        assert hearing.round == 2
        with pytest.raises(Denied):
            hearing.excuse(kit, "Too strict.", by=hana)

    def test_below_the_quorum_ballots_stay_shut(self, hearing, kit, vote):
        hearing.step_aside("A conflict.", by=kit)
        hearing = vote(hearing, noor="promote", stella="promote")

        assert hearing.final_round is None


class TestDiscussing:
    def test_notes_are_made_once_ballots_are_open(self, hearing, kit, hana, vote):
        with pytest.raises(Denied):
            hearing.remark("Early.", by=kit)
        hearing = vote(hearing, noor="promote", kit="decline", stella="promote")
        hearing.remark("What of the second team?", by=kit)
        with pytest.raises(Incomplete):
            hearing.remark(" ", by=hana)

        assert [remark.text for remark in hearing.remarks.all()] == ["What of the second team?"]

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "otto"])
    def test_nobody_outside_reads_or_adds(self, request, voted, who):
        person = request.getfixturevalue(who)
        assert not person.has_perm("promotions.read_hearing", voted)
        with pytest.raises(Denied):
            voted.remark("x", by=person)


class TestUnmasking:
    @pytest.fixture
    def masked(self, proposed, committee, hana):
        return Hearing.empanel(proposed, committee, by=hana, masked=True)

    def test_a_member_sees_who_it_is_for_a_reason(self, masked, kit):
        with pytest.raises(Incomplete):
            masked.unmask("", by=kit)
        masked.unmask("The work names itself.", by=kit)

        assert masked.unmaskings.get().person == kit
        with pytest.raises(Denied):
            masked.unmask("Again.", by=kit)

    def test_nobody_is_called_who_reads_every_case_by_name(self, proposed, committee, hana, aude, kit):
        for person in (hana, aude):
            committee.seat(person, by=hana)
        hearing = Hearing.empanel(proposed, committee, by=hana, masked=True)

        assert sitting(hearing) == ["Noor", "Aude", "Kit", "Stella"]
        assert hana.has_perm("promotions.read_hearing", hearing)  # she runs it
        with pytest.raises(NotNow, match="of HR"):
            hearing.call(hana, by=hana)

    def test_hr_answers_where_names_are_shown(self, proposed, committee, hana):
        committee.seat(hana, by=hana)
        hearing = Hearing.empanel(proposed, committee, by=hana, masked=False)

        assert "Hana" in sitting(hearing)
        assert hearing.grounds([hana]) == {}

    def test_without_those_of_hr_the_quorum_may_be_missed(self, proposed, committee, hana, kit):
        committee.unseat(kit, by=hana)
        committee.seat(hana, by=hana)

        with pytest.raises(NoQuorum), transaction.atomic():
            Hearing.empanel(proposed, committee, by=hana, masked=True)
        Hearing.empanel(proposed, committee, by=hana, masked=False)

    def test_a_member_who_comes_to_hr_meanwhile_does_not_vote(
        self, proposed, committee, hana, kit, vote, leo
    ):
        committee.seat(leo, by=hana)
        masked = Hearing.empanel(proposed, committee, by=hana, masked=True)
        masked.write(by=kit, version=0, vote="promote", reason="So.")
        kit.grant("hr", by=hana)

        with pytest.raises(NotNow, match="recuse yourself"):
            masked.cast(by=kit)
        with pytest.raises(DatabaseError, match="nobody of HR"), transaction.atomic():
            Casting.objects.create(ballot=masked.ballots.get(person=kit), day=today())
        vote(masked, noor="promote", stella="promote", leo="promote")

        assert grounds(masked)["Kit"] == "hr"
        assert masked.votes_in(1).count() == 3

    def test_a_member_who_comes_to_hr_meanwhile_steps_aside(self, masked, hana, kit):
        kit.grant("hr", by=hana)
        masked.step_aside("I read names now.", by=kit)

        assert grounds(masked)["Kit"] == "declared"

    def test_there_is_nothing_to_unmask_in_an_open_hearing(self, hearing, kit):
        with pytest.raises(Denied):
            hearing.unmask("x", by=kit)


class TestTheDatabase:
    """What no transition does is refused by the database itself."""

    @pytest.fixture
    def ballot(self, hearing):
        def made(person, **fields):
            fields = {"round": 1, "vote": "promote", "reason": "x"} | fields
            return Ballot.objects.create(hearing=hearing, person=person, **fields)

        return made

    @pytest.mark.parametrize("who", ["sam", "mara", "dora", "leo"])
    def test_no_vote_of_anybody_who_may_not(self, request, hearing, ballot, who):
        person = request.getfixturevalue(who)
        if who in ("sam", "dora"):  # as if they had been called; Leo was not, and Mara is recused
            Member.objects.create(hearing=hearing, person=person, by=person)
        with pytest.raises(DatabaseError, match="Only a member"), transaction.atomic():
            Casting.objects.create(ballot=ballot(person), day=today())

    @pytest.mark.parametrize("blank", [{"vote": ""}, {"reason": ""}])
    def test_no_vote_without_reasons(self, ballot, kit, blank):
        with pytest.raises(DatabaseError, match="Only a member"), transaction.atomic():
            Casting.objects.create(ballot=ballot(kit, **blank), day=today())

    def test_no_vote_of_who_comes_into_the_line_that_day(self, hearing, ballot, sam, kit, hana):
        sam.report_to(kit, starts_on=today() + timedelta(days=1), by=hana)
        written = ballot(kit)
        with pytest.raises(DatabaseError, match="Only a member"), transaction.atomic():
            Casting.objects.create(ballot=written, day=today() + timedelta(days=1))
        Casting.objects.create(ballot=hearing.ballots.get(person=kit), day=today())

    def test_no_opening_before_all_are_in(self, hearing, vote):
        vote(hearing, noor="promote", kit="promote")
        with pytest.raises(DatabaseError, match="once all are in"), transaction.atomic():
            Count.objects.create(hearing=hearing, round=1)

    @pytest.mark.parametrize(
        "table", ["hearing", "member", "recusal", "casting", "count", "remark", "unmasking", "ballot"]
    )
    def test_what_was_said_stays(self, proposed, committee, hana, kit, vote, table):
        hearing = Hearing.empanel(proposed, committee, by=hana, masked=True)
        hearing.unmask("Why.", by=kit)
        hearing = vote(hearing, noor="promote", kit="promote", stella="decline")
        hearing.remark("A note.", by=kit)
        name = connection.ops.quote_name(f"promotions_{table}")
        for statement in (f"DELETE FROM {name}", f"UPDATE {name} SET id = id + 1000"):
            with pytest.raises(DatabaseError), transaction.atomic():
                connection.cursor().execute(statement)
