import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from competencies.framework.loading import load
from competencies.framework.models import Behaviour
from tests.conftest import BUILT_IN, HTMX
from tests.scenes import scene


@pytest.fixture
def address(tracks, levels, competencies):
    return reverse("expectation", args=[tracks.java.pk, levels.staff.pk, competencies[0].pk])


@scene
def draft(edition):
    changed = BUILT_IN.read_bytes().replace(b"the services they own.", b"the services they own, alone.")
    return load(changed, file="draft.yaml", by=None)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_says_what_a_level_asks_of_a_track(signed_in, sam, address, tracks, levels, competencies, headers):
    asked = Behaviour.objects.filter(
        expectation__level=levels.staff, expectation__competency=competencies[0]
    ).asked_of(tracks.java)

    page = signed_in(sam).get(address, headers=headers)

    body = page.content.decode()
    assert all(behaviour.text in body for behaviour in asked)
    assert body.count('class="behaviours__source"') == len(asked)
    assert ("<html" in body) is not bool(headers)
    assert "HX-Request" in page["Vary"]


def test_an_assessment_leads_to_sources_and_to_each_level_beside_its_own(signed_in, of_self, sam):
    client = signed_in(sam)

    body = client.get(f"/assessments/{of_self.pk}/").content.decode()

    addresses = re.findall(r'<a class="\w+" href="(/roles/[^"]+)"[^>]* data-in-place>', body)
    assert len(set(addresses)) == 3 * 15
    assert all(client.get(address).status_code == 200 for address in addresses[:2])


def test_an_assessment_says_once_what_a_rating_means_and_cites_where_it_is_asked(
    signed_in, of_self, sam, points
):
    client = signed_in(sam)

    body = client.get(f"/assessments/{of_self.pk}/").content.decode()

    for point in points.__dict__.values():
        assert body.count(escape(point.anchor)) == 1
        assert body.count(f'id="anchor-{point.pk}"') == 1
        assert body.count(f'aria-describedby="anchor-{point.pk}"') == 15
    assert 'class="citation"' not in body
    address = re.search(r'href="([^"]+)" hx-target="previous .yardstick__asked"', body)[1]
    assert 'class="citation"' in client.get(address, headers=HTMX).content.decode()


def test_what_is_not_of_one_edition_is_missing(signed_in, aude, draft, tracks, levels, competencies):
    other = {
        "track": draft.track_set.first().pk,
        "level": draft.level_set.first().pk,
        "competency": draft.competency_set.first().pk,
    }
    ours = {"track": tracks.java.pk, "level": levels.staff.pk, "competency": competencies[0].pk}
    client = signed_in(aude)

    for name, pk in other.items():
        mixed = list((ours | {name: pk}).values())
        assert client.get(reverse("expectation", args=mixed)).status_code == 404, name
    for name in ours:
        unknown = list((ours | {name: 10**19}).values())
        assert client.get(reverse("expectation", args=unknown)).status_code == 404, name
    assert client.get(reverse("expectation", args=list(other.values()))).status_code == 200


def test_of_a_draft_only_authors_learn(signed_in, sam, hana, draft):
    pks = [rows.first().pk for rows in (draft.track_set, draft.level_set, draft.competency_set)]

    for reader in (sam, hana):
        assert signed_in(reader).get(reverse("expectation", args=pks)).status_code == 404


def test_it_is_only_read(signed_in, sam, address):
    assert signed_in(sam).post(address).status_code == 405
