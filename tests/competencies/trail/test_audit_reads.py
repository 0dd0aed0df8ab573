"""Readings: which are noted, about whom, and that no rule that shows a record is without one."""

from datetime import timedelta

import pytest

from competencies.core.clock import now, standing_at
from competencies.core.permissions import every_rule, rule_of
from competencies.trail.audit_reads import ONCE_IN, note, note_reading, note_readings
from competencies.trail.models import Entry

# What is somebody's record, S3 and above; what is not: shared, published, or one's own alone (S1, S2).
RECORDS = {"evidence.Evidence", "packets.Packet", "promotions.PromotionCase", "reviews.Assessment"}
RECORDS |= {"promotions.Claim", "promotions.Story"}
SHOWS_NOTHING = {
    "packets.archive_case": "answers with the packet, which is read through its own rule",
    "packets.export_case": "counts; what is exported is noted about each",
    "packets.freeze_packet": "answers with the packet, which is read through its own rule",
    "promotions.describe_case": "a draft, or whom to ask: the case is read through its own rule",
    "promotions.share_case": "a draft, or whom to ask: the case is read through its own rule",
    "promotions.unshare_case": "a draft, or whom to ask: the case is read through its own rule",
    "promotions.propose_case": "a draft, or whom to ask: the case is read through its own rule",
    "promotions.ask_endorsement": "a draft, or whom to ask: the case is read through its own rule",
    "promotions.write_case": "a draft, read by its writer alone",
    "promotions.write_claim": "a draft, read by its writer alone",
    "promotions.write_story": "a draft, read by its writer alone",
    "reviews.submit_assessment": "a draft, read by its writer alone",
    "reviews.write_assessment": "a draft, read by its writer alone",
}


def test_every_rule_on_somebodys_record_says_how_a_reading_is_noted():
    bare = {rule.action for rule in every_rule() if rule.model_label in RECORDS and not rule.reading}

    assert bare == set(SHOWS_NOTHING)


@pytest.mark.parametrize("action", ["reviews.compare_review", "evidence.list_evidence"])
def test_so_do_those_that_show_several_at_once(action):
    assert rule_of(action).reading


def test_a_reading_names_the_reader_and_whose_record_it_is(evidence, mara, sam):
    entry = note_reading("evidence.read", evidence[0], by=mara, about=sam)

    assert (entry.actor, entry.about, entry.row_pk) == (mara, sam, str(evidence[0].pk))


def test_ones_own_record_is_not_noted(evidence, sam, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert note("evidence.read_evidence", evidence, by=sam) == []


def test_within_the_hour_it_is_one_reading(evidence, mara, hana):
    def readings():
        return len(note("evidence.read_evidence", evidence, by=mara))

    assert readings() == 4
    assert readings() == 0
    assert len(note("evidence.read_evidence", evidence, by=hana)) == 4
    with standing_at(now() + ONCE_IN + timedelta(seconds=1)):
        assert readings() == 4


def test_it_costs_one_question_and_a_write_for_what_is_new(evidence, mara, django_assert_num_queries):
    note("evidence.read_evidence", evidence[:1], by=mara)
    with django_assert_num_queries(1):
        note("evidence.read_evidence", evidence[:1], by=mara)
    for rows in (evidence[1:2], evidence[2:]):
        with django_assert_num_queries(4):
            note("evidence.read_evidence", rows, by=mara)


def test_a_row_twice_is_one_reading(evidence, mara, sam):
    assert len(note_readings("evidence.read", [(evidence[0], sam)] * 2, by=mara)) == 1


def test_a_record_of_nobody_is_not_noted(edition, mara):
    assert note_reading("edition.read", edition, by=mara, about=None) is None


def test_a_rule_without_a_reading_notes_nothing(sam, mara):
    assert note("people.read_person", [sam], by=mara) == []


def test_a_draft_is_noted_once_it_is_shown(full_case, of_manager, answer_all, points, mara):
    cases = type(full_case).objects.with_state()
    assert note("promotions.read_case", [cases.get(pk=full_case.pk)], by=mara) == []
    assert note("reviews.read_assessment", [of_manager], by=mara) == []

    full_case.propose(by=mara)
    answer_all(of_manager, points.consistent).submit(by=mara)
    of_manager = type(of_manager).objects.get(pk=of_manager.pk)

    noted = note("promotions.read_case", [cases.get(pk=full_case.pk)], by=mara)
    noted += note("reviews.read_assessment", [of_manager], by=mara)
    assert [entry.action for entry in noted] == ["case.read", "assessment.read"]


def test_a_packet_of_a_draft_is_not_noted(full_case, mara):
    from competencies.packets.models import Packet

    early = Packet.freeze(full_case, by=mara)
    full_case.propose(by=mara)
    late = Packet.freeze(full_case, by=mara)
    rows = Packet.objects.order_by("pk")

    noted = note("packets.read_packet", rows, by=mara)

    assert [entry.row_pk for entry in noted] == [str(late.pk)]
    assert early != late
    assert not Entry.objects.filter(action="packet.read", row_pk=early.pk).exists()
