"""The page on which anybody asks whether a packet is genuine: no account, and nothing of what is in it."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from competencies.core.clock import today
from competencies.packets.codes import written_code
from competencies.packets.models import Packet
from competencies.personal_data.erasure import erase
from competencies.trail.models import Entry
from ladder.pdf.child import typeset
from tests.conftest import decide
from tests.scenes import scene

BODY = b"%PDF-1.7\nladder-packet:{code}\n" + b"words and pictures " * 400 + b"%%EOF\n"


@scene
def packet(full_case, mara):
    full_case.propose(by=mara)
    return Packet.freeze(full_case, by=mara)


@pytest.fixture
def document(packet):
    """The bytes of the document of a packet: stand-ins for a PDF, with its code in them."""
    body = BODY.replace(b"{code}", packet.written_code.encode())
    packet.keep("one.pdf", sha256=hashlib.sha256(body).hexdigest(), pages=9, size=len(body))
    return body


@pytest.fixture
def nobody():
    return Client()


def asked(client, body, **more):
    file = SimpleUploadedFile("packet.pdf", body, content_type="application/pdf")
    return client.post(reverse("verify"), {"file": file} | more)


def words(response):
    return " ".join(response.content.decode().split())


def verdict(response):
    return words(response).partition('data-verdict="')[2].partition('"')[0]


def test_the_page_opens_without_an_account(db, nobody):
    response = nobody.get(reverse("verify"))
    assert response.status_code == 200
    assert "Is this packet genuine?" in words(response)
    assert response["Cache-Control"].startswith("max-age=0") or "no-store" in response["Cache-Control"]


def test_the_very_file_is_genuine(nobody, document, packet):
    response = asked(nobody, document)
    assert (response.status_code, verdict(response)) == (200, "genuine")
    assert packet.number in words(response)
    assert "no-store" in response["Cache-Control"]


@pytest.fixture
def printed(packet, tmp_path):
    """The bytes of the document of a packet as it is really typeset, code and all."""
    path = tmp_path / "real.pdf"
    told = typeset(packet.content, to=path)
    packet.keep("real.pdf", sha256=told.sha256, pages=told.pages, size=told.bytes)
    return path.read_bytes()


@pytest.mark.slow
def test_no_byte_of_a_real_document_can_change_without_notice(nobody, printed, packet, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    assert verdict(asked(nobody, printed)) == "genuine"
    mark = f"ladder-packet:{packet.written_code}".encode()
    assert printed.count(mark) == 1
    code = range(printed.index(mark), printed.index(mark) + len(mark))
    for place in [*range(0, len(printed), len(printed) // 150), len(printed) - 1, *code]:
        changed = bytearray(printed)
        changed[place] ^= 1 << place % 8
        said = verdict(asked(nobody, bytes(changed)))
        assert said == "altered" or (said == "unknown" and place in code)


@pytest.mark.parametrize(
    "change", [lambda body: body + b"\n", lambda body: body[:-1], lambda body: body[:1024]]
)
def test_a_longer_or_a_shorter_file_is_altered(nobody, document, change):
    assert verdict(asked(nobody, change(document))) == "altered"


def test_a_file_of_somebody_else_is_unknown(nobody, document):
    response = asked(nobody, b"%PDF-1.7 something else")
    assert (response.status_code, verdict(response)) == (200, "unknown")
    assert "P-20" not in words(response)


def test_a_later_packet_is_told_by_number_and_date_alone(nobody, document, packet, mara):
    later = Packet.freeze(packet.case, by=mara)
    response = asked(nobody, document)
    assert verdict(response) == "superseded"
    assert later.number in words(response)


def test_a_file_from_before_an_erasure_is_told_as_such(
    nobody, document, packet, mara, hana, settings, tmp_path
):
    settings.PACKET_DIR = tmp_path
    mara.leaves_on = today() - timedelta(days=1)
    mara.save(update_fields=["leaves_on"])
    erase(mara, by=hana)

    response = asked(nobody, document)
    assert verdict(response) == "outdated"
    assert "Do not pass it on" in words(response)
    assert "Redacted on" in words(response)
    assert verdict(asked(nobody, document + b" ")) == "altered"


def test_the_document_that_is_typeset_after_an_erasure_is_genuine_and_redacted(
    nobody, full_case, leo, mara, hana, settings, tmp_path
):
    settings.PACKET_DIR = tmp_path
    full_case.propose(by=mara)
    packet = Packet.freeze(full_case, by=hana)
    mara.leaves_on = today() - timedelta(days=1)
    mara.save(update_fields=["leaves_on"])
    erase(mara, by=hana)
    Packet.objects.get(pk=packet.pk).keep(
        "new.pdf", sha256=hashlib.sha256(BODY).hexdigest(), pages=9, size=len(BODY)
    )

    response = asked(nobody, BODY)
    assert verdict(response) == "redacted"
    assert "Redacted on" in words(response)


def test_a_code_has_an_address_of_its_own(nobody, document, packet):
    response = nobody.post(reverse("verify"), {"code": packet.written_code.lower()})
    assert response["Location"] == reverse("verify_code", args=[packet.written_code])
    response = nobody.get(response["Location"])
    assert (response.status_code, verdict(response)) == (200, "known")
    assert hashlib.sha256(document).hexdigest() in words(response)


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "nobody-was-given-this", "%00", "é"])
def test_a_code_of_no_packet_is_unknown(nobody, document, code):
    response = nobody.get(f"/verify/{code}/")
    assert (response.status_code, verdict(response)) == (404, "unknown")


def test_no_answer_tells_of_people_or_of_the_outcome(nobody, document, packet, hana, settings):
    decide(packet.case, "not-yet", by=hana, rationale="Early", look_again_on=today() + timedelta(days=90))
    answers = [asked(nobody, document), asked(nobody, document + b" ")]
    answers.append(nobody.get(reverse("verify_code", args=[packet.written_code])))
    for response in answers:
        told = words(response)
        for secret in (
            packet.case.subject.name,
            packet.by.name,
            packet.case.to_level.title,
            "Not yet",
            "Early",
        ):
            assert f" {secret}" not in told
            assert f">{secret}" not in told


def test_asking_leaves_no_trace(nobody, document, packet):
    before = Entry.objects.count()
    asked(nobody, document)
    nobody.get(reverse("verify_code", args=[packet.written_code]))
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("said", "sentence"), [({}, "Choose a PDF"), ({"code": "abc"}, "16 letters and digits")]
)
def test_nothing_to_ask_about_is_refused_in_words(nobody, db, said, sentence):
    response = nobody.post(reverse("verify"), said)
    assert response.status_code == 422
    assert sentence in words(response)


def test_a_large_file_is_refused_before_it_is_read(nobody, db):
    class Unread:
        def read(self, size=-1):
            raise AssertionError("the body was read")

        readline = read

    response = nobody.generic(
        "POST",
        reverse("verify"),
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(21 << 20), "wsgi.input": Unread()},
    )
    assert response.status_code == 413
    assert "larger than 20 MB" in words(response)


def test_an_empty_file_is_unknown(nobody, db):
    assert verdict(asked(nobody, b"")) == "unknown"


def test_who_asks_too_often_waits(nobody, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"verification": "3/5m/ip"}
    statuses = [
        nobody.get(reverse("verify_code", args=[written_code("0" * 16)])).status_code for _ in range(5)
    ]
    assert statuses == [404, 404, 404, 429, 429]
    assert asked(nobody, b"x").status_code == 429


def test_it_changes_nothing_so_no_token_is_asked(db):
    client = Client(enforce_csrf_checks=True)
    assert asked(client, b"x").status_code == 200


def test_only_get_and_post(nobody, db):
    assert nobody.put(reverse("verify")).status_code == 405
    assert nobody.post(reverse("verify_code", args=["x"])).status_code == 405


def test_a_code_across_two_pieces_is_found(packet):
    from django.core.files.base import ContentFile

    from ladder.pages.verification.documents import _read

    mark = b"ladder-packet:" + packet.written_code.encode()
    for before in range(4096 - len(mark), 4096):
        file = ContentFile(b"x" * before + mark + b"y" * 99)
        file.DEFAULT_CHUNK_SIZE = 4096
        assert _read(file)[1] == [packet.written_code]
