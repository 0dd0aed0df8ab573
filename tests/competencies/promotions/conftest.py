"""A committee for Sam's case: Noor in the chair, Kit and Stella, who work beside him; Mara is his manager."""

import pytest

from competencies.promotions.models import Committee, Hearing
from tests.scenes import scene


@scene
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


@scene
def committee(hana, noor, kit, stella, mara):
    committee = Committee.found("Platform", by=hana)
    committee.seat(noor, by=hana, chair=True)
    for person in (kit, stella, mara):
        committee.seat(person, by=hana)
    return committee


@pytest.fixture
def policy(db):
    from competencies.promotions.models import Policy

    return Policy.here()


@scene
def hearing(proposed, committee, hana):
    return Hearing.empanel(proposed, committee, by=hana)


@pytest.fixture
def vote():
    """A function that casts the ballots of several: `vote(hearing, noor="promote", kit="decline")`."""
    from competencies.people.models import Person

    def cast(hearing, **votes):
        for name, vote in votes.items():
            person = Person.objects.get(email=f"{name}@testing.example")
            hearing.write(by=person, version=0, vote=vote, reason=f"{name} thinks so.")
            hearing.cast(by=person)
        return Hearing.objects.with_related().get(pk=hearing.pk)

    return cast


@scene
def voted(hearing, vote):
    """The hearing with three ballots for a promotion, opened."""
    return vote(hearing, noor="promote", kit="promote", stella="promote")


@pytest.fixture
def decide():
    """A function that records a decision with all that it needs: `decide(hearing, "promote", by=noor)`."""
    from datetime import timedelta

    from competencies.core.clock import today

    def record(hearing, outcome="promote", *, by, **given):
        said = {"rationale": "Shown for a year.", "feedback": "Read this first."}
        if outcome == "not-yet":
            said |= {"conditions": "A second team.", "look_again_on": today() + timedelta(days=90)}
        return hearing.decide(outcome, by=by, **(said | given))

    return record
