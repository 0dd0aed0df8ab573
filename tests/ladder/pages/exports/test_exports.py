"""Exports in the browser: chosen and counted, followed, steered, taken as files and by links."""

import csv
import hashlib
import io
import json
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from competencies.packets.models import Packet
from competencies.packets.models.export import ExportItem, PacketExport, PacketLink
from competencies.people.models import Person
from competencies.promotions.models import PromotionCase, Proposal
from competencies.trail.models import Entry
from ladder.jobs import packet_archives, packet_exports
from ladder.jobs.performing import perform
from ladder.pdf.child import Typeset
from tests.scenes import scene

HTMX = {"HX-Request": "true"}
LIST, NEW = "/packet-exports/", "/packet-exports/new/"


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    """Documents go into a folder of the test's own; tasks wait in the queue, and nobody waits for them."""
    settings.PACKET_DIR = tmp_path / "packets"
    monkeypatch.setattr(packet_archives, "LONGEST", 0)
    return settings.PACKET_DIR


@pytest.fixture
def printer(monkeypatch, folder):
    """A printer that is quick: what it gives holds the number of the packet, and no more."""

    def print_document(packet):
        folder.mkdir(exist_ok=True)
        body = f"%PDF-1.7 {packet.number}".encode()
        sha256 = hashlib.sha256(body).hexdigest()
        (folder / f"{sha256}.pdf").write_bytes(body)
        return Typeset(pages=9, bytes=len(body), sha256=sha256, seconds=0.1, peak_rss=1)

    monkeypatch.setattr(packet_exports, "print_document", print_document)


@scene
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


@pytest.fixture
def more(proposed):
    """A function that proposes cases for further people, and returns them."""

    def propose(count):
        cases = []
        for number in range(count):
            person = Person.objects.create_user(f"x{number}@testing.example", f"=Person {number}")
            case = PromotionCase.objects.get(pk=proposed.pk)
            case.pk, case.subject = None, person
            case.save()
            for statement in proposed.statements.all():
                statement.pk, statement.case = None, case
                statement.save()
            Proposal.objects.create(case=case, by=case.sponsor)
            cases.append(case)
        return cases

    return propose


@pytest.fixture
def hr(signed_in, hana):
    return signed_in(hana)


@pytest.fixture
def job(proposed, hr):
    hr.post(NEW, {"variant": "committee"})
    return PacketExport.objects.get()


@pytest.fixture
def url(job):
    return f"/packet-exports/{job.pk}/"


@pytest.fixture
def made(job, printer):
    for item in job.items.all():
        perform.call(item.job_id)
    return job


class TestOrdering:
    def test_what_it_would_hold_is_counted_before_anything_is_ordered(self, hr, proposed, more):
        more(2)
        page = words(hr.get(NEW))

        assert "3 packets" in page
        assert "0 exist already." in page
        assert "Sam" in page
        assert not PacketExport.objects.exists()

    def test_ones_own_case_is_counted_and_not_named(self, hr, proposed, more, hana):
        own = more(1)[0]
        PromotionCase.objects.filter(pk=own.pk).update(subject=hana)
        page = words(hr.get(NEW))

        assert "1 packet<" in page
        assert "1 more matches but is left out" in page

    def test_nothing_that_fits_is_said_in_words(self, hr, full_case):
        assert "No proposed cases match" in words(hr.get(NEW))

    @pytest.mark.parametrize(
        ("query", "found"), [("level=backend-engineering/staff", 1), ("outcome=decline", 0)]
    )
    def test_it_is_narrowed_by_the_address(self, hr, proposed, query, found):
        page = words(hr.get(f"{NEW}?{query}&variant=committee"))

        assert ("Export 1 packet" in page) == bool(found)

    def test_an_unknown_manager_is_told(self, hr, proposed):
        page = words(hr.get(f"{NEW}?below=nobody"))

        assert "Nobody here has exactly this email, staff number or name" in page
        assert "Export 1" not in page

    def test_it_is_ordered_as_it_was_counted(self, hr, proposed, more, mara, hana):
        more(1)
        response = hr.post(
            NEW, {"below": mara.email, "level": "backend-engineering/staff", "variant": "candidate"}
        )

        job = PacketExport.objects.get()
        assert response.url == job.get_absolute_url()
        assert (job.by, job.variant) == (hana, "candidate")
        assert job.chosen == {"below": mara.pk, "level": "backend-engineering/staff"}
        assert [item.case for item in job.items.all()] == [proposed]

    def test_nothing_to_export_is_refused_beside_the_form(self, hr, full_case):
        response = hr.post(NEW, {"variant": "committee"})

        assert response.status_code == 422
        assert "nothing to export" in words(response)

    @pytest.mark.parametrize("who", ["mara", "dora", "sam", "otto", "aude"])
    def test_it_is_there_for_hr_alone(self, request, signed_in, proposed, who):
        client = signed_in(request.getfixturevalue(who))
        assert client.get(NEW).status_code == 404
        assert client.get(LIST).status_code == 404
        assert client.post(NEW, {"variant": "committee"}).status_code == 404
        assert "packet-exports" not in words(client.get("/cases/"))

    def test_hr_finds_it_among_the_promotions(self, hr, proposed):
        assert LIST in words(hr.get("/cases/"))


class TestProgress:
    def test_while_it_goes_on_htmx_asks_again_and_others_get_a_link(self, hr, job, url):
        page = words(hr.get(url))
        assert 'hx-trigger="every 2s"' in page
        assert "Refresh" in page
        assert "0 of 1" in page

        fragment = words(hr.get(url, headers=HTMX))
        assert fragment.startswith(f'<div class="stack" id="packet-export-{job.pk}"')
        assert "<html" not in fragment

    def test_once_it_is_done_nothing_asks_any_more(self, hr, made, url):
        page = words(hr.get(url))

        assert "hx-trigger" not in page
        assert "1 of 1" in page
        assert "Download ZIP" in page
        assert Packet.objects.get().number in page

    def test_a_failure_stands_with_its_reason_and_is_tried_again_alone(self, hr, job, url, more, printer):
        item = job.items.get()
        item.fail("The printer is away.", token=item.job.take(worker="here:1"))
        page = words(hr.get(url))
        assert "1 packet failed" in page
        assert "The printer is away." in page

        assert hr.post(f"{url}retrial/").url == url
        assert ExportItem.objects.get().state == "waiting"
        assert "Generating" in words(hr.get(url))

    def test_one_failure_is_tried_again_from_its_own_page(self, hr, job):
        item = job.items.get()
        item.fail("The printer is away.", token=item.job.take(worker="here:1"))
        address = f"/packet-export-items/{item.pk}/"
        assert "The printer is away." in words(hr.get(address))

        assert hr.post(f"{address}retrial/").url == job.get_absolute_url()
        assert ExportItem.objects.get().state == "waiting"
        assert hr.post(f"{address}retrial/").status_code == 404

    @pytest.mark.parametrize("step", ["pause", "resumption", "cancellation", "retrial"])
    def test_no_step_is_taken_by_looking_or_by_others(self, hr, signed_in, mara, url, step):
        assert hr.get(f"{url}{step}/").status_code == 302
        assert signed_in(mara).post(f"{url}{step}/").status_code == 404

    def test_it_is_paused_gone_on_with_and_cancelled(self, hr, job, url):
        assert "Resume" in words(hr.post(f"{url}pause/", headers=HTMX))
        assert hr.post(f"{url}pause/").url == url  # twice does no harm
        assert "Pause" in words(hr.post(f"{url}resumption/", headers=HTMX))
        page = words(hr.post(f"{url}cancellation/", headers=HTMX))
        assert "Cancelled" in page
        assert "hx-trigger" not in page
        assert hr.post(f"{url}resumption/").status_code == 404

    def test_another_of_hr_does_not_find_it(self, signed_in, job, url, noor):
        noor.grants.create(role="hr")

        assert signed_in(noor).get(url).status_code == 404
        assert str(job) not in words(signed_in(noor).get(LIST))

    def test_the_queries_do_not_grow_with_the_people(self, hr, proposed, more, printer):
        def count():
            hr.post(NEW, {"variant": "committee"})
            job = PacketExport.objects.first()
            for item in job.items.all():
                perform.call(item.job_id)
            with CaptureQueriesContext(connection) as queries:
                hr.get(job.get_absolute_url())
                hr.get(LIST)
                hr.get(NEW)
            return len(queries)

        few = count()
        more(4)
        assert count() == few


class TestFiles:
    @staticmethod
    def zip_of(client, url):
        response = client.get(f"{url}packets.zip")
        assert response.status_code == 200
        return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))

    def test_the_zip_says_what_it_holds(self, hr, made, url, sam):
        bundle = self.zip_of(hr, url)
        number = Packet.objects.get().number
        name = f"packets/{number}-sam.pdf"
        manifest = json.loads(bundle.read("manifest.json"))

        assert bundle.testzip() is None
        assert bundle.namelist() == [name, "manifest.json", "SHA256SUMS"]
        assert bundle.read(name) == f"%PDF-1.7 {number}".encode()
        told = manifest["files"][0]
        assert (told["outcome"], told["pages"], told["packet"]) == ("exported", 9, number)
        assert (told["person"], manifest["not_in_this_file"]) == ("Sam", [])
        for line in bundle.read("SHA256SUMS").decode().splitlines():
            digest, member = line.split("  ")
            assert hashlib.sha256(bundle.read(member)).hexdigest() == digest

    def test_what_is_not_made_is_in_the_manifest(self, hr, job, url, hana, more, printer):
        bundle = self.zip_of(hr, url)
        assert json.loads(bundle.read("manifest.json"))["not_in_this_file"][0]["outcome"] == "not made"

        item = job.items.get()
        item.fail("The printer is away.", token=item.job.take(worker="here:1"))
        missing = json.loads(self.zip_of(hr, url).read("manifest.json"))["not_in_this_file"][0]
        assert (missing["outcome"], missing["reason"]) == ("failed", "The printer is away.")

    def test_the_trail_says_of_each_person_that_it_was_taken(self, hr, made, url, sam, hana):
        self.zip_of(hr, url)

        entry = Entry.objects.get(action="packet.exported")
        assert (entry.about, entry.actor, entry.details) == (sam, hana, {"export": made.pk})
        assert Entry.objects.get(action="export.downloaded").details == {"file": "zip"}

    def test_what_may_not_be_read_any_more_stays_behind(self, hr, made, url, hana):
        PromotionCase.objects.update(subject=hana)
        bundle = self.zip_of(hr, url)

        assert bundle.namelist() == ["manifest.json", "SHA256SUMS"]
        assert not Entry.objects.filter(action="packet.exported").exists()

    def test_a_document_that_was_altered_stays_behind(self, hr, made, url, folder):
        next(folder.glob("*.pdf")).write_bytes(b"%PDF-1.7 forged")
        bundle = self.zip_of(hr, url)

        assert bundle.namelist() == ["manifest.json", "SHA256SUMS"]
        assert json.loads(bundle.read("manifest.json"))["not_in_this_file"][0]["outcome"] == "not there"

    def test_a_masked_export_names_nobody(self, made, hana, sam):
        PacketExport.objects.update(variant=packet_archives.NAMELESS)
        bundle = zipfile.ZipFile(
            io.BytesIO(b"".join(packet_archives.Archive(PacketExport.objects.get(), reader=hana)))
        )
        texts = " ".join([*bundle.namelist(), bundle.read("manifest.json").decode()])

        assert Packet.objects.get().number in texts
        assert "sam" not in texts.lower()

    def test_names_are_unique_and_safe(self, hr, made, url, sam):
        Person.objects.filter(pk=sam.pk).update(name="../Łukasz “X” 北京/..")
        name = self.zip_of(hr, url).namelist()[0]

        assert re.fullmatch(r"packets/P-\d{4}-\d{4,}-\d-[\w-]+\.pdf", name)
        assert "北京" in name

    def test_the_lists_hold_each_person_and_no_formula(self, hr, proposed, more, printer):
        more(1)
        hr.post(NEW, {"variant": "committee"})
        job = PacketExport.objects.get()
        for item in job.items.all():
            perform.call(item.job_id)
        url = job.get_absolute_url()

        lines = b"".join(hr.get(f"{url}packets.csv").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(lines)))
        assert [row["Person"] for row in rows] == ["'=Person 0", "Sam"]
        assert rows[1]["Packet"] == Packet.objects.get(case=proposed).number
        assert rows[1]["SHA-256 of the PDF"] == Packet.objects.get(case=proposed).document.sha256

        sheet = load_workbook(io.BytesIO(hr.get(f"{url}packets.xlsx").content)).active
        cells = [sheet.cell(row, 2) for row in (1, 2, 3)]
        assert [cell.value for cell in cells] == ["Person", "=Person 0", "Sam"]
        assert cells[1].data_type == "s"

    @pytest.mark.parametrize("file", ["packets.zip", "packets.csv", "packets.xlsx"])
    def test_they_are_for_who_ordered_them_and_taken_by_get(self, signed_in, mara, hr, url, file):
        assert signed_in(mara).get(f"{url}{file}").status_code == 404
        assert hr.post(f"{url}{file}").status_code == 405


class TestLinks:
    @pytest.fixture
    def address(self, made):
        return f"/packet-export-items/{made.items.get().pk}/"

    @pytest.fixture
    def key(self, hr, address, mara):
        page = words(hr.post(f"{address}links/", {"person": mara.email, "days": 3}))
        return re.search(r"/packet-links/([\w-]{43})/packet\.pdf", page)[1]

    def test_it_is_shown_once_and_opens_for_its_person(self, hr, signed_in, address, key, mara, made):
        assert key not in words(hr.get(address))
        response = signed_in(mara).get(f"/packet-links/{key}/packet.pdf")

        assert b"".join(response.streaming_content).startswith(b"%PDF")
        entry = Entry.objects.get(action="packet.downloaded")
        assert (entry.actor, entry.row_model) == (mara, "packets.packetlink")
        assert "last used" in words(hr.get(address))

    @pytest.mark.parametrize("who", ["hana", "dora", "sam", "otto"])
    def test_it_opens_for_nobody_else(self, request, signed_in, key, who):
        client = signed_in(request.getfixturevalue(who))

        assert client.get(f"/packet-links/{key}/packet.pdf").status_code == 404

    def test_who_is_not_signed_in_signs_in_first(self, client, key):
        assert client.get(f"/packet-links/{key}/packet.pdf").status_code == 302

    def test_it_is_taken_back(self, hr, signed_in, key, mara, address):
        link = PacketLink.objects.get()
        assert hr.post(f"/packet-links/{link.pk}/revocation/").url == address

        assert signed_in(mara).get(f"/packet-links/{key}/packet.pdf").status_code == 404
        assert "revoked" in words(hr.get(address))

    @pytest.mark.parametrize(("who", "said"), [("noor", "a link would not work"), ("nobody", "Nobody here")])
    def test_for_whom_it_would_open_nothing_it_is_refused(self, hr, address, who, said):
        response = hr.post(f"{address}links/", {"person": f"{who}@testing.example", "days": 3})

        assert response.status_code == 422
        assert said in words(response)
        assert not PacketLink.objects.exists()

    def test_it_lives_for_a_week_at_most(self, hr, address, mara):
        assert hr.post(f"{address}links/", {"person": mara.email, "days": 8}).status_code == 422

    def test_others_make_none(self, signed_in, mara, address):
        assert signed_in(mara).post(f"{address}links/", {}).status_code == 404
        assert signed_in(mara).get(address).status_code == 404

    def test_the_queries_do_not_grow_with_the_links(self, hr, made, address, mara, hana):
        def count():
            with CaptureQueriesContext(connection) as queries:
                hr.get(address)
            return len(queries)

        item = made.items.get()
        item.link(mara, by=hana, days=1)
        few = count()
        for _number in range(3):
            item.link(mara, by=hana, days=1)
        assert count() == few
