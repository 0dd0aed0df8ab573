"""Workers get a file at a time, the longest first."""

from types import SimpleNamespace
from unittest import mock

from tests import durations
from tests.scheduling import LongestFirst, expected

TIMED = {"tests/a.py": 1.0, "tests/b.py": 200.0, "tests/c.py": 30.0}


class Worker:
    shutting_down = False

    def __init__(self, number):
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.got = []

    def send_runtest_some(self, indexes):
        self.got += indexes

    def shutdown(self):
        self.shutting_down = True


def test_what_was_timed_counts_and_the_rest_is_guessed_by_what_it_starts():
    assert expected("tests/b.py", 700, TIMED) == 200
    assert expected("tests/journeys/test_new.py", 2, TIMED) == 60
    assert expected("tests/competencies/core/test_new.py", 10, TIMED) == 3


def test_the_longest_files_begin_and_each_stays_with_one_worker():
    tests = [f"{file}::test_{number}" for file in sorted(TIMED) for number in range(3)]
    told = {"tx": ["popen", "popen"]}
    config = SimpleNamespace(option=SimpleNamespace(loadscopereorder=True), getvalue=told.get)
    scheduling, workers = LongestFirst(config), [Worker(number) for number in range(2)]
    for worker in workers:
        scheduling.add_node(worker)
        scheduling.add_node_collection(worker, tests)

    with mock.patch.object(durations, "known", return_value=TIMED):
        scheduling.schedule()
    begun = [[tests[index] for index in worker.got] for worker in workers]
    for index in list(workers[1].got):
        scheduling.mark_test_complete(workers[1], index)

    assert begun == [tests[3:6], tests[6:]]
    assert [tests[index] for index in workers[1].got] == tests[6:] + tests[:3]
