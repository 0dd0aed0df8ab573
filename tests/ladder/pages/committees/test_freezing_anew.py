"""Members of an open hearing get a masked copy of today's form in place of one from before."""

from types import SimpleNamespace

import pytest

from competencies.packets.models import Packet
from competencies.trail.models import canonical
from competencies.trail.trigger_installation import drop, install
from ladder.jobs import packet_documents, worker


@pytest.fixture
def of_before(masked):
    """The masked copy as it was frozen before, with a digest and a minute in it."""
    packet = masked.packets.get(variant="masked")
    review = {"cycle": "Spring", "submitted_manager": None, "digest_manager": ""}
    review |= {"submitted_self": "2026-03-02T09:41:07Z", "digest_self": "ab" * 32}
    content = packet.content | {"format": 2}
    content["provenance"] |= {"reviews": [review]}
    drop()
    Packet.objects.filter(pk=packet.pk).update(snapshot=canonical(content))
    install()
    return packet


def test_a_member_reads_the_new_one_from_the_start_of_a_worker_on(of_before, masked, signed_in, kit):
    packet_documents.freeze_masked_anew()

    new = masked.packets.filter(variant="masked").latest("pk")
    client = signed_in(kit)
    assert new.pk != of_before.pk
    assert new.orders.exists()
    assert new.get_absolute_url() in client.get(masked.get_absolute_url()).content.decode()
    page = client.get(new.get_absolute_url()).content.decode()
    assert "ab" * 6 not in page
    assert "09:41" not in page
    assert "self-assessment submitted on 2 March 2026" in page
    assert client.get(of_before.get_absolute_url()).status_code == 404


def test_it_is_done_once(of_before, masked):
    packet_documents.freeze_masked_anew()
    packet_documents.freeze_masked_anew()

    assert masked.packets.filter(variant="masked").count() == 2


def test_a_worker_does_it_when_it_starts(of_before, masked, monkeypatch):
    monkeypatch.setattr(worker, "is_dead", lambda name, starting=False: False)

    worker.Worker._get_up(SimpleNamespace())

    assert masked.packets.filter(variant="masked").count() == 2


def test_what_a_masked_copy_says_of_its_freezing_is_a_day(masked, signed_in, kit):
    packet = masked.packets.get(variant="masked")
    page = signed_in(kit).get(packet.get_absolute_url()).content.decode()

    assert f"{packet.at:%H:%M}" not in page.partition("<main")[2].partition("</main")[0]


def test_the_api_and_the_page_that_verifies_tell_the_day_too(masked, signed_in, client, kit):
    packet = masked.packets.get(variant="masked")
    told = signed_in(kit).get(f"/api/v1/packets/{packet.pk}/").json()["at"]
    page = client.get(f"/verify/{packet.written_code}/").content.decode()

    assert told.endswith("T00:00:00Z")
    assert f"{packet.at:%H:%M}" not in page.partition("<main")[2].partition("</main")[0]
