"""Erasing a leaver: what names them goes, decisions and counts stay, the trail stays whole."""

import hashlib
import json

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow
from competencies.evidence.models import Evidence
from competencies.notices.models import Letter
from competencies.packets.models import Packet
from competencies.packets.verification import verify_code, verify_document
from competencies.people.models import Organisation, Person, Token
from competencies.personal_data.erasure import erase, forecast, removals
from competencies.personal_data.inventory import RENAMED, every_kind
from competencies.personal_data.models import Erasure, Hold, Leftover, Receipt
from competencies.promotions.models import Decision, PromotionCase
from competencies.reviews.models import Rating, Submission
from competencies.trail.models import Entry
from competencies.trail.verifying import breaks
from tests.conftest import endorse

TEXTS = (models.CharField, models.TextField, models.JSONField)
WORDS = ("canaryson", "SECRET", "Text of", "The ledger split", "Seen in their work", "Shapes shared")


def everything():
    """Yield every text of the database, with the name of its field."""
    for model in apps.get_models(include_auto_created=True):
        names = [f.name for f in model._meta.local_fields if isinstance(f, TEXTS)]
        for row in model._base_manager.values_list(*names) if names else ():
            yield from (
                (f"{model._meta.label}.{name}", str(value)) for name, value in zip(names, row, strict=True)
            )


def found(*words):
    return {name for name, text in everything() for word in words if word.lower() in text.lower()}


@pytest.fixture
def gone_sam(whole, leaving):
    return leaving(whole)


def test_nothing_that_names_the_person_or_that_was_said_of_them_is_left(gone_sam, hana):
    email, number = gone_sam.email, gone_sam.number
    assert found(*WORDS, email, number)

    erase(gone_sam, by=hana)

    assert found(*WORDS, email, number) == set()
    gone_sam.refresh_from_db()
    assert gone_sam.name == f"Erased person {gone_sam.pk}"
    assert not gone_sam.has_usable_password()
    assert gone_sam.erased_at


def test_what_the_inventory_calls_renamed_is_written_anew(gone_sam, hana):
    fates = every_kind()["people.Person"].fields
    renamed = {name: f"Known by {name}" for name, fate in fates.items() if fate == RENAMED}
    Person.objects.filter(pk=gone_sam.pk).update(**renamed)

    erase(gone_sam, by=hana)

    left = Person.objects.filter(pk=gone_sam.pk).values(*renamed).get().items() & renamed.items()
    assert left == set(), "write it anew in `_rename` of competencies/personal_data/erasure.py"


def test_decisions_ratings_dates_and_counts_stay(gone_sam, hana):
    counted = [Evidence, Rating, Submission, PromotionCase, Decision, Packet]
    before = [model.objects.count() for model in counted]
    points = list(Rating.objects.order_by("pk").values_list("competency", "point", "version"))
    days = list(Evidence.objects.order_by("pk").values_list("happened_on", "kind"))
    digests = [set(model.objects.values_list("digest", flat=True)) for model in (Submission, Packet)]

    erase(gone_sam, by=hana)

    assert [model.objects.count() for model in counted] == before
    assert list(Rating.objects.order_by("pk").values_list("competency", "point", "version")) == points
    assert list(Evidence.objects.order_by("pk").values_list("happened_on", "kind")) == days
    assert [set(model.objects.values_list("digest", flat=True)) for model in (Submission, Packet)] == digests
    assert Decision.objects.get().outcome == "decline"


def test_the_trail_is_whole_and_tells_of_it(gone_sam, hana):
    before = list(Entry.objects.order_by("sequence").values_list("digest", flat=True))

    erase(gone_sam, by=hana)

    assert list(breaks()) == []
    after = list(Entry.objects.order_by("sequence").values_list("digest", flat=True))
    assert after[: len(before)] == before
    last = Entry.objects.first()
    assert (last.action, last.actor, last.about) == ("person.erased", hana, gone_sam)
    assert last.details["counts"]["evidence.Evidence"] == 4


def test_a_packet_of_the_erased_is_redacted_not_altered(gone_sam, hana):
    erase(gone_sam, by=hana)

    for packet in Packet.objects.all():
        assert packet.is_redacted
        assert packet.verification_status == "redacted"
        called = packet.content["candidate"]["name"]
        assert called == "The candidate" if packet.is_masked else called.startswith("Erased")
        assert packet.content["matrix"][0]["manager"]["label"] == "Developing"


def test_a_packet_that_only_names_the_erased_keeps_its_texts(whole, mara, hana, leaving):
    packet = Packet.objects.get(variant="committee")
    packet.keep("a.pdf", sha256="0" * 64, pages=9, size=1)
    assert (packet.verification_status, packet.state) == ("genuine", "ready")

    erase(leaving(mara), by=hana)

    packet = Packet.objects.get(pk=packet.pk)
    content = packet.content
    assert content["case"]["sponsor"] == f"Erased person {mara.pk}"
    assert content["summary"]["ask"] == "Text of ask."
    assert (packet.verification_status, packet.state) == ("redacted", "unordered")
    assert Leftover.objects.filter(kind="packet", name="a.pdf").exists()
    assert found("Wagtail") == set()


def test_a_file_from_before_an_erasure_is_told_from_a_forged_one(whole, mara, hana, leaving):
    before, after, forged = "a" * 64, "b" * 64, "c" * 64
    packet = Packet.objects.get(variant="committee")
    packet.keep("a.pdf", sha256=before, pages=9, size=1)
    codes = [packet.written_code]
    assert verify_document(before, codes).kind == "genuine"

    erase(leaving(mara), by=hana)

    assert verify_document(before, codes).kind == "outdated"
    assert verify_document(forged, codes).kind == "altered"
    Packet.objects.get(pk=packet.pk).keep("b.pdf", sha256=after, pages=9, size=1)
    verdict = verify_document(after, codes)
    assert (verdict.kind, verdict.redacted_at.date()) == ("redacted", today())
    assert verify_document(before, codes).kind == "outdated"
    assert (verify_code(packet.code).kind, verify_code(packet.code).sha256) == ("known", after)


def test_a_snapshot_changed_past_an_erasure_is_altered(gone_sam, hana):
    erase(gone_sam, by=hana)
    packet = Packet.objects.first()

    packet.snapshot = packet.snapshot.replace("Erased", "Somebody")

    assert packet.verification_status == "altered"


def test_the_name_goes_from_the_texts_of_others_and_ordinary_words_stay(
    whole, leo, leaving, hana, competencies, edition
):
    today = Evidence.objects.first().happened_on
    text = "With SAM  Canaryson, sam@testing.example and Samuel; sam was here. Not xsam@testing.example."
    piece = Evidence.log(
        leo, by=leo, happened_on=today, title="Pairing", text=text, competencies=competencies[:1]
    )

    erase(leaving(whole), by=hana)

    piece.refresh_from_db()
    erased = f"Erased person {whole.pk}"
    assert piece.text == f"With {erased}, {erased} and Samuel; sam was here. Not xsam@testing.example."


def test_a_name_of_one_word_is_a_name_only_as_it_is_written(sam, leo, hana, leaving, competencies, evidence):
    text = "Sam and sam. Samples."
    day = evidence[0].happened_on
    piece = Evidence.log(leo, by=leo, happened_on=day, title="Sam", text=text, competencies=competencies[:1])

    erase(leaving(sam), by=hana)

    piece.refresh_from_db()
    assert (piece.title, piece.text) == (
        f"Erased person {sam.pk}",
        f"Erased person {sam.pk} and sam. Samples.",
    )


def test_letters_to_the_erased_go_and_those_they_ordered_stay(sam, leaving, hana, mara):
    gone = leaving(sam)
    Letter.order("new-email", to=gone, by=hana, address="sam@before.example")
    kept = Letter.order("second-factor", to=mara, by=gone)

    erase(gone, by=hana)

    assert list(Letter.objects.all()) == [kept]


def test_tokens_go_and_the_demo_forgets_the_persona(whole, leaving, hana):
    Organisation.objects.update(
        personas=[{"person": whole.pk, "what": "x"}, {"person": hana.pk, "what": "y"}]
    )

    erase(leaving(whole), by=hana)

    assert not Token.objects.exists()
    assert Organisation.here().personas == [{"person": hana.pk, "what": "y"}]


def test_drafts_that_nobody_reads_any_more_are_emptied(
    revealed, noor, kit, cycle, hana, leaving, points, competencies
):
    draft = cycle.reviews.get(subject=kit).assessments.get(kind="manager")
    draft.rate(competencies[0], by=noor, version=0, point=points.consistent, comment="Between us.")

    erase(leaving(noor), by=hana)

    assert Rating.objects.get(assessment=draft).comment == ""
    assert Rating.objects.filter(comment="Seen in their work.").exists()


def test_a_hold_blocks_it_until_it_is_lifted(gone_sam, hana):
    hold = Hold.place(gone_sam, by=hana, reason="A court asks.")
    with pytest.raises(NotNow, match="on hold"):
        erase(gone_sam, by=hana)
    hold.lift(by=hana, reason="It has ruled.")

    erase(gone_sam, by=hana)

    assert found("court", "ruled") == set()


def test_only_hr_erases_and_only_who_has_left_and_only_once(whole, hana, mara, otto, leaving):
    for by in (whole, mara, otto):
        with pytest.raises(Denied):
            erase(whole, by=by)
    with pytest.raises(Denied):
        erase(whole, by=hana)
    with pytest.raises(Denied):
        erase(hana, by=hana)

    erase(leaving(whole), by=hana)
    with pytest.raises(Denied):
        erase(whole, by=hana)


def test_the_receipt_and_the_forecast_say_the_same_kinds(gone_sam, hana):
    expected = dict(forecast(gone_sam))

    receipt = erase(gone_sam, by=hana).receipt

    assert dict(removals(receipt))["Evidence"] == expected["Evidence"] == 4


def test_the_forecast_tells_of_no_draft_whose_document_failed(full_case, mara):
    before = forecast(full_case.subject)
    Packet.freeze(full_case, by=mara, variant="committee").order(by=mara).fail("It failed.")

    assert forecast(full_case.subject) == before


class TestTheGate:
    """Closed tables let go within an erasure and nowhere else, of texts and of nothing else."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE packets_packet SET snapshot = '{}'",
            "UPDATE reviews_submission SET snapshot = '{}'",
            "UPDATE reviews_rating SET comment = 'x'",
            "UPDATE promotions_decision SET rationale = 'x'",
            "UPDATE promotions_statement SET text = 'x'",
            "DELETE FROM packets_typesetting",
        ],
    )
    def test_without_an_erasure_they_refuse(self, whole, hana, leaving, statement):
        Packet.objects.first().keep("a.pdf", sha256="0" * 64, pages=9, size=1)
        erase(leaving(Person.objects.get(name="Gone")), by=hana)  # one that is over opens nothing

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE packets_packet SET digest = 'x'",
            "UPDATE packets_packet SET snapshot = '{}', number = 'x' || id",
            "UPDATE reviews_rating SET point_id = NULL",
            "UPDATE reviews_submission SET round = round + 5",
            "UPDATE promotions_decision SET outcome = 'promote'",
            "UPDATE promotions_withdrawal SET at = NULL",
            "UPDATE packets_typesetting SET file = ''",
            "UPDATE trail_entry SET data = '{}'",
            "UPDATE records_erasure SET at = at",
            "DELETE FROM reviews_rating",
            "DELETE FROM promotions_decision",
            "DELETE FROM packets_packet",
            "DELETE FROM trail_entry",
        ],
    )
    def test_within_one_they_refuse_everything_but_texts(self, whole, hana, leo, statement):
        Packet.objects.first().keep("a.pdf", sha256="0" * 64, pages=9, size=1)
        case = PromotionCase.objects.get()
        apps.get_model("promotions.Withdrawal").objects.create(case=case, by=hana)
        Erasure.objects.create(person=leo, by=hana, receipt_id=(receipt := Receipt()).number)

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        receipt.save()

    def test_an_erasure_without_its_receipt_cannot_be_committed(self, leo, hana):
        Erasure.objects.create(person=leo, by=hana, receipt_id=(receipt := Receipt()).number)

        with pytest.raises(IntegrityError):
            connection.check_constraints()
        if connection.vendor == "sqlite":
            receipt.save()


def test_the_digest_of_the_redacted_is_on_the_trail(gone_sam, hana):
    erase(gone_sam, by=hana)

    packet = Packet.objects.get(variant="candidate")
    entry = Entry.objects.get(action="packet.redacted", row_pk=str(packet.pk))
    assert entry.details["digest"] == hashlib.sha256(packet.snapshot.encode()).hexdigest()
    assert json.loads(packet.snapshot)["redacted"]


@pytest.mark.parametrize("way", ["sponsor", "presenter", "endorser", "author"])
def test_whoever_was_renamed_since_is_found_by_their_former_names(
    full_case, evidence, mara, noor, hana, way, leaving
):
    gone = mara if way == "sponsor" else noor
    gone = gone.describe(
        by=hana, name="Rosa Formerly", email="rosa.formerly@testing.example", number="E-777777"
    )
    if way == "presenter":
        type(full_case).objects.filter(pk=full_case.pk).update(presenter=gone)
    if way == "endorser":
        endorse(full_case, by=mara, name=gone.name, email=gone.email)
    if way == "author":
        Evidence.objects.filter(pk=evidence[0].pk).update(author=gone)
    Evidence.objects.filter(pk=evidence[1].pk).update(text="Ask rosa.formerly@testing.example or E-777777.")
    packet = Packet.freeze(full_case, by=mara)
    assert "Rosa Formerly" in packet.snapshot
    gone.describe(by=hana, name="Rosa Married", email="rosa.married@testing.example", number="E-888888")

    erase(leaving(gone), by=hana)

    assert found("Formerly", "rosa.married", "E-777777", "E-888888") == set()


def test_a_former_email_that_somebody_else_has_now_is_left_to_them(mara, noor, hana, leaving, evidence):
    noor.describe(by=hana, email="shared@testing.example")
    noor.describe(by=hana, email="noor.again@testing.example")
    mara.describe(by=hana, email="shared@testing.example")
    Evidence.objects.filter(pk=evidence[0].pk).update(text="Ask shared@testing.example.")

    erase(leaving(noor), by=hana)

    assert Evidence.objects.get(pk=evidence[0].pk).text == "Ask shared@testing.example."


def test_a_receipt_of_before_there_were_jobs_is_told_in_words():
    receipt = Receipt(counts={"packets.Mishap": 2, "packets.ExportItem": 1})

    assert removals(receipt) == [("Failed documents", 2), ("Failed documents of exports", 1)]
