"""
Reviews under random people who do random things in a random order.

A short run each time; LADDER_LONG=1 makes it a long one.
"""

import json
import os
from collections import Counter
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from competencies.core.clock import now, today
from competencies.core.permissions import may
from competencies.core.refusals import Denied, Refusal
from competencies.framework.models import Edition
from competencies.people.models import Person
from competencies.reviews.models import Assessment, Cycle, Rating, Reveal, Review, Tally
from competencies.reviews.opening import open_cycle
from competencies.trail.models import Entry, Head
from competencies.trail.verifying import breaks

LONG = os.environ.get("LADDER_LONG") == "1"
WHOEVER_MAY = "whoever may"
ANYBODY = st.sampled_from([*[WHOEVER_MAY] * 6, "sam", "mara", "hana", "noor", "dora", "kit", "gone"])
STEPS = (
    "reviews.write_assessment",
    "reviews.submit_assessment",
    "reviews.reopen_assessment",
    "reviews.discuss_review",
    "reviews.sign_review",
    "reviews.aim_review",
    "reviews.hand_over_review",
    "reviews.close_cycle",
    "people.place_person",
)
done = Counter()
SIDE = st.sampled_from(["self", "manager"])


class Reviewing(RuleBasedStateMachine):
    """Sam's review, from its opening. Each step is tried by anybody at any time."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.people = {person.name.lower(): person for person in Person.objects.all()}
        edition = Edition.objects.in_force().get()
        self.points = list(edition.scale.points.all())
        self.levels = list(edition.level_set.all())
        cycle = Cycle.prepare(
            by=self.people["hana"],
            name="Any order",
            editions=[edition],
            everyone=False,
            people=[self.people["sam"]],
            self_due_at=now(),
            manager_due_at=now(),
        )
        open_cycle(cycle, by=self.people["hana"])
        self.review_pk = cycle.reviews.get().pk
        self.handed_in, self.moved = {}, True

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @property
    def review(self):
        return Review.objects.get(pk=self.review_pk)

    def side(self, kind):
        return self.review.assessments.get(kind=kind)

    def attempt(self, who, action, row, act, *entries):
        """Let `who` try a step: a refusal leaves no trace, a success exactly `entries` in the trail.

        The rule and the transition must agree: who may not is `Denied`, who may never is.
        """
        if who == WHOEVER_MAY:
            named = ("sam", "mara", "noor", "hana", "kit")
            who = next((name for name in named if may(self.people[name], action, row)), "kit")
        person, before = self.people[who], Head.objects.get().sequence
        allowed, self.moved = may(person, action, row), False
        if refusal := self.refusal_of(act, person):
            assert isinstance(refusal, Denied) != allowed, (who, action, refusal)
            assert Head.objects.get().sequence == before
            return False
        self.moved = True
        done[action] += 1
        assert allowed, (who, action)
        made = list(Entry.objects.filter(sequence__gt=before).order_by("sequence"))
        expected = list(entries)
        if action == "reviews.submit_assessment" and made[-1].action == "review.revealed":
            expected.append("review.revealed")
        assert [entry.action for entry in made] == expected
        assert {entry.actor_id for entry in made} == {person.pk}
        return True

    @initialize(steps=st.sampled_from([2, 3, 1, 0, 4]))
    def go_some_way(self, steps):
        """Begin where something is to be decided: one side in, both, talked about, or signed by one."""
        way = (
            lambda: self.submit(WHOEVER_MAY, "self", True),
            lambda: self.submit(WHOEVER_MAY, "manager", True),
            lambda: self.discuss(WHOEVER_MAY),
            lambda: self.sign("sam"),
        )
        for step in way[:steps]:
            step()

    @staticmethod
    def refusal_of(act, person):
        try:
            with transaction.atomic():
                act(person)
        except Refusal as refusal:
            return refusal
        return None

    @rule(
        who=ANYBODY,
        kind=SIDE,
        number=st.integers(0, 14),
        point=st.integers(-1, 4),
        version=st.sampled_from([None, None, None, 0, 7]),
        text=st.text(alphabet="ab ", max_size=3),
    )
    def rate(self, who, kind, number, point, version, text):
        assessment = self.side(kind)
        competency = assessment.competencies()[number]
        rating = assessment.ratings.filter(competency=competency).first()
        answer = {"point": None if point < 0 else self.points[point], "comment": text}
        if version is None:
            version = rating.version if rating else 0
        same = rating and rating.version and (rating.point, rating.comment) == (answer["point"], text)
        self.attempt(
            who,
            "reviews.write_assessment",
            assessment,
            lambda person: assessment.rate(competency, by=person, version=version, **answer),
            *([] if same and hasattr(rating, "says") else ["rating.saved"]),
        )

    def answer_the_rest(self, draft):
        """Fill in what is left of a draft, past the transitions: they would take most of the time."""
        Rating.objects.bulk_create(
            Rating(assessment=draft, competency=competency, point=self.points[1], version=1)
            for competency in draft.competencies().exclude(pk__in=draft.ratings.values("competency"))
        )
        draft.ratings.filter(point=None).update(point=self.points[1])
        Assessment.objects.filter(pk=draft.pk, started_at=None).update(started_at=now())

    @rule(who=ANYBODY, kind=SIDE, complete=st.sampled_from([True, True, False]))
    def submit(self, who, kind, complete):
        assessment = self.side(kind)
        if complete and not assessment.submission:
            self.answer_the_rest(assessment)
        if self.attempt(
            who,
            "reviews.submit_assessment",
            assessment,
            lambda person: assessment.submit(by=person),
            "assessment.submitted",
        ):
            submission = assessment.submissions.get(round=assessment.round)
            self.handed_in[submission.pk] = submission.snapshot

    @rule(who=ANYBODY, kind=SIDE, reason=st.sampled_from(["A slip.", "  "]))
    def reopen(self, who, kind, reason):
        assessment = self.side(kind)
        self.attempt(
            who,
            "reviews.reopen_assessment",
            assessment,
            lambda person: assessment.reopen(by=person, reason=reason),
            "assessment.reopened",
        )

    @rule(who=ANYBODY)
    def discuss(self, who):
        review = self.review
        self.attempt(
            who, "reviews.discuss_review", review, lambda by: review.discuss(by=by), "review.discussed"
        )

    @rule(who=ANYBODY)
    def sign(self, who):
        review = self.review
        self.attempt(who, "reviews.sign_review", review, lambda by: review.sign(by=by), "review.signed")

    @rule(who=ANYBODY, level=st.integers(0, 2))
    def aim(self, who, level):
        review = self.review
        self.attempt(
            who,
            "reviews.aim_review",
            review,
            lambda person: review.aim(self.levels[level % len(self.levels)], by=person),
            "review.aimed",
        )

    @rule(who=ANYBODY, manager=st.sampled_from(["mara", "noor", "sam"]))
    def move(self, who, manager):
        sam = self.people["sam"]
        self.attempt(
            who,
            "people.place_person",
            sam,
            lambda person: sam.report_to(self.people[manager], starts_on=today(), by=person),
            "person.moved",
        )

    @rule(who=ANYBODY, manager=st.sampled_from(["mara", "noor"]))
    def hand_over(self, who, manager):
        review = self.review
        self.attempt(
            who,
            "reviews.hand_over_review",
            review,
            lambda person: review.hand_over(self.people[manager], by=person),
            "review.handed_over",
        )

    @rule(who=st.sampled_from(["sam", "mara", "kit", "hana"]), now_or_never=st.integers(0, 4))
    def close(self, who, now_or_never):
        if who == "hana" and now_or_never:
            return
        cycle = self.review.cycle
        self.attempt(who, "reviews.close_cycle", cycle, lambda by: cycle.close(by=by), "cycle.closed")

    @precondition(lambda self: self.moved)
    @invariant()
    def nobody_rates_themselves_as_a_manager(self):
        rows = Assessment.objects.filter(review=self.review_pk)
        assert not rows.exclude(kind="self").filter(author=self.people["sam"]).exists()
        assert rows.get(kind="self").author == self.people["sam"]

    @precondition(lambda self: self.moved)
    @invariant()
    def what_was_handed_in_does_not_move(self):
        review = self.review
        for assessment in review.assessments.submitted():
            submission = assessment.submissions.get(round=assessment.round)
            assert submission.snapshot == self.handed_in[submission.pk]
            assert json.loads(submission.snapshot).items() >= assessment.snapshot().items()

    @precondition(lambda self: self.moved)
    @invariant()
    def it_is_revealed_when_both_were_in(self):
        in_now = set(
            Assessment.objects.submitted().filter(review=self.review_pk).values_list("kind", flat=True)
        )
        revealed = Reveal.objects.filter(review=self.review_pk).exists()
        if in_now == {"self", "manager"}:
            assert revealed
        if revealed:
            rounds = Assessment.objects.filter(review=self.review_pk, submissions__isnull=False)
            assert rounds.filter(kind="self").exists()
            assert rounds.exclude(kind="self").exists()

    @precondition(lambda self: self.moved)
    @invariant()
    def the_tally_is_what_counting_says(self):
        cycle = self.review.cycle
        reviews, tally = cycle.reviews.with_state(), Tally.objects.get(cycle=cycle)
        counted = {
            "reviews": reviews.count(),
            "selves": reviews.filter(self_in=True).count(),
            "managers": reviews.filter(manager_in=True).count(),
            "both": reviews.filter(self_in=True, manager_in=True).count(),
            "unfinished": reviews.unfinished().count(),
            "late": reviews.late().count(),
            "revealed": reviews.revealed().count(),
            "discussed": reviews.filter(discussion__isnull=False).count(),
            "signed": reviews.filter(signed_by_subject=True, signed_by_manager=True).count(),
        }
        assert {name: getattr(tally, name) for name in counted} == counted

    @precondition(lambda self: self.moved)
    @invariant()
    def drafts_are_their_authors_alone(self):
        for name in ("sam", "mara", "noor", "dora", "hana", "kit"):
            person = self.people[name]
            readable = Assessment.objects.allowing(person, "reviews.read_assessment")
            assert not readable.unsubmitted().exclude(author=person).exists(), person

    @precondition(lambda self: self.moved)
    @invariant()
    def it_is_closed_to_the_blind_until_the_reveal(self):
        if not Reveal.objects.filter(review=self.review_pk).exists():
            for person in (self.people["sam"], self.review.manager):
                others = Rating.objects.exclude(assessment__author=person).filter(
                    assessment__in=Assessment.objects.allowing(person, "reviews.read_assessment")
                )
                assert not others.exists(), person


SEEN_TO = (
    Reviewing.nobody_rates_themselves_as_a_manager,
    Reviewing.what_was_handed_in_does_not_move,
    Reviewing.it_is_revealed_when_both_were_in,
    Reviewing.drafts_are_their_authors_alone,
    Reviewing.it_is_closed_to_the_blind_until_the_reveal,
)


def wander(machine, chance):
    """Take one step that is likely to be legal, so that a short walk comes far."""
    who = chance.choice([WHOEVER_MAY] * 4 + ["sam", "mara", "noor", "hana", "gone"])
    kind = chance.choice(["self", "manager"])
    step = chance.choice(
        [
            *[lambda: machine.rate(who, kind, chance.randrange(15), chance.randrange(-1, 4), None, "a")] * 2,
            *[lambda: machine.submit(who, kind, chance.random() < 0.8)] * 3,
            lambda: machine.reopen(who, kind, "A slip."),
            lambda: machine.discuss(who),
            lambda: machine.sign(who),
            lambda: machine.aim(who, chance.randrange(3)),
            lambda: machine.move(who, chance.choice(["mara", "noor"])),
            lambda: machine.hand_over(who, machine.people["sam"].manager_on().name.lower()),
            lambda: machine.close("hana", chance.randrange(40)),
        ]
    )
    step()
    if machine.moved:
        for invariant_holds in SEEN_TO:
            invariant_holds(machine)


BEGINNINGS = (
    lambda review: review.aim(WHOEVER_MAY, 1),
    lambda review: (review.go_some_way(1), review.move("hana", "noor"), review.hand_over("hana", "noor")),
    lambda review: review.go_some_way(2),
    lambda review: (review.go_some_way(2), review.reopen("hana", "manager", "A slip.")),
    lambda review: review.go_some_way(3),
    lambda review: (review.go_some_way(1), review.close("hana", 0)),
)


def test_walks_that_take_every_step(db):
    done.clear()
    for number, begin in enumerate(BEGINNINGS):
        machine, chance = Reviewing(), Random(number)
        try:
            begin(machine)
            for _step in range(25):
                wander(machine, chance)
            assert not list(breaks())
        finally:
            machine.teardown()

    assert {action for action in STEPS if not done[action]} == set(), done


@pytest.mark.slow
def test_whatever_anybody_does_in_any_order(db):
    run_state_machine_as_test(
        Reviewing,
        settings=settings(
            max_examples=400 if LONG else 10,
            stateful_step_count=80 if LONG else 20,
            deadline=None,
            derandomize=not LONG,
            suppress_health_check=list(HealthCheck),
        ),
    )
