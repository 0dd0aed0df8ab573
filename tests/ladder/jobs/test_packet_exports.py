"""Packets in bulk at work: one item at a time, by whoever has it, and taken back from the dead."""

import hashlib
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from django_tasks_db.models import DBTaskResult

from competencies.core.clock import now, standing_at
from competencies.core.refusals import NotNow
from competencies.jobs import models as jobs
from competencies.jobs.models import LEASE, Job
from competencies.packets.models import Document, Packet
from competencies.packets.models.export import ExportItem, PacketExport
from competencies.packets.selection import Choice
from competencies.trail.models import Entry
from ladder.jobs import packet_exports, performing
from ladder.jobs.performing import perform
from ladder.jobs.record_exports import clear_away
from ladder.jobs.sweep import PATIENCE, sweep, take_back_from
from ladder.ops.liveness import this_worker
from ladder.pdf import child as printing
from ladder.pdf.child import Typeset, TypesettingFailed
from tests.ladder.pdf.devouring import DEVOURING, ENDLESS, HEAD, LONG, lower_memory

LATER = LEASE + timedelta(seconds=1)


@pytest.fixture
def folder(settings, tmp_path):
    settings.PACKET_DIR = tmp_path / "packets"
    settings.PACKET_DIR.mkdir()
    return settings.PACKET_DIR


@pytest.fixture
def job(full_case, mara, hana, django_capture_on_commit_callbacks):
    full_case.propose(by=mara)
    with django_capture_on_commit_callbacks(execute=True):
        return packet_exports.order(Choice(), by=hana, variant="committee")


@pytest.fixture
def item(job):
    return job.items.get()


def stand_in(packet, folder):
    body = f"%PDF-1.7 {packet.number}".encode()
    sha256 = hashlib.sha256(body).hexdigest()
    (folder / f"{sha256}.pdf").write_bytes(body)
    return Typeset(pages=9, bytes=len(body), sha256=sha256, seconds=0.1, peak_rss=1)


@pytest.fixture
def printer(monkeypatch, folder):
    """A printer that is quick; `printed` holds the packets it was given, `then` what happens meanwhile."""

    def print_document(packet):
        printer.printed.append(packet)
        printer.then()
        return stand_in(packet, folder)

    printer = type("Printer", (), {"printed": [], "then": staticmethod(lambda: None)})
    monkeypatch.setattr(packet_exports, "print_document", print_document)
    return printer


def waiting():
    return list(DBTaskResult.objects.ready().values_list("args_kwargs__args__0", "priority"))


def test_an_order_wakes_a_worker_for_each_item_behind_what_somebody_waits_for(job, item):
    assert waiting() == [(item.job_id, -10)]


def test_the_real_printer_makes_the_document_whole(item, folder):
    perform.call(item.job_id)

    item = ExportItem.objects.with_all().get()
    document = folder / item.packet.document.file
    assert item.state == "ready"
    assert hashlib.sha256(document.read_bytes()).hexdigest() == item.packet.document.sha256
    assert [path.name for path in folder.iterdir()] == [document.name]


def test_a_task_that_comes_twice_makes_nothing_twice(item, printer):
    perform.call(item.job_id)
    perform.call(item.job_id)

    assert (len(printer.printed), Packet.objects.count(), Document.objects.count()) == (1, 1, 1)


def test_a_task_leaves_what_another_worker_has(item, printer):
    item.job.take(worker="elsewhere:1")
    perform.call(item.job_id)

    assert printer.printed == []
    assert Job.objects.get().claimed_by == "elsewhere:1"


def test_a_packet_that_is_there_is_not_typeset_again(item, printer, full_case, mara, folder):
    packet = Packet.freeze(full_case, by=mara)
    told = stand_in(packet, folder)
    packet.keep(f"{told.sha256}.pdf", sha256=told.sha256, pages=9, size=told.bytes)
    perform.call(item.job_id)

    assert printer.printed == []
    assert ExportItem.objects.get().packet == packet


def test_what_is_there_when_it_is_ordered_needs_no_worker(
    item, printer, hana, folder, django_capture_on_commit_callbacks
):
    perform.call(item.job_id)
    DBTaskResult.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        later = packet_exports.order(Choice(), by=hana, variant="committee")

    again = later.items.with_all().get()
    assert (again.state, again.packet, again.job.attempts) == ("ready", Packet.objects.get(), 0)
    assert waiting() == []
    with django_capture_on_commit_callbacks(execute=True):  # another copy is not there
        other = packet_exports.order(Choice(), by=hana, variant="candidate")
    assert other.items.get().state == "waiting"


def test_what_is_gone_from_the_disk_when_it_is_ordered_needs_one(item, printer, hana, folder):
    perform.call(item.job_id)
    for path in folder.iterdir():
        path.unlink()

    assert packet_exports.order(Choice(), by=hana, variant="committee").items.get().state == "waiting"


def test_a_document_that_is_gone_from_the_disk_is_made_again_when_it_comes_out_the_same(
    item, printer, full_case, mara, folder
):
    packet = Packet.freeze(full_case, by=mara)
    told = stand_in(packet, folder)
    packet.keep(f"{told.sha256}.pdf", sha256=told.sha256, pages=9, size=told.bytes)
    (folder / f"{told.sha256}.pdf").unlink()
    perform.call(item.job_id)

    assert printer.printed == [packet]
    assert (folder / f"{told.sha256}.pdf").exists()
    assert ExportItem.objects.with_all().get().state == "ready"


def test_and_says_so_when_it_does_not(item, printer, full_case, mara):
    Packet.freeze(full_case, by=mara).keep("old.pdf", sha256="a" * 64, pages=9, size=1)
    perform.call(item.job_id)

    assert "a new one would differ" in Job.objects.get().failure


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (TypesettingFailed("The printer's libraries are missing."), "libraries are missing"),
        (OSError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_what_goes_wrong_stands_with_the_item(item, monkeypatch, problem, said):
    def fail(packet):
        raise problem

    monkeypatch.setattr(packet_exports, "print_document", fail)
    perform.call(item.job_id)

    assert said in Job.objects.get().failure
    assert Packet.objects.get().state == "failed"


def test_a_full_disk_fails_nothing_the_task_waits_for_room(item, monkeypatch):
    def fail(packet):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packet_exports, "print_document", fail)
    with pytest.raises(OSError, match="No space"):
        perform.call(item.job_id)

    assert (Job.objects.get().failure, Packet.objects.get().state) == ("", "waiting")


@pytest.fixture
def hostile(monkeypatch, tmp_path):
    """`hostile(markup)`: the real printer is given that instead of the packet, under lower limits."""
    own = printing.Child()

    def give(markup):
        rest = {"name": "x.json", "moment": "2026-11-18T09:30:00Z", "to": tmp_path / "x.pdf"}
        own.typeset(f"{HEAD}<p>Small", b"{}", **rest)
        lower_memory(own.pid)
        hasty = partial(own.typeset, seconds=1) if markup is ENDLESS and not LONG else own.typeset
        monkeypatch.setattr(jobs, "LEASE", timedelta(minutes=2))  # no beat comes past the test's transaction
        monkeypatch.setattr(printing, "child", SimpleNamespace(typeset=hasty))
        monkeypatch.setattr(printing, "render_to_string", lambda *_: markup)

    yield give
    own.stop()


@pytest.mark.parametrize(
    ("markup", "said"),
    [(ENDLESS, "longer than 30 seconds"), (DEVOURING, "more than 1 GiB of memory")],
    ids=["hanging", "devouring"],
)
def test_a_document_that_was_ended_says_so_with_its_item(item, folder, hostile, markup, said):
    hostile(markup)
    perform.call(item.job_id)

    assert said in Job.objects.get().failure
    assert list(folder.iterdir()) == []


def test_rights_are_asked_again_when_it_is_done(item, printer, hana, folder):
    printer.then = lambda: hana.grants.update(revoked_at=now())
    perform.call(item.job_id)

    assert "may not have this packet" in Job.objects.get().failure
    assert not Document.objects.exists()
    assert list(folder.iterdir()) == []


def test_a_case_that_was_withdrawn_before_its_turn_is_not_made(item, printer, full_case, mara):
    full_case.withdraw(by=mara, reason="No seat.")
    perform.call(item.job_id)

    assert printer.printed == []
    assert "may not have this packet" in Job.objects.get().failure


def test_a_worker_that_wakes_too_late_publishes_nothing(item, printer):
    """It slept while it printed, and another one made the packet meanwhile."""

    def sleep():
        printer.then = lambda: None
        with standing_at(now() + LATER):
            assert sweep() == 1
            perform.call(item.job_id)

    printer.then = sleep
    perform.call(item.job_id)

    assert len(printer.printed) == 2
    assert (Job.objects.get().attempts, Job.objects.get().claimed_by) == (2, this_worker())
    assert Entry.objects.filter(action="packet.typeset").count() == 1
    assert Packet.objects.count() == 1


def test_a_long_document_keeps_its_claim(item, printer, monkeypatch):
    beaten = threading.Event()
    monkeypatch.setattr(performing, "BEATS", 1500)
    monkeypatch.setattr(Job, "hold", lambda job, token: beaten.set() or True)
    printer.then = lambda: beaten.wait(10)
    perform.call(item.job_id)

    assert beaten.is_set()
    assert ExportItem.objects.with_all().get().state == "ready"


def test_what_was_abandoned_is_made_next(item, job, printer, django_capture_on_commit_callbacks):
    DBTaskResult.objects.all().delete()
    item.job.take(worker="elsewhere:1")
    assert sweep() == 0
    with standing_at(now() + LATER), django_capture_on_commit_callbacks(execute=True):
        assert sweep() == 1

    assert waiting() == [(item.job_id, 0)]


def test_a_task_that_was_lost_comes_again_once_nothing_waits(item):
    with standing_at(now() + PATIENCE):
        sweep()
        assert len(waiting()) == 1  # the one there is
        DBTaskResult.objects.all().delete()
        sweep()
    assert waiting() == [(item.job_id, -10)]


def test_nothing_comes_again_of_what_is_paused_or_over(item, job, hana):
    DBTaskResult.objects.all().delete()
    job.pause(by=hana)
    with standing_at(now() + PATIENCE):
        sweep()
    assert waiting() == []


def test_the_items_of_a_dead_worker_are_free_at_once(item, django_capture_on_commit_callbacks):
    DBTaskResult.objects.all().delete()
    item.job.take(worker="elsewhere:1")
    take_back_from(lambda name: name == "elsewhere:2")
    assert Job.objects.get().claim
    with django_capture_on_commit_callbacks(execute=True):
        take_back_from(lambda name: name == "elsewhere:1")

    assert Job.objects.get().claim == ""
    assert waiting() == [(item.job_id, 0)]


@pytest.mark.parametrize("step", ["resume", "retry_failed", "retry"])
def test_each_way_to_go_on_wakes_workers(job, item, hana, step, django_capture_on_commit_callbacks):
    DBTaskResult.objects.all().delete()
    if step == "resume":
        job.pause(by=hana)
    else:
        item.fail("It failed.", token=item.job.take(worker="here:1"))
    with django_capture_on_commit_callbacks(execute=True):
        getattr(packet_exports, step)(ExportItem.objects.get() if step == "retry" else job, by=hana)

    assert waiting() == [(item.job_id, -10)]


def test_an_order_that_is_refused_wakes_nobody(full_case, hana):
    with pytest.raises(NotNow):
        packet_exports.order(Choice(), by=hana, variant="committee")

    assert waiting() == []
    assert not PacketExport.objects.exists()


def test_what_a_killed_worker_left_beside_the_documents_is_cleared_away(item, printer, folder):
    perform.call(item.job_id)
    kept = {path.name for path in folder.iterdir()}
    left = [folder / name for name in ("a.b.part", ".a.b.part.7.part", f"{'0' * 64}.pdf")]
    for path in left:
        path.write_bytes(b"%PDF")
    clear_away.call()
    assert all(path.exists() for path in left)  # somebody may be at them

    with standing_at(now() + timedelta(days=1, minutes=1)):
        clear_away.call()
    assert {path.name for path in Path(folder).iterdir()} == kept
