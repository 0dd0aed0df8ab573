"""Two rounds of tests side by side: both are waited for and shown, and a fault of either is a fault."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIRST, SECOND = "sh -c 'sleep 0.5; echo first; exec sleep 60'", "sh -c 'echo second; exec sleep 60'"


def rounds(*commands, **options):
    arguments = [sys.executable, "-m", "tests.rounds", *commands]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize(
    ("first", "second", "code"), [("true", "true", 0), ("false", "true", 1), ("true", "false", 1)]
)
def test_a_fault_of_either_is_a_fault(first, second, code):
    assert rounds(first, second).wait(20) == code


def test_what_the_second_prints_comes_after_the_first():
    both = rounds("sh -c 'sleep 0.5; echo first'", "echo second")

    assert both.communicate(timeout=20)[0] == "first\nsecond\n"


def test_both_end_with_it():
    both = rounds(FIRST, SECOND)
    assert both.stdout.readline() == "first\n"

    both.send_signal(signal.SIGTERM)

    assert both.wait(20) == 143
    assert both.stdout.read() == "second\n"
