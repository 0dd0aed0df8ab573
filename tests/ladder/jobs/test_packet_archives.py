"""A download that follows an export while it is made, in bounds."""

import hashlib
import io
import json
import zipfile

import pytest

from competencies.core.clock import now
from competencies.jobs.models import Job
from competencies.packets.models.export import ExportItem, PacketExport
from competencies.packets.selection import Choice
from ladder.jobs import packet_archives
from ladder.jobs.packet_archives import Archive


@pytest.fixture
def job(full_case, mara, hana):
    full_case.propose(by=mara)
    return PacketExport.order(Choice(), by=hana, variant="committee")


@pytest.fixture
def folder(settings, tmp_path):
    settings.PACKET_DIR = tmp_path
    return tmp_path


@pytest.fixture
def glances(monkeypatch):
    """Nobody sleeps: `glances` holds how often a download looked, and `then` what happens at each look."""

    def sleep(seconds):
        glances.count += 1
        glances.then()

    glances = type("Glances", (), {"count": 0, "then": staticmethod(lambda: None)})
    monkeypatch.setattr(packet_archives.time, "sleep", sleep)
    return glances


def make(job, folder):
    """Make the packet of an export, as a worker does."""
    item = job.items.get()
    token = item.job.take(worker="here:1")
    packet = item.find_packet(token)
    body = f"%PDF {packet.number}".encode()
    sha256 = hashlib.sha256(body).hexdigest()
    (folder / f"{sha256}.pdf").write_bytes(body)
    item.finish(token, f"{sha256}.pdf", sha256=sha256, pages=1, size=len(body))


def members(archive):
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(archive)))
    return bundle.namelist(), json.loads(bundle.read("manifest.json"))


def test_what_becomes_ready_while_it_is_sent_is_in_it(job, hana, folder, glances):
    glances.then = lambda: make(job, folder) if glances.count == 3 else None
    names, manifest = members(Archive(job, reader=hana))

    assert glances.count == 3
    assert len(names) == 3
    assert manifest["not_in_this_file"] == []


def test_the_first_bytes_come_before_the_last_packet_is_made(job, hana, folder, glances):
    make(job, folder)
    first = next(iter(Archive(job, reader=hana)))

    assert first.startswith(b"PK\x03\x04")
    assert glances.count == 0


def test_it_ends_without_news(job, hana, folder, glances, monkeypatch):
    times = iter(range(0, 10_000, 10))
    monkeypatch.setattr(packet_archives.time, "monotonic", lambda: next(times))
    _names, manifest = members(Archive(job, reader=hana))

    assert 1 <= glances.count <= 3  # half a minute, at ten seconds a look
    assert manifest["not_in_this_file"][0]["outcome"] == "not made"


@pytest.mark.parametrize("step", ["pause", "cancel"])
def test_nobody_waits_for_an_export_that_stands_still(job, hana, folder, glances, step):
    getattr(job, step)(by=hana)
    members(Archive(job, reader=hana))

    assert glances.count == 0


def test_one_alone_follows_in_a_process(job, hana, folder, glances):
    with packet_archives._follower:
        members(Archive(job, reader=hana))
    assert glances.count == 0


def test_whoever_goes_away_lets_the_next_one_follow(job, hana, folder, glances):
    make(job, folder)
    sending = iter(Archive(job, reader=hana))
    next(sending)
    sending.close()

    assert packet_archives._follower.acquire(blocking=False)
    packet_archives._follower.release()


def test_rights_that_end_while_it_is_sent_end_it(job, hana, folder, glances):
    glances.then = lambda: (hana.grants.update(revoked_at=job.at), make_quietly())

    def make_quietly():
        item = ExportItem.objects.get()
        Job.objects.filter(pk=item.job_id).update(failure="It failed.", ended_at=now())

    names, manifest = members(Archive(job, reader=hana))
    assert names == ["manifest.json", "SHA256SUMS"]
    assert manifest["not_in_this_file"] == []  # nor is anybody named to who is of HR no more
