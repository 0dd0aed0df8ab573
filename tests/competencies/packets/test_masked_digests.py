"""A masked copy holds no digest of what was handed in and no minute; those from before are frozen anew."""

import json
import re

import pytest
from django.db import connection

from competencies.packets.convening import convene
from competencies.packets.models import Packet
from competencies.packets.snapshot import snapshot_of
from competencies.reviews.models import Submission
from competencies.trail.models import Entry, canonical
from competencies.trail.trigger_installation import drop, install
from competencies.trail.verifying import breaks
from tests.scenes import scene

MINUTE = re.compile(r"\d\d:\d\d")


@scene
def masked(revealed, proposed, committee, hana):
    hearing = convene(proposed, committee, by=hana, masked=True)
    return hearing.packets.get(variant="masked")


@pytest.fixture
def of_before(masked):
    """The masked copy as format 2 had it: with digests of both assessments, and minutes."""
    content = masked.content
    sides = {row.assessment.kind: row for row in Submission.objects.all()}
    for review in content["provenance"]["reviews"]:
        for kind, row in sides.items():
            review |= {f"digest_{kind}": row.digest, f"submitted_{kind}": f"{row.at:%Y-%m-%dT%H:%M:%SZ}"}
    content |= {"format": 2, "packet": content["packet"] | {"frozen_at": f"{masked.at:%Y-%m-%dT%H:%M:%SZ}"}}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    drop()
    Packet.objects.filter(pk=masked.pk).update(snapshot=canonical(content))
    install()
    return Packet.objects.get(pk=masked.pk)


def digests_in(packet):
    return [
        digest for digest in Submission.objects.values_list("digest", flat=True) if digest in packet.snapshot
    ]


def minutes_in(value):
    if isinstance(value, dict):
        return [found for part in value.values() for found in minutes_in(part)]
    if isinstance(value, list):
        return [found for part in value for found in minutes_in(part)]
    return MINUTE.findall(value) if isinstance(value, str) and not value.endswith("T00:00:00Z") else []


def test_a_masked_copy_holds_neither(masked):
    assert Submission.objects.count() == 2
    assert digests_in(masked) == []
    assert minutes_in(masked.content) == []
    assert masked.content["provenance"]["reviews"][0].keys() == {
        "cycle",
        "submitted_self",
        "submitted_manager",
    }


@pytest.mark.parametrize("variant", ["committee", "candidate", "archive"])
def test_no_other_copy_holds_a_digest_of_what_was_handed_in(revealed, proposed, hana, variant):
    packet = Packet.freeze(proposed, by=hana, variant=variant)

    assert digests_in(packet) == []
    assert "digest_" not in json.dumps(packet.content["provenance"]).replace("edition_digest", "")


def test_what_is_masked_of_a_snapshot_of_before_holds_neither(revealed, proposed, hana):
    content = snapshot_of(proposed, number="P-1", variant="masked", at=proposed.opened_at, by=hana)

    assert minutes_in(content) == []


class TestFreezingAnew:
    def test_members_of_an_open_hearing_read_the_new_one_and_the_old_one_is_kept(self, of_before, kit):
        assert digests_in(of_before)
        assert list(Packet.objects.to_freeze_anew()) == [of_before]

        new = of_before.freeze_anew()

        assert digests_in(new) == minutes_in(new.content) == []
        assert new.hearing == of_before.hearing
        assert new.code != of_before.code
        kept = {"packet", "provenance", "format"}
        assert {k: v for k, v in new.content.items() if k not in kept} == {
            k: v for k, v in of_before.content.items() if k not in kept
        }
        assert list(Packet.objects.allowing(kit, "packets.read_packet")) == [new]
        assert Packet.objects.get(pk=of_before.pk).snapshot == of_before.snapshot
        assert list(Packet.objects.to_freeze_anew()) == []

    def test_it_is_the_servers_doing_and_on_the_trail(self, of_before):
        new = of_before.freeze_anew()

        entry = Entry.objects.get(row_model="packets.packet", row_pk=str(new.pk), action="packet.frozen")
        assert (entry.actor, entry.details["digest"]) == (None, new.digest)
        assert not any(f"packet {new.pk}" in broken.reason for broken in breaks())

    def test_of_two_that_come_at_once_one_freezes(self, of_before):
        new = of_before.freeze_anew()

        assert of_before.freeze_anew() == new

    def test_that_of_a_hearing_that_is_over_stays(self, of_before, proposed, mara, kit):
        proposed.withdraw(by=mara, reason="Later.")

        assert list(Packet.objects.to_freeze_anew()) == []
