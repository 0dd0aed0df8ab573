"""Every door to somebody's record, each opened by somebody else, and what is then written down."""

import pytest

from competencies.packets.models import Packet
from competencies.trail.models import Entry
from tests.conftest import HTMX
from tests.scenes import scene

READ = ("assessment.read", "review.read", "evidence.read", "evidence.listed", "case.read", "packet.read")


@scene
def rows(revealed, of_self, of_manager, evidence, full_case, sam, mara):
    """What there is to read of Sam, by the name of the address."""
    full_case.propose(by=mara)
    packet = Packet.freeze(full_case, by=mara)
    return {
        "review": revealed, "self": of_self, "manager": of_manager, "piece": evidence[0],
        "case": full_case, "packet": packet, "sam": sam,
    }  # fmt: skip


@pytest.fixture
def readings():
    """A function that says what was read since it was last asked: `[(reader, action, about)]`."""
    seen = set(Entry.objects.values_list("pk", flat=True))

    def read():
        new = Entry.objects.filter(action__in=READ).exclude(pk__in=seen).order_by("sequence")
        found = [(entry.actor.name, entry.action, entry.about.name) for entry in new]
        seen.update(new.values_list("pk", flat=True))
        return found

    return read


PAGES = {
    "/assessments/{self}/": "assessment.read",
    "/assessments/{manager}/": "assessment.read",
    "/reviews/{review}/": "review.read",
    "/evidence/{piece}/": "evidence.read",
    "/people/{sam}/evidence/": "evidence.listed",
    "/cases/{case}/": "case.read",
    "/cases/{case}/packet/": "case.read",
    "/packets/{packet}/": "packet.read",
}
RESOURCES = {
    "/api/v1/assessments/{self}/": "assessment.read",
    "/api/v1/reviews/{review}/comparison/": "review.read",
    "/api/v1/evidence/{piece}/": "evidence.read",
    "/api/v1/cases/{case}/": "case.read",
    "/api/v1/cases/{case}/readiness/": "case.read",
    "/api/v1/packets/{packet}/": "packet.read",
}
BARE = [
    "/people/{sam}/", "/team/", "/reviews/", "/cases/", "/", "/api/v1/people/{sam}/", "/api/v1/reviews/",
    "/api/v1/reviews/{review}/", "/api/v1/assessments/", "/api/v1/cases/", "/api/v1/packets/",
    "/people/{sam}/trail/",
]  # fmt: skip


def fill(address, rows):
    return address.format(**{name: row.pk for name, row in rows.items()})


@pytest.mark.parametrize(("address", "action"), PAGES.items())
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_page_is_noted_once_in_the_hour(signed_in, rows, readings, dora, address, action, headers):
    client = signed_in(dora)

    for _time in range(3):
        assert client.get(fill(address, rows), headers=headers).status_code == 200

    assert readings() == [("Dora", action, "Sam")]


@pytest.mark.parametrize(("address", "action"), RESOURCES.items())
def test_so_is_a_resource_of_the_api(signed_in, rows, readings, dora, address, action):
    client = signed_in(dora)

    for _time in range(2):
        assert client.get(fill(address, rows)).status_code == 200

    assert readings() == [("Dora", action, "Sam")]


@pytest.mark.parametrize("address", [*PAGES, *RESOURCES])
def test_nothing_is_noted_of_ones_own_record(signed_in, rows, readings, sam, address):
    signed_in(sam).get(fill(address, rows))

    assert readings() == []


@pytest.mark.parametrize("address", [*PAGES, *RESOURCES])
def test_nothing_is_noted_of_who_is_refused(signed_in, rows, readings, kit, address):
    assert signed_in(kit).get(fill(address, rows)).status_code == 404
    assert readings() == []


@pytest.mark.parametrize("address", BARE)
@pytest.mark.parametrize("reader", ["dora", "hana"])
def test_what_shows_no_content_is_not_noted(request, signed_in, rows, readings, reader, address):
    signed_in(request.getfixturevalue(reader)).get(fill(address, rows))

    assert readings() == []


def test_a_list_that_shows_all_of_each_row_notes_each(signed_in, rows, readings, hana):
    response = signed_in(hana).get("/api/v1/evidence/", {"person": rows["sam"].pk})

    assert len(response.json()["results"]) == 4
    assert readings() == [("Hana", "evidence.read", "Sam")] * 4


def test_taking_the_document_is_a_download_and_no_second_reading(
    signed_in, rows, readings, dora, settings, tmp_path
):
    settings.PACKET_DIR = tmp_path
    packet = rows["packet"]
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    packet.keep("a.pdf", sha256="0" * 64, pages=1, size=5)
    for address in ("/packets/{packet}/packet.pdf", "/api/v1/packets/{packet}/document/"):
        assert signed_in(dora).get(fill(address, rows)).status_code == 200

    assert readings() == []
    assert Entry.objects.filter(action="packet.downloaded", actor=dora).count() == 2


@pytest.mark.parametrize("address", ["/cases/{case}/convening/", "/cases/{case}/withdrawal/"])
def test_a_form_that_is_refused_shows_the_case(signed_in, rows, readings, hana, address):
    assert signed_in(hana).post(fill(address, rows), {}).status_code in (302, 422)

    assert readings() == [("Hana", "case.read", "Sam")]


def test_what_is_written_is_not_yet_read_by_its_writer(signed_in, full_case, of_manager, readings, mara):
    client = signed_in(mara)
    for address in (
        f"/cases/{full_case.pk}/",
        f"/cases/{full_case.pk}/packet/",
        f"/assessments/{of_manager.pk}/",
    ):
        assert client.get(address).status_code == 200

    assert readings() == []
