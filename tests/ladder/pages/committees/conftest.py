"""The committee of the domain's tests, called as its pages call it: with the copies that its members read."""

import pytest

from tests.competencies.promotions.conftest import (  # noqa: F401
    committee,
    decide,
    policy,
    proposed,
    vote,
)
from tests.scenes import scene


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PACKET_DIR = tmp_path


@pytest.fixture
def convened(proposed, committee, hana):  # noqa: F811
    """A function that brings Sam's case before the committee."""
    from competencies.packets import convening
    from competencies.promotions.models import Hearing

    def convene(**options):
        made = convening.convene(proposed, committee, by=hana, **options)
        return Hearing.objects.with_related().get(pk=made.pk)

    return convene


@scene
def hearing(convened):
    return convened()


@scene
def masked(convened):
    return convened(masked=True)


@scene
def voted(hearing, vote):  # noqa: F811
    """The hearing with three ballots for a promotion, opened."""
    return vote(hearing, noor="promote", kit="promote", stella="promote")


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def count_queries(django_assert_max_num_queries):
    """A function that opens a page twice and returns how many queries the second time takes."""

    def count(client, address):
        client.get(address)
        with django_assert_max_num_queries(500) as taken:
            assert client.get(address).status_code == 200
        return len(taken)

    return count
