"""A copy of one's record: ordered on the page, made by the worker, taken within a day by who ordered it."""

import hashlib
import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from competencies.core.clock import now, standing_at
from competencies.packets.models import Packet
from competencies.personal_data.erasure import erase
from competencies.personal_data.models import Export, Leftover
from competencies.trail.models import Entry
from ladder.jobs import record_exports
from ladder.jobs.performing import perform

HTMX = {"HX-Request": "true"}


@pytest.fixture
def export(sam):
    return Export.order(sam, by=sam)


@pytest.fixture
def built(export):
    perform.call(export.job_id)
    export.refresh_from_db()
    return export


def opened(response):
    return ZipFile(BytesIO(b"".join(response.streaming_content)))


class TestOrdering:
    def test_it_is_ordered_made_and_shown(self, signed_in, sam, django_capture_on_commit_callbacks, settings):
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        client = signed_in(sam)
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(f"/people/{sam.pk}/record/exports/", follow=True)

        assert response.redirect_chain[-1][0] == "/record/"
        page = response.content.decode()
        assert "Generating. You can leave this page." in page
        assert 'hx-trigger="every 2s"' in page
        perform.call(Export.objects.get().job_id)
        assert "Download" in client.get("/record/").content.decode()

    def test_a_second_order_while_one_is_made_is_the_same_order(self, signed_in, sam, settings):
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        for _time in range(2):
            signed_in(sam).post(f"/people/{sam.pk}/record/exports/")

        assert Export.objects.count() == 1

    def test_hr_orders_one_for_the_person(self, signed_in, sam, hana):
        response = signed_in(hana).post(f"/people/{sam.pk}/record/exports/")

        assert response.url == f"/people/{sam.pk}/record/"
        assert (Export.objects.get().person, Export.objects.get().by) == (sam, hana)

    @pytest.mark.parametrize("who", ["mara", "dora", "noor", "otto", "leo"])
    def test_nobody_else_does(self, request, signed_in, sam, who):
        client = signed_in(request.getfixturevalue(who))

        assert client.post(f"/people/{sam.pk}/record/exports/").status_code == 404
        assert not Export.objects.exists()

    def test_reading_orders_nothing(self, signed_in, sam):
        assert signed_in(sam).get(f"/people/{sam.pk}/record/exports/").status_code == 302


class TestWaiting:
    def test_htmx_asks_again_until_it_is_there(self, signed_in, export, sam):
        client = signed_in(sam)
        waiting = client.get(f"/exports/{export.pk}/", headers=HTMX).content.decode()
        perform.call(export.job_id)
        ready = client.get(f"/exports/{export.pk}/", headers=HTMX).content.decode()

        assert "hx-trigger" in waiting
        assert "<html" not in waiting
        assert "hx-trigger" not in ready
        assert f"/exports/{export.pk}/record.zip" in ready

    def test_without_htmx_it_is_on_its_page(self, signed_in, export, sam):
        assert signed_in(sam).get(f"/exports/{export.pk}/").url == f"/people/{sam.pk}/record/"

    def test_what_never_came_says_so_and_can_be_ordered_again(self, signed_in, export, sam):
        with standing_at(now() + timedelta(minutes=11)):
            page = signed_in(sam).get(f"/exports/{export.pk}/", headers=HTMX).content.decode()
            again = Export.order(sam, by=sam)

        assert "This copy hasn’t arrived" in page
        assert again != export

    @pytest.mark.parametrize("who", ["hana", "mara", "otto"])
    def test_it_is_a_matter_of_who_ordered_it(self, request, signed_in, built, who):
        client = signed_in(request.getfixturevalue(who))

        assert client.get(f"/exports/{built.pk}/", headers=HTMX).status_code == 404
        assert client.get(f"/exports/{built.pk}/record.zip").status_code == 404


class TestDownloading:
    def test_the_zip_holds_the_record_and_says_what_is_in_it(self, signed_in, built, sam):
        response = signed_in(sam).get(f"/exports/{built.pk}/record.zip")

        assert response["Content-Type"] == "application/zip"
        assert f'filename="record-sam-{built.at:%Y-%m-%d}.zip"' in response["Content-Disposition"]
        archive = opened(response)
        manifest = json.loads(archive.read("manifest.json"))
        assert set(archive.namelist()) == {*manifest, "manifest.json"}
        assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in manifest} == {
            name: told["sha256"] for name, told in manifest.items()
        }
        assert json.loads(archive.read("record.json"))["profile"]["name"] == "Sam"
        assert "Sam" in archive.read("index.html").decode()
        assert Entry.objects.first().action == "record.downloaded"

    def test_packets_of_the_candidate_are_in_it_as_pdf(self, full_case, mara, hana, sam, settings):
        full_case.propose(by=mara)
        for variant, body in (("candidate", b"%PDF theirs"), ("committee", b"%PDF not theirs")):
            packet = Packet.freeze(full_case, by=hana, variant=variant)
            packet.order(by=hana)
            settings.PACKET_DIR.mkdir(exist_ok=True)
            (settings.PACKET_DIR / f"{variant}.pdf").write_bytes(body)
            sha256 = hashlib.sha256(body).hexdigest()
            packet.keep(f"{variant}.pdf", sha256=sha256, pages=1, size=len(body))
        export = Export.order(sam, by=sam)
        perform.call(export.job_id)
        export.refresh_from_db()

        archive = ZipFile(record_exports.file_of(export))
        documents = [name for name in archive.namelist() if name.startswith("packets/")]
        assert [archive.read(name) for name in documents] == [b"%PDF theirs"]

    @pytest.mark.parametrize(
        ("happened", "because"),
        [
            (None, "It has not been created yet."),
            (lambda file: file.unlink(), "Its file is missing."),
            (lambda file: file.write_bytes(b"%PDF another"), "Its file has changed."),
        ],
        ids=["not made", "gone", "another"],
    )
    def test_a_copy_that_lacks_a_document_says_which(
        self, full_case, mara, hana, sam, settings, happened, because
    ):
        full_case.propose(by=mara)
        packet, file = Packet.freeze(full_case, by=hana, variant="candidate"), settings.PACKET_DIR / "it.pdf"
        packet.order(by=hana)
        if happened:
            settings.PACKET_DIR.mkdir(exist_ok=True)
            file.write_bytes(b"%PDF theirs")
            packet.keep("it.pdf", sha256=hashlib.sha256(b"%PDF theirs").hexdigest(), pages=1, size=11)
            happened(file)
        export = Export.order(sam, by=sam)
        perform.call(export.job_id)
        export.refresh_from_db()

        archive = ZipFile(record_exports.file_of(export))
        record = json.loads(archive.read("record.json"))
        assert record["missing_documents"] == [{"packet": packet.number, "because": because}]
        for name in ("README.txt", "index.html"):
            assert f"{packet.number}: {because}" in archive.read(name).decode()

    def test_the_same_record_gives_the_same_bytes(self, built, tmp_path):
        for name in ("one.zip", "two.zip"):
            record_exports.write_copy(built, tmp_path / name)

        assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()

    def test_after_a_day_it_is_gone_and_the_file_with_it(self, signed_in, built, sam):
        path = record_exports.file_of(built)
        with standing_at(now() + timedelta(hours=25)):
            assert signed_in(sam).get(f"/exports/{built.pk}/record.zip").status_code == 404
            record_exports.clear_away.call()

        assert not path.exists()
        assert not Leftover.objects.exists()

    def test_hr_who_is_hr_no_more_gets_nothing(self, signed_in, sam, hana):
        export = Export.order(sam, by=hana)
        perform.call(export.job_id)
        client = signed_in(hana)
        assert client.head(f"/exports/{export.pk}/record.zip").status_code == 200

        hana.grants.update(revoked_at=now())

        assert client.get(f"/exports/{export.pk}/record.zip").status_code == 404
        assert client.get(f"/exports/{export.pk}/", headers=HTMX).status_code == 404


class TestBuilding:
    def test_twice_is_once(self, built):
        before = (built.file, Entry.objects.count())
        perform.call(built.job_id)
        built.refresh_from_db()

        assert (built.file, Entry.objects.count()) == before

    def test_whoever_may_no_longer_have_it_gets_no_file(self, sam, hana, settings):
        export = Export.order(sam, by=hana)
        hana.grants.update(revoked_at=now())

        perform.call(export.job_id)

        export.refresh_from_db()
        assert export.state == "failed"
        assert not list(settings.EXPORT_DIR.glob("*")) if settings.EXPORT_DIR.exists() else True

    def test_a_copy_that_may_name_somebody_erased_meanwhile_is_not_kept(self, export, gone, hana, settings):
        erase(gone, by=hana)

        perform.call(export.job_id)

        export.refresh_from_db()
        assert (export.state, export.file) == ("failed", "")
        assert "erased" in export.job.failure
        assert not list(settings.EXPORT_DIR.iterdir())

    def test_what_a_killed_worker_left_is_removed(self, settings, db):
        import os

        settings.EXPORT_DIR.mkdir()
        orphan = settings.EXPORT_DIR / "orphan.zip"
        orphan.write_bytes(b"half")
        record_exports.clear_away.call()
        assert orphan.exists()
        os.utime(orphan, (0, 0))

        record_exports.clear_away.call()

        assert not orphan.exists()
