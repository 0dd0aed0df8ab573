"""Rows rewritten, forged or thrown away past the triggers are named; what an erasure emptied is redacted."""

from uuid import uuid4

import pytest
from django.db import connection

from competencies.core.clock import now
from competencies.evidence.models import Evidence
from competencies.framework.models import Behaviour
from competencies.packets.models import Document, Packet
from competencies.personal_data.erasure import erase
from competencies.personal_data.models import Erasure, Receipt
from competencies.promotions.models import Ballot, Decision, Endorsement
from competencies.reviews.models import Rating, Submission, Support
from competencies.trail.models import Entry, record
from competencies.trail.trigger_installation import drop
from competencies.trail.verifying import Break, Redacted, findings
from tests.competencies.personal_data.conftest import folders, leaving, named, whole  # noqa: F401
from tests.scenes import scene


@scene
def record_of_sam(whole, full_case, hana):  # noqa: F811
    """Sam's record with something of each kind of row of which the trail holds digests."""
    for packet in Packet.objects.all():
        packet.keep("a.pdf", sha256=f"{packet.pk:064x}", pages=9, size=1)
    return whole


@pytest.fixture
def untriggered(record_of_sam):
    """The database without its triggers, as somebody who owns it could have it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    drop()


def broken():
    return [found.reason for found in findings() if isinstance(found, Break)]


def redacted():
    return {found.row for found in findings() if isinstance(found, Redacted)}


def a_rating():
    return Rating.objects.filter(assessment__submissions__isnull=False).order_by("pk").first()


def rewrite(model, **values):
    model._base_manager.filter(pk=model._base_manager.order_by("pk").first().pk).update(**values)


def rate_otherwise():
    rating = a_rating()
    others = type(rating.point).objects.filter(scale=rating.point.scale_id).exclude(pk=rating.point_id)
    Rating.objects.filter(pk=rating.pk).update(point=others.first())


def rate_and_hand_in_otherwise():
    rate_otherwise()
    submission = a_rating().assessment.submissions.get()
    text = submission.snapshot.replace('"consistent"', '"role-model"')
    Submission.objects.filter(pk=submission.pk).update(snapshot=text)


def hand_in_once_more():
    submission = Submission.objects.order_by("pk").first()
    submission.pk, submission.round = None, 7
    submission.save(force_insert=True)


def forge_a_ballot():
    ballot = Ballot.objects.order_by("pk").first()
    casting = ballot.casting
    ballot.pk, ballot.round = None, 2
    ballot.save(force_insert=True)
    casting.pk, casting.ballot = None, ballot
    casting.save(force_insert=True)


def forge_a_packet():
    packet = Packet.objects.order_by("pk").first()
    packet.pk, packet.number, packet.code = None, "P-forged", None
    packet.save(force_insert=True)


def throw_a_packet_away():
    packet = Packet.objects.order_by("pk").first()
    Document.objects.filter(packet=packet)._raw_delete("default")
    Packet.objects.filter(pk=packet.pk)._raw_delete("default")


def rest_on_something_else():
    Support.objects.create(rating=a_rating(), evidence=Evidence.objects.order_by("pk").last())


TAMPERINGS = {
    "a rating": (rate_otherwise, "ratings of assessment"),
    "a comment": (lambda: rewrite(Rating, comment="Else."), "ratings of assessment"),
    "what a rating rests on": (rest_on_something_else, "ratings of assessment"),
    "a rating and its submission": (rate_and_hand_in_otherwise, "reviews.assessment"),
    "the digest of a submission": (lambda: rewrite(Submission, digest="0" * 64), "reviews.assessment"),
    "one more submission": (hand_in_once_more, "submissions"),
    "a vote": (lambda: rewrite(Ballot, vote="promote"), "promotions.ballot"),
    "the reason of a vote": (lambda: rewrite(Ballot, reason="Else."), "promotions.ballot"),
    "one more ballot": (forge_a_ballot, "ballots"),
    "an outcome": (lambda: rewrite(Decision, outcome="promote"), "promotions.decision"),
    "the reasons of a decision": (lambda: rewrite(Decision, rationale="Else."), "promotions.decision"),
    "feedback": (lambda: rewrite(Decision, feedback="Else."), "promotions.decision"),
    "a packet": (lambda: rewrite(Packet, snapshot="{}"), "packets.packet"),
    "one more packet": (forge_a_packet, "packets"),
    "no packet": (throw_a_packet_away, "packets.packet"),
    "the hash of a document": (lambda: rewrite(Document, sha256="0" * 64), "packets.packet"),
    "an endorsement": (lambda: rewrite(Endorsement, text="Else."), "promotions.endorsementrequest"),
    "a behaviour of the ladder": (lambda: rewrite(Behaviour, text="Else."), "framework.edition"),
}


def test_what_nobody_touched_is_whole(record_of_sam):
    assert broken() == []
    assert redacted() == set()


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_rewritten_is_named(untriggered, what):
    tamper, named_as = TAMPERINGS[what]
    tamper()

    assert any(named_as in reason for reason in broken())


class TestWhatAnErasureEmptied:
    @pytest.fixture
    def erased(self, record_of_sam, leaving, hana):  # noqa: F811
        return erase(leaving(record_of_sam), by=hana)

    def test_it_is_redacted_and_nothing_is_broken(self, erased):
        assert broken() == []
        kinds = {row.split()[0] for row in redacted()}
        assert {"packets.packet", "reviews.assessment", "promotions.decision", "promotions.ballot"} <= kinds

    @pytest.mark.parametrize(
        ("model", "values"),
        [
            (Packet, {"snapshot": "{}"}),
            (Submission, {"snapshot": '{"ratings": []}'}),
            (Decision, {"rationale": "Forged."}),
            (Ballot, {"reason": "Forged."}),
        ],
    )
    def test_what_is_rewritten_after_it_is_altered(self, erased, model, values):
        drop()
        rewrite(model, **values)

        assert broken()

    def test_without_its_receipt_nothing_is_excused(self, erased, leo):
        drop()
        Erasure.objects.all()._raw_delete("default")
        Receipt.objects.all()._raw_delete("default")

        assert broken()
        assert redacted() == set()

    def test_a_receipt_alone_excuses_nothing(self, untriggered, record_of_sam, hana):
        """Whoever rewrites rows can write a receipt as well; the trail tells of no erasure."""
        receipt = Receipt.objects.create(number=uuid4(), counts={"mentions": 99})
        Erasure.objects.create(person=record_of_sam, by=hana, receipt=receipt)
        rewrite(Packet, snapshot="{}")
        rewrite(Submission, snapshot="{}")
        rewrite(Decision, rationale="Else.")

        assert len(broken()) >= 3
        assert redacted() == set()

    def test_one_of_somebody_else_neither(self, untriggered, record_of_sam, hana, leo):
        """An erasure that is on the trail, and changed nothing of this row."""
        receipt = Receipt.objects.create(number=uuid4(), counts={})
        Erasure.objects.create(person=leo, by=hana, receipt=receipt)
        record("person.erased", leo, by=hana, about=leo, counts={})
        rewrite(Packet, snapshot="{}")

        assert broken()
        assert redacted() == set()


class TestAnErasureFromBefore:
    """It left no entry for each assessment: then that of the person has to do, and its receipt."""

    @pytest.fixture
    def emptied(self, untriggered, record_of_sam):
        rewrite(Submission, snapshot='{"ratings": []}')
        Rating.objects.filter(assessment=Submission.objects.order_by("pk").first().assessment)._raw_delete(
            "default"
        )
        return record_of_sam

    def erase(self, person, by, *, salt):
        receipt = Receipt.objects.create(number=uuid4(), counts={})
        Erasure.objects.create(person=person, by=by, receipt=receipt, at=now())
        entry = record("person.erased", person, by=by, about=person, counts={})
        if not salt:
            Entry.objects.filter(pk=entry.pk).update(salt="")

    def test_it_covers_what_was_emptied(self, emptied, hana):
        self.erase(emptied, hana, salt=False)

        assert not any("reviews.assessment" in reason for reason in broken())
        assert any(row.startswith("reviews.assessment") for row in redacted())

    def test_one_of_now_does_not(self, emptied, hana):
        self.erase(emptied, hana, salt=True)

        assert any("reviews.assessment" in reason for reason in broken())
