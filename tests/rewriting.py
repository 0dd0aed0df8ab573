"""The assertions of test files, rewritten by all workers together where no run before has kept them.

pytest rewrites a file when it is first imported. Each worker imports all of them, so on a fresh checkout each
would do the whole work, at the same time as the others.
"""

import os
import sys
from pathlib import Path

from _pytest.assertion.rewrite import (
    PYC_TAIL,
    _read_pyc,
    _rewrite_test,
    _write_pyc,
    assertstate_key,
    get_cache_dir,
    try_makedirs,
)

HERE = Path(__file__).resolve().parent
PATTERNS = ("test_*.py", "conftest.py")


def share():
    """Return which worker this process is and how many there are, both as numbers: alone it is `(0, 1)`."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return int(name.removeprefix("gw")), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


def rewrite_share(config, *, folder=HERE):
    """Rewrite every so many-th file below `folder`, as pytest itself will look for it; return which it did.

    What another worker has not come to yet, this one rewrites when it imports it: nobody waits.
    """
    worker, workers = share()
    if workers == 1 or sys.dont_write_bytecode:
        return []
    files = sorted(file for pattern in PATTERNS for file in folder.rglob(pattern))
    return [file for file in files[worker::workers] if _rewritten(file, config)]


def _rewritten(file, config):
    kept = get_cache_dir(file) / f"{file.stem}{PYC_TAIL}"
    if _read_pyc(file, kept) or not try_makedirs(kept.parent):
        return False
    read, code = _rewrite_test(file, config)
    return _write_pyc(config.stash[assertstate_key], code, read, kept)
