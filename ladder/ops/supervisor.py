"""A process of Ladder that is watched: started in a group of its own, and anew when it ends by itself.

It is forked from the one that watches, which has the program loaded, and goes on as `python -m` would.
"""

import ctypes
import logging
import os
import runpy
import signal
import socket
import sys
import time
from contextlib import suppress
from multiprocessing import get_context
from typing import cast

from django.conf import settings

from ladder.installation import CHECKOUT

MOST_DEATHS, WITHIN = 5, 60  # of one process within so many seconds: then it is given up
PARENT_DIED, NAME = 1, 15  # PR_SET_PDEATHSIG and PR_SET_NAME of prctl(2)
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
FORKING = get_context("fork")
log = logging.getLogger(__name__)


class Ended(Exception):
    """One of the processes ended again and again, or never answered; `str()` says which."""


class Gate:
    """Where a process waits that was begun early. Once open it stays so, also for whoever comes later."""

    def __init__(self):
        self.inside, self.outside = socket.socketpair()

    def open(self, word):
        """Let go on whoever waits, with a word of at most some hundred bytes."""
        self.outside.send(word)

    def pass_through(self):
        """Return the word once the gate is open. Ends the process where nobody is left to open it."""
        self.outside.close()
        with self.inside:
            return self.inside.recv(4096, socket.MSG_PEEK) or sys.exit(1)  # it stays there for the next


class Child:
    """One of the processes, in a group of its own, and when its predecessors ended.

    What it does `first` in the new process comes before that goes on as a module.
    """

    def __init__(self, name, *arguments, served_at="", first=lambda: None):
        self.name, self.arguments, self.served_at, self.first = name, arguments, served_at, first
        self.deaths = []
        self._start()

    def _start(self):
        """Fork. Nothing is open then: no thread, no connection, no lock."""
        self.process = FORKING.Process(target=self._run, args=(os.getpid(),), daemon=True)
        self.process.start()

    def _run(self, parent):
        """Go on as the module that the arguments begin with. Runs in the new process alone."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        end_with_parent(parent)
        called(self.name)
        os.environ |= {"LADDER_DATA": str(settings.DATA_DIR), "LADDER_SERVED_AT": self.served_at}
        if CHECKOUT:
            os.chdir(CHECKOUT)
        self.first()
        module, *sys.argv[1:] = self.arguments
        sys.modules.pop(f"{module}.__main__", None)  # by which the one that watches came here
        runpy.run_module(module, run_name="__main__", alter_sys=True)

    def replace_if_dead(self):
        """Start a process anew that ended by itself. Refuses with `Ended` after five deaths in a minute."""
        if self.process.is_alive():
            return
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if death > now - WITHIN] + [now]
        if len(self.deaths) >= MOST_DEATHS:
            raise Ended(f"The {self.name} stopped {MOST_DEATHS} times within a minute, {self._how()}.")
        log.warning("The %s stopped unexpectedly, %s, and is being restarted.", self.name, self._how())
        self.tell(signal.SIGKILL)  # others of its group would hold the port
        self._start()

    def _how(self):
        code = self.process.exitcode or 0
        return f"last by signal {-code}" if code < 0 else f"last with exit code {code}"

    def tell(self, number):
        """Signal the group, also one whose first process is gone: others of it may be left."""
        pid = cast("int", self.process.pid)
        with suppress(ProcessLookupError):
            try:
                os.killpg(pid, number)
            except ProcessLookupError:
                if self.process.is_alive():  # it has no group of its own yet
                    os.kill(pid, number)


def end_with_parent(parent):
    """Have the system end this process when `start` is killed: unwatched, it would hold the port."""
    if LIBC:
        LIBC.prctl(PARENT_DIED, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(1)


def called(name):
    """Name this process for whoever looks at processes: its command is that of the one it was forked from."""
    if LIBC:
        LIBC.prctl(NAME, name.encode())
