"""The packet in the browser: previewed, frozen, typeset by the worker, downloaded."""

import hashlib
import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import now, standing_at
from competencies.evidence.models import Evidence
from competencies.packets.models import Packet
from competencies.people.models.reporting_closure import relink
from competencies.trail.models import Entry
from ladder.jobs import packet_documents
from ladder.jobs.performing import perform
from ladder.pdf.child import Typeset, TypesettingFailed
from tests.conftest import decide
from tests.scenes import scene

HTMX = {"HX-Request": "true"}


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Documents go into a folder of the test's own."""
    settings.PACKET_DIR = tmp_path / "packets"
    return settings.PACKET_DIR


@pytest.fixture
def at_once(settings):
    """Tasks run at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@scene
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


@scene
def packet(proposed, mara):
    """A frozen packet whose document was ordered and has not come."""
    packet = Packet.freeze(proposed, by=mara)
    packet.order(by=mara)
    return packet


@pytest.fixture
def printed(packet, folder):
    """The same packet with a small document in place of a typeset one."""
    folder.mkdir()
    body = b"%PDF-1.7 a stand-in"
    sha256 = hashlib.sha256(body).hexdigest()
    (folder / f"{sha256}.pdf").write_bytes(body)
    packet.keep(f"{sha256}.pdf", sha256=sha256, pages=9, size=len(body))
    return packet


@pytest.fixture
def broken(monkeypatch):
    def fail(snapshot, *, to):
        raise TypesettingFailed("The printer's libraries are missing.")

    monkeypatch.setattr(packet_documents, "typeset", fail)


class TestPreview:
    @staticmethod
    def url(case):
        return f"/cases/{case.pk}/packet/"

    def test_the_sponsor_reads_the_draft_as_a_packet_and_nothing_is_written(self, signed_in, full_case, mara):
        client, before = signed_in(mara), Entry.objects.count()
        page = words(client.get(self.url(full_case)))

        assert "Text of gaps." in page
        assert "The ledger split" in page
        assert "Finalise and create PDF" in page
        assert (Entry.objects.count(), Packet.objects.count()) == (before, 0)

    @pytest.mark.parametrize("who", ["sam", "dora", "hana", "noor", "otto"])
    def test_a_draft_is_previewed_by_nobody_else(self, request, signed_in, full_case, who):
        assert signed_in(request.getfixturevalue(who)).get(self.url(full_case)).status_code == 404

    def test_letters_without_a_face_are_named_before_anybody_freezes(self, signed_in, full_case, mara):
        page = words(signed_in(mara).get(self.url(full_case)))
        assert "can’t be created with these characters" not in page
        type(full_case.subject).objects.filter(pk=full_case.subject_id).update(
            name="Sam \U00016d43 \U0001f680"
        )

        page = words(signed_in(mara).get(self.url(full_case)))
        assert "can’t be created with these characters" in page
        assert "No installed font has \U00016d43." in page
        assert "Sam \U00016d43 [rocket]" in page, "as on paper"

    def test_the_candidate_gets_their_own_copy_whatever_they_ask_for(self, signed_in, proposed, sam, hana):
        decide(proposed, "decline", by=hana, rationale="Said among ourselves.", feedback="Said to Sam.")
        url = self.url(proposed)

        for query in ({}, {"variant": "committee"}, {"variant": "x"}):
            page = words(signed_in(sam).get(url, query))
            assert "Said to Sam." in page
            assert "Said among ourselves." not in page
            assert "Freeze" not in page
        theirs = signed_in(hana)
        assert "Said among ourselves." in words(theirs.get(url))
        assert "Said among ourselves." not in words(theirs.get(url, {"variant": "candidate"}))

    def test_the_queries_do_not_grow_with_the_case(self, signed_in, full_case, mara, sam, competencies):
        client, url = signed_in(mara), self.url(full_case)

        def count():
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            return len(queries)

        few = count()
        more = [
            Evidence.log(
                sam, by=sam, happened_on=now().date(), title=f"More {n}", competencies=competencies[n : n + 2]
            )
            for n in range(5)
        ]
        for piece in more:
            full_case.tell(by=mara, title="More", competencies=competencies[:3], evidence=[piece])
        full_case.choose(more, by=mara)
        assert count() == few


class TestFreezing:
    def test_it_freezes_orders_and_goes_to_the_packet(self, signed_in, proposed, mara):
        response = signed_in(mara).post(f"/cases/{proposed.pk}/packets/", {"variant": "candidate"})

        packet = Packet.objects.get()
        assert response.url == f"/packets/{packet.pk}/"
        assert (packet.variant, packet.state, packet.by) == ("candidate", "waiting", mara)

    def test_an_unknown_variant_is_the_committees(self, signed_in, proposed, mara):
        signed_in(mara).post(f"/cases/{proposed.pk}/packets/", {"variant": "x"})

        assert Packet.objects.get().variant == "committee"

    @pytest.mark.parametrize("who", ["sam", "dora", "noor", "otto"])
    def test_nobody_else_freezes(self, request, signed_in, proposed, who):
        assert (
            signed_in(request.getfixturevalue(who)).post(f"/cases/{proposed.pk}/packets/").status_code == 404
        )
        assert not Packet.objects.exists()

    def test_reading_freezes_nothing(self, signed_in, proposed, mara):
        assert signed_in(mara).get(f"/cases/{proposed.pk}/packets/").status_code == 302


class TestPacket:
    @staticmethod
    def url(packet):
        return f"/packets/{packet.pk}/"

    def test_while_it_waits_htmx_asks_again_and_others_get_a_link(self, signed_in, packet, mara):
        client = signed_in(mara)
        page = words(client.get(self.url(packet)))
        assert "Generating the PDF" in page
        assert 'hx-trigger="every 1s"' in page
        assert "Refresh" in page
        assert "Try again" not in page

        fragment = words(client.get(self.url(packet), headers=HTMX))
        assert fragment.startswith(f'<section class="panel" id="packet-{packet.pk}"')
        assert "<html" not in fragment

    def test_when_it_takes_too_long_it_can_be_ordered_again(self, signed_in, packet, mara):
        with standing_at(now() + timedelta(minutes=2)):
            page = words(signed_in(mara).get(self.url(packet)))

        assert "takes longer than it should" in page
        assert "Try again" in page
        assert 'hx-trigger="every 10s"' in page

    def test_a_failure_is_told_in_words(self, signed_in, packet, mara):
        packet.last_order.fail("The printer's libraries are missing.")
        page = words(signed_in(mara).get(self.url(packet)))

        assert "could not be created" in page
        assert "The printer&#x27;s libraries are missing." in page
        assert "hx-trigger" not in page.split("</section>")[0]

    def test_when_it_is_ready_it_says_how_long_and_which_digest(self, signed_in, printed, mara):
        page = words(signed_in(mara).get(self.url(printed)))

        assert "Download PDF" in page
        assert "9 pages" in page
        assert printed.digest in page
        assert "hx-trigger" not in page

    def test_a_later_packet_of_the_same_copy_supersedes_it(self, signed_in, packet, proposed, mara):
        client = signed_in(mara)
        Packet.freeze(proposed, by=mara, variant="candidate")
        assert "supersedes" not in words(client.get(self.url(packet)))
        later = Packet.freeze(proposed, by=mara)
        assert later.number in words(client.get(self.url(packet)))

    @pytest.mark.parametrize(
        ("who", "status"),
        [("mara", 200), ("dora", 200), ("hana", 200), ("sam", 404), ("noor", 404), ("otto", 404)],
    )
    def test_the_committees_copy_is_not_for_the_candidate(self, request, signed_in, printed, who, status):
        client = signed_in(request.getfixturevalue(who))

        assert client.get(self.url(printed)).status_code == status
        assert client.get(f"{self.url(printed)}packet.pdf").status_code == status
        if status == 404:
            assert client.post(f"{self.url(printed)}typesetting/").status_code == 404

    def test_the_queries_do_not_grow_with_orders_and_packets(self, signed_in, packet, proposed, mara):
        client, url = signed_in(mara), self.url(packet)

        def count():
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            return len(queries)

        Packet.freeze(proposed, by=mara)
        client.get(url)  # the first reading of the hour is written down
        few = count()
        for _number in range(3):
            packet.orders.first().fail("x")
            packet.order(by=mara)
            Packet.freeze(proposed, by=mara)
        assert count() == few <= 14


class TestOrderingAgain:
    @staticmethod
    def url(packet):
        return f"/packets/{packet.pk}/typesetting/"

    def test_a_plain_form_goes_back_to_the_packet(self, signed_in, packet, mara):
        packet.last_order.fail("x")
        response = signed_in(mara).post(self.url(packet))

        assert response.url == f"/packets/{packet.pk}/"
        assert Packet.objects.get().state == "waiting"

    def test_htmx_gets_the_state(self, signed_in, packet, mara):
        packet.last_order.fail("x")

        assert "Generating the PDF" in words(signed_in(mara).post(self.url(packet), headers=HTMX))

    def test_once_the_document_is_there_nothing_is_ordered(self, signed_in, printed, mara):
        response = signed_in(mara).post(self.url(printed), headers=HTMX)

        assert "Download PDF" in words(response)
        assert printed.orders.count() == 1

    def test_reading_orders_nothing(self, signed_in, packet, mara):
        assert signed_in(mara).get(self.url(packet)).status_code == 302


class TestDownload:
    def test_before_it_is_ready_there_is_nothing(self, signed_in, packet, mara):
        assert signed_in(mara).get(f"/packets/{packet.pk}/packet.pdf").status_code == 404

    def test_a_document_that_is_gone_from_disk_is_nothing(self, signed_in, printed, mara, folder):
        (folder / printed.document.file).unlink()

        assert signed_in(mara).get(f"/packets/{printed.pk}/packet.pdf").status_code == 404

    def test_it_comes_with_its_headers_and_the_trail_says_who_took_it(self, signed_in, printed, hana):
        response = signed_in(hana).get(f"/packets/{printed.pk}/packet.pdf")

        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{printed.number}-sam-staff.pdf"'
        assert response["ETag"] == f'"{printed.document.sha256}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]
        assert Entry.objects.get(action="packet.downloaded").actor == hana

    def test_posting_is_no_download(self, signed_in, printed, mara):
        assert signed_in(mara).post(f"/packets/{printed.pk}/packet.pdf").status_code == 405


class TestTask:
    def test_a_failure_is_told_and_leaves_no_file(self, packet, broken, folder):
        perform.call(packet.orders.get().job_id)

        assert Packet.objects.get().state == "failed"
        assert Packet.objects.get().last_order.job.failure == "The printer's libraries are missing."
        assert not list(folder.glob("*"))

    def test_a_folder_that_takes_nothing_is_told(self, packet, folder):
        folder.write_text("a file where the folder should be")
        perform.call(packet.orders.get().job_id)

        assert "could not be stored" in Packet.objects.get().last_order.job.failure

    @pytest.mark.parametrize("when", ["before", "while"])
    def test_whoever_lost_the_packet_gets_no_document(self, packet, monkeypatch, folder, mara, sam, when):
        """It runs as the one who ordered it, and asks again as it begins and as it ends."""
        folder.mkdir()

        def typeset(snapshot, *, to):
            sam.lines.update(ends_on=now().date())
            relink([sam.pk])
            to.write_bytes(b"%PDF-1.7")
            return Typeset(pages=1, bytes=8, sha256="0" * 64, seconds=0, peak_rss=0)

        monkeypatch.setattr(packet_documents, "typeset", typeset)
        if when == "before":
            typeset(None, to=folder / "other")
            (folder / "other").unlink()
        perform.call(packet.orders.get().job_id)

        packet = Packet.objects.get()
        assert packet.state == "failed"
        assert "may no longer read" in packet.last_order.job.failure
        assert Entry.objects.get(action="packet.failed").actor == mara
        assert not list(folder.glob("*"))

    def test_a_second_run_finds_it_done(self, printed, broken):
        perform.call(printed.orders.get().job_id)

        assert Packet.objects.get().state == "ready"


@pytest.mark.slow
def test_the_whole_way_to_the_same_bytes_twice(
    signed_in, proposed, mara, hana, folder, at_once, django_capture_on_commit_callbacks
):
    pypdf = pytest.importorskip("pypdf")
    client = signed_in(mara)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"/cases/{proposed.pk}/packets/").url
    packet = Packet.objects.get()
    assert packet.state == "ready", packet.last_order and packet.last_order.job.failure
    assert "Download PDF" in words(client.get(page))

    first = b"".join(client.get(f"{page}packet.pdf").streaming_content)
    second = b"".join(signed_in(hana).get(f"{page}packet.pdf").streaming_content)

    assert first == second
    assert hashlib.sha256(first).hexdigest() == packet.document.sha256
    document = pypdf.PdfReader(BytesIO(first))
    assert len(document.pages) == packet.document.pages
    text = "\n".join(sheet.extract_text() for sheet in document.pages)
    for sentence in ("Sam", "Text of gaps.", "The ledger split", packet.number):
        assert sentence in text
    assert [path.name for path in folder.iterdir()] == [packet.document.file]


class TestCopies:
    def test_the_page_of_a_masked_packet_names_nobody(self, signed_in, proposed, mara, dora):
        packet = Packet.freeze(proposed, by=mara, variant="masked")

        page = words(signed_in(dora).get(packet.get_absolute_url()))

        assert "The candidate" in page
        assert not re.search(r"\b(Sam|Mara)\b", page)

    def test_each_person_is_offered_the_copies_they_may_read(self, signed_in, proposed, sam, mara, hana):
        offered = {
            person.name: re.findall(
                r"\?variant=(\w+)", words(signed_in(person).get(f"/cases/{proposed.pk}/packet/"))
            )
            for person in (sam, mara, hana)
        }

        assert offered == {
            "Sam": [],
            "Mara": ["committee", "masked", "candidate"],
            "Hana": ["committee", "masked", "candidate", "archive"],
        }

    def test_an_archive_copy_asked_for_by_the_sponsor_looks_missing(self, signed_in, proposed, mara):
        response = signed_in(mara).post(f"/cases/{proposed.pk}/packets/", {"variant": "archive"})

        assert response.status_code == 404
        assert not Packet.objects.exists()
