"""Who may not answer a case is one rule: in words, as a set of rows, in a transition and in the database."""

import importlib
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import combinations, product

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from competencies.core.clock import now, standing_at, today
from competencies.core.refusals import Denied, NotNow
from competencies.people.models import ManagerPath, Person, RoleGrant
from competencies.promotions import hearing_triggers
from competencies.promotions.models import (
    Ballot,
    Casting,
    Count,
    Decision,
    EndorsementRecall,
    EndorsementRequest,
    Hearing,
    Member,
    PromotionCase,
    Recusal,
)
from competencies.promotions.models.decision import NoQuorum
from competencies.promotions.recusal import BARRING, BY_RULE, GROUNDS, apart, barred
from competencies.trail.trigger_installation import drop, install
from competencies.trail.trigger_sql import exists

YESTERDAY, TODAY, TOMORROW = (today() + timedelta(days=days) for days in (-1, 0, 1))


class Scene:
    """A hearing to which Leo was called, and what makes him somebody who may not answer it."""

    def __init__(self, hearing, first, leo):
        self.hearing, self.first, self.leo, self.case = hearing, first, leo, hearing.case

    def becomes(self, **field):
        PromotionCase.objects.filter(pk=self.case.pk).update(**field)

    def line(self, *, starts_on=date.min, until=date.max, **pair):
        candidate = PromotionCase.objects.get(pk=self.case.pk).subject
        pair = {"person": candidate, "manager": candidate} | pair
        ManagerPath.objects.create(depth=2, starts_on=starts_on, until=until, **pair)

    def asked(self, person):
        fields = {"relation": "peer", "outside": True, "by": self.case.sponsor, "expires_at": now()}
        return EndorsementRequest.objects.create(
            case=self.case, name="Leo", email="leo@testing.example", person=person, **fields
        )

    def granted(self, role, **fields):
        RoleGrant.objects.create(person=self.leo, role=role, **fields)

    def leaves(self, day):
        Person.objects.filter(pk=self.leo.pk).update(leaves_on=day)


PARTS = {
    "the candidate": lambda scene: scene.becomes(subject=scene.leo),
    "sponsor": lambda scene: scene.becomes(sponsor=scene.leo),
    "presenter": lambda scene: scene.becomes(presenter=scene.leo),
    "above": lambda scene: scene.line(manager=scene.leo),
    "above until today": lambda scene: scene.line(manager=scene.leo, until=TODAY),
    "above from tomorrow": lambda scene: scene.line(manager=scene.leo, starts_on=TOMORROW),
    "below": lambda scene: scene.line(person=scene.leo, starts_on=TODAY, until=TOMORROW),
    "endorser": lambda scene: scene.asked(scene.leo),
    "endorser, recalled": lambda scene: EndorsementRecall.objects.create(
        request=scene.asked(scene.leo), by=scene.case.sponsor
    ),
    "endorser without an account": lambda scene: scene.asked(None),
    "called before": lambda scene: Member.objects.create(hearing=scene.first, person=scene.leo, by=scene.leo),
    "of HR": lambda scene: scene.granted("hr"),
    "of HR before": lambda scene: scene.granted("hr", revoked_at=now()),
    "auditor": lambda scene: scene.granted("auditor"),
    "stepped aside": lambda scene: Recusal.objects.create(
        hearing=scene.hearing, person=scene.leo, ground="declared", reason="A friend.", by=scene.leo
    ),
    "left today": lambda scene: scene.leaves(TODAY),
    "leaves tomorrow": lambda scene: scene.leaves(TOMORROW),
}
GROUND = {
    "the candidate": "self",
    "sponsor": "sponsor",
    "presenter": "presenter",
    "above": "chain",
    "below": "chain",
    "endorser": "endorser",
    "endorser, recalled": "endorser",
}
GROUND_OF = {  # by the kind of hearing
    "first": GROUND,
    "first, masked": GROUND | {"of HR": "hr"},
    "appeal": GROUND | {"called before": "sat-before"},
    "appeal, masked": GROUND | {"called before": "sat-before", "of HR": "hr"},
}
SILENT = ("stepped aside", "left today")  # keep from voting without a ground by rule
PRECEDENCE = ("self", "sponsor", "chain", "presenter", "endorser", "sat-before", "hr")


@pytest.fixture(params=GROUND_OF)
def kind(request):
    return request.param


@pytest.fixture
def scene_of(hearing, committee, hana, leo):
    """A function that returns the `Scene` of a hearing of that kind; a first one is of another case."""

    def made(kind):
        fields = {"masked": "masked" in kind, "stage": kind.split(",")[0]}
        case = hearing.case if fields["stage"] == "appeal" else another(hearing.case)
        of_it = Hearing.objects.create(
            case=case, committee=committee, quorum=2, second_ballot="never", appeal_days=0, by=hana, **fields
        )
        Member.objects.create(hearing=of_it, person=leo, by=hana)
        return Scene(of_it, hearing, leo)

    return made


def another(case):
    same = {
        field.name: getattr(case, field.name) for field in case._meta.concrete_fields if field.name != "id"
    }
    return PromotionCase.objects.create(**same)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answers(scene):
    """Return what each form of the rule says of Leo: `(ground in words, is barred, may vote, database)`."""
    hearing = Hearing.objects.with_related().get(pk=scene.hearing.pk)
    leo = Person.objects.get(pk=scene.leo.pk)
    every = tuple(ground.name for ground in BARRING)
    rows = Hearing.objects.filter(pk=hearing.pk)
    return (
        hearing.grounds([leo]).get(leo.pk),
        rows.filter(barred(every, "", leo.pk, today())).exists(),
        transition_takes(hearing, leo),
        database_takes(hearing, leo),
    )


def transition_takes(hearing, leo):
    with undone():
        try:
            hearing.write(by=leo, version=0, vote="promote", reason="x")
            hearing.cast(by=leo)
        except (Denied, NotNow):
            return False
        return True


def database_takes(hearing, leo):
    with undone():
        ballot = Ballot.objects.create(hearing=hearing, person=leo, round=1, vote="promote", reason="x")
        return takes(Casting, ballot=ballot, day=today())


def takes(model, **row):
    try:
        with transaction.atomic():
            model.objects.create(**row)
    except DatabaseError:
        return False
    return True


def expected(kind, parts):
    grounds = {GROUND_OF[kind][part] for part in parts if part in GROUND_OF[kind]}
    ground = min(grounds, key=PRECEDENCE.index, default=None)
    votes = not grounds and not set(parts) & set(SILENT)
    return (ground, bool(ground), votes, votes)


def differing(scene, kind, sets):
    """Return the sets of parts on which any form of the rule says something else than is meant."""
    found = {}
    for parts in sets:
        with undone():
            for part in parts:
                PARTS[part](scene)
            if (said := answers(scene)) != expected(kind, parts):
                found[parts] = said
    return found


def test_every_form_of_the_rule_says_the_same_of_each_part(scene_of, kind):
    assert differing(scene_of(kind), kind, [(), *((part,) for part in PARTS)]) == {}


IMPOSSIBLE = [  # the table of cases refuses the first two, and nobody leaves twice
    {"the candidate", "sponsor"},
    {"the candidate", "presenter"},
    {"left today", "leaves tomorrow"},
]


@pytest.mark.slow
def test_every_form_of_the_rule_says_the_same_of_two_parts_at_once(scene_of):
    pairs = [pair for pair in combinations(PARTS, 2) if set(pair) not in IMPOSSIBLE]

    assert differing(scene_of("appeal, masked"), "appeal, masked", pairs) == {}


def test_a_part_in_the_case_keeps_from_running_its_hearing(scene_of):
    scene = scene_of("first")
    for part in ("the candidate", "sponsor", "presenter", "above", "below", "endorser", "of HR", "auditor"):
        with undone():
            PARTS[part](scene)
            rows = Hearing.objects.filter(apart(scene.leo), pk=scene.hearing.pk)
            assert rows.exists() == (part not in GROUND), part


def test_every_ground_that_is_declared_is_asked_of_by_every_form():
    names = [ground.name for ground in BARRING]

    assert names == list(PRECEDENCE)
    assert {*names, "declared", "absent"} == set(GROUNDS)
    assert {*BY_RULE, "hr"} == set(names)
    assert {ground for grounds in GROUND_OF.values() for ground in grounds.values()} == set(names)


def test_what_a_trigger_asks_does_not_depend_on_the_day_on_which_it_is_made():
    def made():
        import_of = importlib.reload(hearing_triggers)
        return [exists(one.when, connection) for one in import_of.TRIGGERS if isinstance(one.when, QuerySet)]

    on_this_day = made()
    with standing_at(now() + timedelta(days=400)):
        assert made() == on_this_day
    assert len(on_this_day) == 9


def test_votes_from_before_the_rule_stay(hearing, vote, kit, decide, noor):
    PromotionCase.objects.filter(pk=hearing.case.pk).update(presenter=kit)
    drop()
    ballot = Ballot.objects.create(hearing=hearing, person=kit, round=1, vote="promote", reason="x")
    Casting.objects.create(ballot=ballot, day=today())

    install()

    assert Casting.objects.filter(ballot=ballot).exists()
    assert takes(Recusal, hearing=hearing, person=kit, ground="presenter", by=noor)


class TestQuorum:
    """Which votes count, and how many make a quorum."""

    @pytest.fixture
    def asking(self, proposed, committee, hana, noor, kit, stella, leo):
        """A function that makes a hearing of four with a quorum: so many voted, the others were recused."""

        def made(quorum, voted):
            hearing = Hearing.objects.create(
                case=proposed,
                committee=committee,
                quorum=quorum,
                second_ballot="never",
                appeal_days=0,
                by=hana,
            )
            for place, person in enumerate((noor, kit, stella, leo)):
                Member.objects.create(hearing=hearing, person=person, by=hana)
                if place < voted:
                    ballot = Ballot.objects.create(
                        hearing=hearing, person=person, round=1, vote="promote", reason="x"
                    )
                    Casting.objects.create(ballot=ballot, day=today())
                else:
                    recuse(hearing, person)
            return hearing

        return made

    @pytest.mark.parametrize(("quorum", "voted"), list(product((2, 3, 4), (0, 1, 2, 3, 4))))
    def test_a_round_opens_once_enough_votes_count(self, asking, hana, quorum, voted):
        hearing = asking(quorum, voted)

        few = Hearing.objects.filter(pk=hearing.pk).without_quorum(1).exists()
        with undone():
            opened = hearing._open_if_all_in(by=hana) is not None
        taken = takes(Count, hearing=hearing, round=1)

        assert (opened, taken, few) == (voted >= quorum, voted >= quorum, voted < quorum)

    @pytest.mark.parametrize(("quorum", "recused"), list(product((2, 3, 4), (0, 1, 2, 3))))
    def test_a_decision_asks_it_again_of_the_votes_that_are_left(self, asking, hana, quorum, recused):
        hearing = asking(quorum, 4)
        Count.objects.create(hearing=hearing, round=1)
        for ballot in hearing.ballots.all()[:recused]:
            recuse(hearing, ballot.person)
        hearing, said = Hearing.objects.get(pk=hearing.pk), {"rationale": "x", "feedback": "y"}

        few = Hearing.objects.filter(pk=hearing.pk).without_quorum(1).exists()
        with undone():
            try:
                decided = hearing.decide("promote", by=hana, **said)
            except NoQuorum:
                decided = None
        taken = takes(Decision, hearing=hearing, outcome="promote", by=hana, **said)

        enough = 4 - recused >= quorum
        assert (decided is not None, taken, few) == (enough, enough, not enough)

    def test_a_vote_that_is_awaited_keeps_a_round_closed(self, asking, hana, wren):
        hearing = asking(2, 3)
        Member.objects.create(hearing=hearing, person=wren, by=hana)

        assert hearing.awaited().get().person == wren
        assert not takes(Count, hearing=hearing, round=1)

    def test_nobody_waits_for_who_is_gone(self, asking, hana, wren):
        hearing = asking(2, 3)
        Member.objects.create(hearing=hearing, person=wren, by=hana)
        Person.objects.filter(pk=wren.pk).update(leaves_on=TODAY)

        assert not hearing.awaited().exists()
        assert takes(Count, hearing=hearing, round=1)


def recuse(hearing, person):
    Recusal.objects.create(hearing=hearing, person=person, ground="declared", reason="A friend.", by=person)
