import hashlib
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from competencies.core.clock import now, standing_at
from competencies.core.refusals import Denied, NotNow
from competencies.packets.models import Document, Packet
from competencies.trail.models import Entry, canonical
from tests.scenes import scene

SPONSORS_COPIES = ["committee", "candidate", "masked"]
DOCUMENT = {"sha256": "a" * 64, "pages": 9, "size": 1234}


@scene
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


@scene
def packet(proposed, mara):
    return Packet.freeze(proposed, by=mara)


def test_a_packet_is_numbered_and_holds_the_digest_of_its_content(packet, mara, sam):
    assert packet.number == f"P-{packet.at:%Y}-{packet.case_id:04d}-1"
    assert packet.digest == hashlib.sha256(packet.snapshot.encode()).hexdigest()
    assert packet.content["packet"]["number"] == packet.number
    assert Entry.objects.get(action="packet.frozen").details == {"digest": packet.digest}


def test_each_freeze_is_a_packet_of_its_own(packet, proposed, hana):
    later = Packet.freeze(proposed, by=hana, variant="candidate")

    assert later.number.endswith("-2")
    assert later.content["packet"]["variant"] == "candidate"


@pytest.mark.parametrize(
    ("who", "allowed"), [("mara", True), ("hana", False), ("sam", False), ("dora", False)]
)
def test_a_draft_is_frozen_by_its_sponsor_alone(request, full_case, who, allowed):
    person = request.getfixturevalue(who)
    if allowed:
        assert Packet.freeze(full_case, by=person).by == person
    else:
        with pytest.raises(Denied):
            Packet.freeze(full_case, by=person)


@pytest.mark.parametrize(
    ("who", "allowed"), [("mara", True), ("hana", True), ("sam", False), ("dora", False)]
)
def test_from_the_proposal_on_hr_may_freeze_too(request, proposed, who, allowed):
    assert request.getfixturevalue(who).has_perm("packets.freeze_packet", proposed) is allowed


def test_the_candidate_reads_only_the_copy_made_for_them(packet, proposed, sam, mara, dora, hana, noor):
    copy = Packet.freeze(proposed, by=hana, variant="candidate")

    def readers(of):
        return [p for p in (sam, mara, dora, hana, noor) if p.has_perm("packets.read_packet", of)]

    assert readers(packet) == [mara, dora, hana]
    assert readers(copy) == [sam, mara, dora, hana]


def test_a_packet_of_a_draft_stays_the_sponsors_after_the_proposal(full_case, sam, mara, dora, hana):
    with standing_at(now() - timedelta(minutes=5)):
        early = [Packet.freeze(full_case, by=mara, variant=variant) for variant in SPONSORS_COPIES]
    full_case.propose(by=mara)

    for packet in early:
        assert [p for p in (sam, mara, dora, hana) if p.has_perm("packets.read_packet", packet)] == [mara]


def test_a_document_is_kept_once_however_often_the_job_runs(packet):
    first = packet.keep("one.pdf", **DOCUMENT)
    second = packet.keep("two.pdf", **DOCUMENT | {"sha256": "b" * 64})

    assert first == second
    assert Document.objects.get().file == "one.pdf"
    assert Entry.objects.filter(action="packet.typeset").count() == 1


def test_the_state_follows_orders_their_jobs_and_the_document(packet, mara):
    def state():
        return Packet.objects.get(pk=packet.pk).state

    assert state() == "unordered"
    packet.order(by=mara)
    assert state() == "waiting"
    packet.orders.first().fail("The printer's libraries are missing.")
    assert state() == "failed"
    packet.order(by=mara)
    assert state() == "waiting"
    packet.keep("one.pdf", **DOCUMENT)
    assert state() == "ready"
    with pytest.raises(NotNow, match="exists already"):
        packet.order(by=mara)


def test_a_packet_that_was_read_just_before_its_document_was_made_still_waits(packet, mara):
    """Its page asks again, where it would say that nobody ordered one."""
    packet.order(by=mara)
    before = Packet.objects.select_related("document").get(pk=packet.pk)
    packet.keep("one.pdf", **DOCUMENT)

    assert before.state == "waiting"


class TestOrderedAgainWhileItWaits:
    """Somebody asks again as nothing came: the workers that come back make the document once."""

    @pytest.mark.parametrize("others", [[], ["hana"], ["hana", "mara"]])
    def test_one_worker_begins(self, request, packet, mara, others):
        again = [mara, *(request.getfixturevalue(name) for name in others)]
        jobs = [packet.order(by=mara).job, *(packet.order(by=person).job for person in again)]
        begun = [job.take(worker=f"here:{number}") for number, job in enumerate(jobs)]

        assert sum(token is not None for token in begun) == 1
        assert Packet.objects.get().state == "waiting"

    def test_it_is_made_as_who_asked_last(self, packet, mara, hana):
        packet.order(by=mara)
        order = packet.order(by=hana)

        assert order.job.take(worker="here:1")
        assert Packet.objects.get().orderer == hana

    def test_the_trail_says_it_once(self, packet, mara):
        assert packet.order(by=mara) == packet.order(by=mara)
        assert Entry.objects.filter(action="packet.ordered").count() == 1

    def test_after_a_redaction_it_is_ordered_anew(self, packet, mara, monkeypatch):
        first = packet.order(by=mara)
        monkeypatch.setattr(Packet, "redacted_at", now())

        assert packet.order(by=mara) != first


def test_only_readers_order_and_downloads_are_written_down(packet, sam, hana, noor):
    for stranger in (sam, noor):
        with pytest.raises(Denied):
            packet.order(by=stranger)
    packet.note_download(by=hana)

    assert Entry.objects.get(action="packet.downloaded").actor == hana


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE packets_packet SET snapshot = '{}'",
        "UPDATE packets_packet SET digest = 'x'",
        "DELETE FROM packets_packet",
        "UPDATE packets_typesetting SET sha256 = 'x'",
        "DELETE FROM packets_typesetting",
    ],
)
def test_the_database_itself_closes_packet_and_document(packet, statement):
    packet.keep("one.pdf", **DOCUMENT)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_frozen_packet_does_not_follow_its_case(full_case, mara):
    before = Packet.freeze(full_case, by=mara)
    full_case.statement("gaps").write("Another text.", by=mara, version=1)
    after = Packet.freeze(full_case, by=mara)

    assert Packet.objects.get(pk=before.pk).content["gaps"] == "Text of gaps."
    assert after.content["gaps"] == "Another text."
    assert canonical(json.loads(before.snapshot)) == before.snapshot


def test_only_who_may_read_it_is_noted_as_having_taken_it(packet, kit):
    with pytest.raises(Denied):
        packet.note_download(by=kit)

    assert not Entry.objects.filter(action__endswith=".downloaded").exists()


def test_a_failed_typesetting_is_in_the_trail(packet, mara):
    packet.order(by=mara).fail("The printer stopped.")

    assert Entry.objects.filter(action="packet.failed", row_pk=str(packet.pk)).count() == 1


def test_the_archive_copy_is_frozen_by_hr_alone(proposed, mara, dora, hana):
    for person in (mara, dora):
        with pytest.raises(Denied):
            Packet.freeze(proposed, by=person, variant="archive")

    archived = Packet.freeze(proposed, by=hana, variant="archive")
    assert [p for p in (mara, dora, hana) if p.has_perm("packets.read_packet", archived)] == [hana]


def test_a_masked_packet_names_nobody_not_even_who_froze_it(proposed, mara, sam):
    packet = Packet.freeze(proposed, by=mara, variant="masked")

    for person in (mara, sam):
        assert person.name not in packet.snapshot
        assert person.email not in packet.snapshot
    assert packet.content["candidate"]["name"] == "The candidate"
    assert packet.frozen_by is None
    assert packet.verification_status == "genuine"


def test_the_code_of_a_packet_is_closed_too(packet):
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Packet.objects.filter(pk=packet.pk).update(code="0" * 16)
    with pytest.raises(DatabaseError), transaction.atomic():
        Packet.objects.create(
            case=packet.case, number="P-0", variant="committee", by=packet.by, snapshot="{}", code=packet.code
        )
