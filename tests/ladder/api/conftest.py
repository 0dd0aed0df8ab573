"""Clients for programs, and rows of which everybody has something to hide."""

from types import SimpleNamespace

import pytest
from django.test import Client

from competencies.people.models import Token
from tests.conftest import just_confirmed
from tests.ladder.api.speaking import Api
from tests.scenes import scene


@pytest.fixture
def api(signed_in):
    """A function that gives the API as a person who has just signed in to a browser."""
    return lambda person: Api(just_confirmed(signed_in(person), person))


@pytest.fixture
def nobody(db):
    return Api(Client())


@pytest.fixture
def bearing(db):
    """A function that gives the API by a key."""
    return lambda key: Api(Client(), Authorization=f"Bearer {key}")


@pytest.fixture
def holding(bearing):
    """A function that gives the API by a new token of a person."""

    def hold(person, *, scope="write"):
        _token, key = Token.issue(person, by=person, label="test", scope=scope)
        return bearing(key)

    return hold


@scene
def drafts(of_self, of_manager, competencies, points, sam, mara):
    """Both sides of Sam's review begun and not handed in, each with a text for its author's eyes."""
    for assessment, author in ((of_self, sam), (of_manager, mara)):
        assessment.rate(
            competencies[0], by=author, version=0, point=points.consistent, comment=f"canary of {author}"
        )
    return SimpleNamespace(of_self=of_self, of_manager=of_manager)


@scene
def packet(full_case, mara):
    """The committee's copy of Sam's proposed case, not typeset."""
    from competencies.packets.models import Packet

    full_case.propose(by=mara)
    return Packet.freeze(full_case, by=mara)


@pytest.fixture
def ids(review, of_manager, evidence, full_case, packet, competencies, edition, sam):
    """An id for each kind of row in an address: Sam's rows, and the parts of the ladder."""
    from competencies.framework.models import Skill
    from competencies.notices.models import Letter
    from competencies.people.models import Token
    from competencies.personal_data.models import Export
    from competencies.sources.models import Source
    from competencies.trail.models import Entry

    token, _key = Token.issue(sam, by=sam, label="Sam's own")
    return {
        "assessments": of_manager.pk,
        "cases": full_case.pk,
        "competencies": competencies[0].pk,
        "cycles": review.cycle_id,
        "editions": edition.pk,
        "evidence": evidence[0].pk,
        "jobs": Export.order(sam, by=sam).job_id,
        "letters": Letter.order("account", to=sam).pk,
        "packets": packet.pk,
        "people": sam.pk,
        "reviews": review.pk,
        "skills": Skill.objects.first().pk,
        "sources": Source.objects.first().pk,
        "tokens": token.pk,
        "trail": Entry.objects.get(action="token.issued", row_pk=str(token.pk)).public_id,
    }
