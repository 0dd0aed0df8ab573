"""How long each file of tests took when it was run last on this machine."""

import json
import os

from .kept_database import FOLDER

FILE = FOLDER / "durations.json"


def known():
    """Return how many seconds each file of tests took when it was run last on this machine."""
    try:
        return {file: seconds for file, (seconds, _tests) in json.loads(FILE.read_text()).items()}
    except (OSError, ValueError):
        return {}


def remember(taken, file=FILE):
    """Write down what files of tests took, `{name: (seconds, tests)}`, unless only a part of one was run."""
    try:
        before = json.loads(file.read_text())
    except (OSError, ValueError):
        before = {}
    before |= {name: new for name, new in taken.items() if new[1] >= before.get(name, (0, 0))[1]}
    file.parent.mkdir(exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(before))
    beside.replace(file)
