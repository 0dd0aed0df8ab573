"""A packet that hangs or devours memory ends; the next one prints; a broken one leaves nothing behind.

A run reaches limits that are set lower; LADDER_LONG=1 waits for the real ones.
"""

import os
import resource
import shutil
import signal
import threading
import time

import pytest

from ladder.pdf import child as parent
from ladder.pdf.child import SECONDS, TypesettingFailed, typeset

from .devouring import DEVOURING, ENDLESS, HEAD, LONG, lower_memory

SMALL = f"{HEAD}<p>Small"
REST = {"name": "x.json", "moment": "2026-11-18T09:30:00Z"}


def test_a_packet_that_takes_too_long_is_stopped(printer, tmp_path):
    pid, start = started(printer, tmp_path), time.monotonic()
    with pytest.raises(TypesettingFailed, match="longer than 30 seconds"):
        printer.typeset(ENDLESS, b"{}", to=tmp_path / "slow.pdf", seconds=SECONDS if LONG else 1, **REST)
    assert time.monotonic() - start >= (SECONDS if LONG else 1)
    assert not alive(pid)
    assert prints(printer, tmp_path)
    assert not list(tmp_path.glob("*slow*")) + list(tmp_path.glob(".*"))


def test_a_packet_that_devours_memory_is_stopped(printer, tmp_path):
    pid = started(printer, tmp_path)
    assert resource.prlimit(pid, resource.RLIMIT_AS) == (1 << 30, 1 << 30)
    lower_memory(pid)
    with pytest.raises(TypesettingFailed, match="more than 1 GiB of memory"):
        printer.typeset(DEVOURING, b"{}", to=tmp_path / "big.pdf", seconds=120, **REST)
    assert prints(printer, tmp_path)
    assert not list(tmp_path.glob("*big*"))


def test_a_packet_that_is_too_long_is_not_begun(tmp_path):
    printer = parent.Child()
    with pytest.raises(TypesettingFailed, match="too long"):
        printer.typeset("x" * (parent.LONGEST + 1), b"{}", to=tmp_path / "long.pdf", **REST)
    assert printer.pid is None


def test_a_killed_child_is_replaced(printer, tmp_path):
    pid = started(printer, tmp_path)
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert prints(printer, tmp_path)
    assert printer.pid != pid


def test_a_child_killed_in_the_middle_says_so_and_leaves_nothing(printer, tmp_path):
    pid = started(printer, tmp_path)
    threading.Timer(0.4, os.kill, [pid, signal.SIGKILL]).start()
    with pytest.raises(TypesettingFailed):
        printer.typeset(ENDLESS, b"{}", to=tmp_path / "killed.pdf", **REST)
    assert not list(tmp_path.glob("*killed*"))
    assert prints(printer, tmp_path)


def test_after_so_many_packets_a_fresh_child_takes_over(printer, tmp_path, monkeypatch):
    monkeypatch.setattr(parent, "RENDERS", printer._renders + 2)
    assert prints(printer, tmp_path)
    pid = printer.pid
    assert prints(printer, tmp_path)
    assert not alive(pid)
    assert prints(printer, tmp_path)


def test_a_child_that_grew_is_not_kept(printer, tmp_path, monkeypatch):
    monkeypatch.setattr(parent, "MOST_KEPT", 1)
    assert prints(printer, tmp_path)
    assert printer.pid is None


def test_threads_take_turns(printer, tmp_path):
    results = {}

    def work(name):
        results[name] = printer.typeset(f"{SMALL} {name}", b"{}", to=tmp_path / f"{name}.pdf", **REST)

    threads = [threading.Thread(target=work, args=[name]) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list("abcdef")
    assert len({result.sha256 for result in results.values()}) == 6


def test_a_fork_leaves_the_child_of_its_parent_alone(printer, tmp_path):
    pid = started(printer, tmp_path)
    if child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
    else:
        printer.forget()
        os._exit(0 if printer.pid is None else 1)
    assert prints(printer, tmp_path)
    assert printer.pid == pid


def test_a_child_whose_folder_was_cleared_is_replaced(printer, tmp_path):
    pid = started(printer, tmp_path)
    shutil.rmtree(printer._folder)
    assert prints(printer, tmp_path)
    assert not alive(pid)


def test_an_unwritable_place_is_refused_in_words(printer, tmp_path):
    (tmp_path / "taken.pdf").mkdir()
    with pytest.raises((TypesettingFailed, OSError)):
        printer.typeset(SMALL, b"{}", to=tmp_path / "taken.pdf", **REST)
    assert not list(tmp_path.glob(".*"))


def test_a_peak_of_memory_is_told_and_modest(tmp_path):
    printer, ballast = parent.Child(), bytearray(b"1") * (300 << 20)  # what the parent holds is not its own
    try:
        told = printer.typeset(SMALL, b"{}", to=tmp_path / "small.pdf", **REST).peak_rss
    finally:
        printer.stop()

    assert len(ballast) > told
    assert 20 << 20 < told <= 150 << 20


def test_missing_libraries_are_named_with_their_remedy(printer, snapshot, tmp_path, monkeypatch):
    monkeypatch.setattr(parent, "child", printer)
    monkeypatch.setattr(printer, "_start", lambda: printer_without_pango())
    with pytest.raises(TypesettingFailed, match=r"apt-get install|brew install"):
        typeset(snapshot, to=tmp_path / "x.pdf")


def printer_without_pango():
    raise TypesettingFailed(parent._reason({"missing": "cannot load library 'libpango'"}, late=False))


def started(printer, tmp_path):
    assert prints(printer, tmp_path)
    return printer.pid


def prints(printer, tmp_path):
    return printer.typeset(SMALL, b"{}", to=tmp_path / "small.pdf", **REST).pages == 1


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
