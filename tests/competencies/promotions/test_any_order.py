"""
A case before its committee, under random people who do random things in a random order.

A short run each time; LADDER_LONG=1 makes it a long one.
"""

import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction

from competencies.core.clock import today
from competencies.core.permissions import may
from competencies.core.refusals import Denied, Refusal
from competencies.framework.models import Edition
from competencies.people.models import ManagerPath, Person
from competencies.promotions.models import (
    Appeal,
    Ballot,
    Casting,
    Committee,
    Decision,
    Hearing,
    Policy,
    PromotionCase,
    Proposal,
)
from competencies.promotions.models.decision import majority
from competencies.trail.models import Entry, Head
from competencies.trail.verifying import breaks

LONG = os.environ.get("LADDER_LONG") == "1"
WALKS, STEPS_OF_A_WALK = (400, 80) if LONG else (9, 20)
WHOEVER_MAY = "whoever may"
EVERYBODY = ("sam", "mara", "dora", "noor", "kit", "stella", "leo", "hana", "aude", "otto", "gone")
OUTCOMES = ("promote", "not-yet", "decline")
STEPS = (
    "convene_hearing",
    "call_member",
    "step_aside",
    "excuse_member",
    "cast_ballot",
    "discuss_hearing",
    "decide_hearing",
    "release_decision",
    "appeal_decision",
    "withdraw_case",
)
ALONG = {"member.recused", "ballots.opened"}  # what follows from a step by rule


class Deciding:
    """Sam's case from its proposal on. Each step is tried by anybody at any time."""

    def __init__(self, chance, done):
        self.chance, self.done = chance, done
        self.people = {person.name.lower(): person for person in Person.objects.all()}
        levels = {level.key: level for level in Edition.objects.in_force().get().level_set.all()}
        self.hana = self.people["hana"]
        Policy.here().change(
            by=self.hana,
            quorum=chance.choice([2, 3]),
            second_ballot=chance.choice(Policy.SecondBallot.values),
            masked=chance.random() < 0.5,
        )
        case = PromotionCase.nominate(self.people["sam"], levels["staff"], by=self.people["mara"])
        Proposal.objects.create(case=case, by=case.sponsor)
        self.case_pk = case.pk
        self.committees = [
            self.committee("First", "noor", "kit", "stella", "mara"),
            self.committee("Second", "leo", "aude", "otto", "kit"),
        ]
        self.cast = {}

    def committee(self, name, *people):
        committee = Committee.found(name, by=self.hana)
        for place, person in enumerate(people):
            committee.seat(self.people[person], by=self.hana, chair=place == 0)
        return committee

    @property
    def case(self):
        return PromotionCase.objects.with_state().get(pk=self.case_pk)

    @property
    def hearing(self):
        return Hearing.objects.filter(case=self.case_pk).order_by("-pk").first()

    def attempt(self, who, action, row, act, *entries):
        """Let `who` try a step: a refusal leaves no trace, a success `entries` and what follows by rule.

        The rule and the transition must agree: who may not is `Denied`, who may never is.
        """
        action = f"promotions.{action}"
        if who == WHOEVER_MAY:
            named = self.chance.sample(EVERYBODY, len(EVERYBODY))
            who = next((name for name in named if may(self.people[name], action, row)), "gone")
        person, before = self.people[who], Head.objects.get().sequence
        allowed = may(person, action, row)
        if refusal := refusal_of(act, person):
            assert isinstance(refusal, Denied) != allowed, (who, action, refusal)
            assert Head.objects.get().sequence == before
            return False
        assert allowed, (who, action)
        self.done[action.split(".")[1]] += 1
        made = Entry.objects.filter(sequence__gt=before).order_by("sequence")
        assert [entry.action for entry in made if entry.action not in ALONG] == list(entries)
        assert {entry.actor_id for entry in made} == {person.pk}
        return True

    # the steps

    def convene(self, who):
        committee = self.committees[1 if hasattr(self.case, "appeal") else 0]
        return self.attempt(
            who,
            "convene_hearing",
            self.case,
            lambda by: Hearing.empanel(self.case, committee, by=by),
            "hearing.convened",
        )

    def call(self, who, name=""):
        person = self.people[name or self.chance.choice(EVERYBODY)]
        act = lambda by: self.hearing.call(person, by=by)  # noqa: E731
        return self.attempt(who, "call_member", self.hearing, act, "hearing.called")

    def step_aside(self, who):
        act = lambda by: self.hearing.step_aside("A friend.", by=by)  # noqa: E731
        return self.attempt(who, "step_aside", self.hearing, act)

    def excuse(self, who):
        awaited = list(self.hearing.awaited()) or list(self.hearing.members.all())
        person = self.chance.choice(awaited).person
        act = lambda by: self.hearing.excuse(person, "Ill.", by=by)  # noqa: E731
        return self.attempt(who, "excuse_member", self.hearing, act)

    def vote(self, who):
        reason = self.chance.choice([*["Seen twice."] * 7, " "])
        outcome = self.chance.choice(["promote", *OUTCOMES])

        def act(by):
            ballot = self.hearing.ballot_of(by)
            version = ballot.version if ballot else 0
            self.hearing.write(by=by, version=version, vote=outcome, reason=reason)
            self.hearing.cast(by=by)

        return self.attempt(who, "cast_ballot", self.hearing, act, "ballot.written", "ballot.cast")

    def remark(self, who):
        act = lambda by: self.hearing.remark("A note.", by=by)  # noqa: E731
        return self.attempt(who, "discuss_hearing", self.hearing, act, "remark.made")

    def decide(self, who):
        outcome = self.chance.choice(OUTCOMES)
        said = {"rationale": "So.", "feedback": "Go on.", "conditions": "A team."}
        day = today() + timedelta(days=60)
        act = lambda by: self.hearing.decide(outcome, by=by, look_again_on=day, **said)  # noqa: E731
        return self.attempt(who, "decide_hearing", self.hearing, act, "decision.made")

    def publish(self, who):
        if decision := Decision.objects.filter(hearing=self.hearing).first():
            steps = ["person.placed"] if decision.outcome == "promote" else []
            act = lambda by: decision.publish(by=by)  # noqa: E731
            return self.attempt(who, "release_decision", decision, act, *steps, "case.decided")
        return False

    def appeal(self, who):
        act = lambda by: Appeal.lodge(self.case, "Look again.", by=by)  # noqa: E731
        return self.attempt(who, "appeal_decision", self.case, act, "case.appealed")

    def withdraw(self, who):
        act = lambda by: self.case.withdraw(by=by, reason="No.")  # noqa: E731
        return self.attempt(who, "withdraw_case", self.case, act, "case.withdrawn")

    def move(self):
        """A re-organisation in the middle of it: somebody else manages Sam, or Sam somebody."""
        person, manager = self.chance.choice(
            [("sam", "noor"), ("sam", "mara"), ("kit", "noor"), ("kit", "sam")]
        )
        try:
            self.people[person].report_to(self.people[manager], starts_on=today(), by=self.hana)
        except Refusal:
            return

    def wander(self):
        """Take one step, most often one that is legal now, so that a short walk comes far."""
        who = self.chance.choice([WHOEVER_MAY] * 20 + list(EVERYBODY))
        anything = [self.vote, self.decide, self.publish, self.appeal, self.convene, self.call]
        anything += [self.step_aside, self.excuse, self.remark] + [self.withdraw] * (
            self.chance.random() < 0.2
        )
        if self.hearing is None:
            likely = [self.convene]
        else:
            likely = {
                "voting": [self.vote] * 14
                + [self.excuse, self.call, self.step_aside, self.remark, self.withdraw],
                "to-decide": [self.decide] * 4 + [self.remark],
                "decided": [self.publish],
                "released": [self.appeal, self.appeal, self.convene],
                "withdrawn": anything,
            }[Hearing.objects.with_related().get(pk=self.hearing.pk).state]
        steps = anything if self.hearing and self.chance.random() < 0.1 else likely
        moved = self.chance.choice(steps)(who)
        if self.chance.random() < 0.05:
            moved = self.move() or moved
        return moved

    # what always holds

    def check(self):
        self.votes_are_of_people_apart()
        self.what_was_cast_does_not_move()
        for hearing in Hearing.objects.with_related().filter(case=self.case_pk):
            self.ballots_are_blind_until_all_are_in(hearing)
            self.the_recused_read_nothing(hearing)
            self.a_decision_rests_on_a_quorum_and_its_majority(hearing)
        self.what_is_not_released_is_unknown()

    def votes_are_of_people_apart(self):
        sam = self.people["sam"]
        for casting in Casting.objects.select_related("ballot"):
            voter, day = casting.ballot.person_id, casting.day
            line = ManagerPath.objects.filter(starts_on__lte=day, until__gt=day)
            assert voter not in (sam.pk, self.case.sponsor_id)
            assert not line.filter(person=sam, manager=voter, starts_on__lt=day).exists()

    def what_was_cast_does_not_move(self):
        for ballot in Ballot.objects.filter(casting__isnull=False):
            told = (ballot.vote, ballot.reason, ballot.per_competency)
            assert self.cast.setdefault(ballot.pk, told) == told

    def ballots_are_blind_until_all_are_in(self, hearing):
        opened = set(hearing.counts.values_list("round", flat=True))
        for name in EVERYBODY:
            person = self.people[name]
            others = Ballot.objects.filter(hearing=hearing).allowing(person, "promotions.read_ballot")
            assert set(others.exclude(person=person).values_list("round", flat=True)) <= opened, name

    def the_recused_read_nothing(self, hearing):
        for recusal in hearing.recusals.select_related("person"):
            assert not may(recusal.person, "promotions.read_hearing", hearing)
            assert not may(recusal.person, "promotions.cast_ballot", hearing)

    def a_decision_rests_on_a_quorum_and_its_majority(self, hearing):
        if decision := getattr(hearing, "decision", None):
            votes = [ballot.vote for ballot in hearing.votes_in(hearing.final_round)]
            assert len(votes) >= hearing.quorum
            assert decision.outcome == (majority(votes) or decision.outcome)
            assert decision.outcome != "promote" or majority(votes) == "promote"
            assert decision.rationale
            assert decision.feedback

    def what_is_not_released_is_unknown(self):
        for decision in Decision.objects.filter(release=None):
            for name in ("sam", "mara", "dora", "gone"):
                assert not may(self.people[name], "promotions.read_decision", decision), name
            assert self.case.decision is None or self.case.decision.pk != decision.pk


def refusal_of(act, person):
    try:
        with transaction.atomic():
            act(person)
    except Refusal as refusal:
        return refusal
    return None


def walk(number, done):
    """Take one walk and undo it."""
    with transaction.atomic():
        deciding = Deciding(Random(number), done)
        deciding.convene(WHOEVER_MAY)
        for begin in (deciding.vote, deciding.excuse, deciding.step_aside, deciding.withdraw)[
            number : number + 1
        ]:
            deciding.call(WHOEVER_MAY, "leo")
            begin(WHOEVER_MAY)
        for _step in range(STEPS_OF_A_WALK):
            if deciding.wander():
                deciding.check()
        assert not list(breaks())
        transaction.set_rollback(True)


@pytest.mark.slow
def test_whatever_anybody_does_in_any_order(db):
    done = Counter()
    for number in range(WALKS):
        walk(number, done)

    assert {action for action in STEPS if not done[action]} == set(), done
