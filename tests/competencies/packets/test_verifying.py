"""What a document is told to be, from its bytes and the code in it, and what is not told."""

import pytest

from competencies.packets.codes import CODE_LENGTH, LETTERS, new_code, read_code, written_code
from competencies.packets.models import Document, Packet
from competencies.packets.verification import verify_code, verify_document
from tests.scenes import scene

FILE, OTHER = "a" * 64, "b" * 64


@scene
def packet(full_case, mara):
    full_case.propose(by=mara)
    frozen = Packet.freeze(full_case, by=mara)
    frozen.keep("one.pdf", sha256=FILE, pages=9, size=1234)
    return Packet.objects.get(pk=frozen.pk)


def test_a_code_is_long_by_chance_and_easy_to_read():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(set(code) <= set(LETTERS) and len(code) == CODE_LENGTH for code in codes)
    assert len(LETTERS) ** CODE_LENGTH >= 2**64
    assert not set("ILOU") & set(LETTERS)


@pytest.mark.parametrize("written", ["7qk4-mz0e-93wd-hxta", " 7QK4 MZOE 93WD HXTA ", "7QK4MZ0E93WDHXTA"])
def test_a_code_is_read_as_people_type_it(written):
    assert read_code(written) == "7QK4MZ0E93WDHXTA"
    assert written_code(read_code(written)) == "7QK4-MZ0E-93WD-HXTA"


@pytest.mark.parametrize(
    "written", ["", "7QK4", "7QK4-MZ0E-93WD-HXT", "7QK4-MZ0E-93WD-HXTU", "é" * 16, "0" * 17]
)
def test_what_cannot_be_a_code_is_none(written):
    assert read_code(written) == ""


def test_each_packet_has_a_code_of_its_own_and_says_it(packet, mara):
    later = Packet.freeze(packet.case, by=mara, variant="candidate")
    assert packet.code != later.code
    told = packet.content["packet"]
    assert told["code"] == written_code(packet.code)
    assert told["verify"].endswith(f"/verify/{told['code']}/")


def test_the_very_file_is_genuine(packet):
    verdict = verify_document(FILE, [])
    assert (verdict.kind, verdict.number, verdict.at) == ("genuine", packet.number, packet.at)
    assert not verdict.later_number


def test_a_later_packet_of_the_same_kind_supersedes(packet, mara):
    Packet.freeze(packet.case, by=mara, variant="candidate")
    assert verify_document(FILE, []).kind == "genuine"
    later = Packet.freeze(packet.case, by=mara)
    verdict = verify_document(FILE, [])
    assert (verdict.kind, verdict.later_number, verdict.later_at) == ("superseded", later.number, later.at)


def test_another_file_with_its_code_is_altered(packet):
    verdict = verify_document(OTHER, [written_code(packet.code)])
    assert (verdict.kind, verdict.number) == ("altered", packet.number)


@pytest.mark.parametrize("codes", [[], ["7QK4-MZ0E-93WD-HXTA"], ["rubbish"]])
def test_a_file_that_names_no_packet_is_unknown(packet, codes):
    assert vars(verify_document(OTHER, codes)) == vars(type(verify_document(OTHER, codes))("unknown"))


def test_a_code_alone_is_never_genuine(packet):
    verdict = verify_code(written_code(packet.code).lower())
    assert (verdict.kind, verdict.number, verdict.sha256) == ("known", packet.number, FILE)
    assert verify_code("7QK4-MZ0E-93WD-HXTA").kind == "unknown"
    assert verify_code("").kind == "unknown"


def test_a_packet_from_before_codes_is_not_found_by_none(packet, full_case, mara):
    Packet.objects.create(
        case=full_case, number="P-0", variant="committee", by=mara, snapshot="{}", digest=""
    )
    assert verify_code("").kind == "unknown"
    assert verify_document(OTHER, [""]).kind == "unknown"


def test_the_answer_holds_nothing_of_what_is_in_it(packet):
    for verdict in (verify_document(FILE, []), verify_code(packet.code)):
        said = " ".join(str(value) for value in vars(verdict).values())
        assert packet.case.subject.name not in said
        assert packet.by.name not in said


def test_it_costs_the_same_whatever_there_is(packet, mara, django_assert_max_num_queries):
    for _ in range(3):
        Packet.freeze(packet.case, by=mara)
    with django_assert_max_num_queries(3):
        verify_document(FILE, [])
    with django_assert_max_num_queries(3):
        verify_code(packet.code)
    assert Document.objects.count() == 1
