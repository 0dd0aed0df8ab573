"""A process of Ladder that is watched: started in a group of its own, and anew when it ends by itself."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings

from ladder.installation import CHECKOUT

MOST_DEATHS, WITHIN = 5, 60  # of one process within so many seconds: then it is given up
PARENT_DIED = 1  # PR_SET_PDEATHSIG of prctl(2)
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
log = logging.getLogger(__name__)


class Ended(Exception):
    """One of the processes ended again and again, or never answered; `str()` says which."""


class Child:
    """One of the processes, in a group of its own, and when its predecessors ended."""

    def __init__(self, name, *arguments, served_at=""):
        self.name, self.arguments, self.served_at, self.deaths = name, arguments, served_at, []
        self._start()

    def _start(self):
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter and arguments
            [sys.executable, *self.arguments],
            cwd=CHECKOUT,
            env=os.environ | {"LADDER_DATA": str(settings.DATA_DIR), "LADDER_SERVED_AT": self.served_at},
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def replace_if_dead(self):
        """Start a process anew that ended by itself. Refuses with `Ended` after five deaths in a minute."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if death > now - WITHIN] + [now]
        if len(self.deaths) >= MOST_DEATHS:
            raise Ended(f"The {self.name} ended {MOST_DEATHS} times within a minute, {self._how()}.")
        log.warning("The %s ended by itself, %s, and is started anew.", self.name, self._how())
        self.tell(signal.SIGKILL)  # others of its group would hold the port
        self._start()

    def _how(self):
        code = self.process.returncode
        return f"last by signal {-code}" if code < 0 else f"last with exit code {code}"

    def tell(self, wanted):
        """Signal the group, also one whose first process is gone: others of it may be left."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, wanted)


def end_with_parent():
    """Have the system end this process when `start` is killed: unwatched, it would hold the port."""
    if LIBC:
        LIBC.prctl(PARENT_DIED, signal.SIGTERM)
