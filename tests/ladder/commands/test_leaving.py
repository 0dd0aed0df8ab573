"""`start` ends where it is told to, also where Python swallows the first word, and where it cannot go on."""

import errno
import gc
import os
import signal
import time
from contextlib import nullcontext
from unittest import mock

import pytest

from ladder.management.commands import start

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
PATIENCE = 10


@pytest.fixture(autouse=True)
def as_it_was(settings):
    """Give back what the command changes in its process."""
    settings.ADDRESS = settings.ADDRESS
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, handler in before.items():
        signal.signal(number, handler)
    gc.unfreeze()


class Finalised:
    """What is told to end, as it goes."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_exit_that_a_finaliser_swallows_is_tried_again(monkeypatch):
    serving = mock.Mock()
    monkeypatch.setattr(start, "Serving", lambda *_asked, **_named: serving)
    monkeypatch.setattr(start.Command, "_look_around", mock.Mock())
    monkeypatch.setattr(start.Command, "_answering", nullcontext)
    monkeypatch.setattr(start.Command, "_prepare", _prepares_for_long)

    with pytest.raises(SystemExit) as left:
        start.Command().handle(host="127.0.0.1", port=8000, no_demo=True, no_worker=True)

    assert left.value.code == 0
    assert serving.mock_calls[-1] == mock.call.stop()


def test_a_folder_that_takes_no_file_is_said_in_a_sentence(monkeypatch):
    read_only = OSError(errno.EROFS, "Read-only file system", "/data/ladder.sqlite3-door")
    monkeypatch.setattr(start, "close_folder", mock.Mock())
    monkeypatch.setattr(start, "alone", mock.Mock(side_effect=read_only))

    with pytest.raises(SystemExit) as left, start.Command()._answering():
        pytest.fail("it goes on")

    assert left.value.code == f"Ladder can't write to its data folder: {read_only}"


def _prepares_for_long(_command, *, demo):
    del demo
    Finalised()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(0.01)
    pytest.fail("it went on as though nobody had told it")
