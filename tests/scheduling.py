"""Which worker runs which tests: a file at a time, and those first that took longest on this machine.

What a module shares, such as a running site, is made once then, and no worker begins with two minutes of a
journey when the others end.
"""

from collections import OrderedDict

from xdist.scheduler import LoadFileScheduling

from . import durations

A_TEST = 0.3  # seconds of a test that was never timed
OF_PROCESSES = 30  # and of one that waits for processes which it starts
PROCESSES = (
    "tests/outages/",
    "tests/exports/",
    "tests/journeys/",
    "tests/install/",
    "tests/upgrades/",
    "tests/ladder/commands/",
)


def expected(file, tests, known):
    """Return how many seconds a file with so many tests will take."""
    guess = OF_PROCESSES if file.startswith(PROCESSES) else A_TEST
    return known.get(file, guess * tests)


class LongestFirst(LoadFileScheduling):
    """Gives a worker the file that takes longest of those that nobody has, whenever it has nothing left."""

    def schedule(self):
        self._in_order = False
        super().schedule()

    def _assign_work_unit(self, node):
        if not self._in_order:
            known, self._in_order = durations.known(), True
            longest = sorted(self.workqueue.items(), key=lambda unit: -expected(unit[0], len(unit[1]), known))
            self.workqueue = OrderedDict(longest)
        super()._assign_work_unit(node)
