"""The engines that exports are made on, each with servers of its own that are thrown away after."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.kept_database import lay_out
from tests.postgres import running_postgres
from tests.redis import running_redis

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql", "redis", "postgresql and redis")


@contextlib.contextmanager
def engine(name, *, durable=False, migrated=False):
    """Give the environment of an engine for the length of a `with`: an empty data folder and its servers.

    `migrated` begins with the kept database of the tests, which needs Django.
    Raises NoPostgres or NoRedis where one cannot be had.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ladder-exports-"))
        said = {
            "LADDER_DATA": folder,
            "LADDER_LOG_LEVEL": "ERROR",
            "DATABASE_URL": "",
            "LADDER_TASKS": "database",
        }
        if migrated and "postgresql" not in name:
            lay_out(folder)
        if "postgresql" in name:
            postgres = running_postgres(durable=durable, migrated=migrated)
            said["DATABASE_URL"] = stack.enter_context(postgres)
        if "redis" in name:
            said["LADDER_TASKS"] = stack.enter_context(running_redis())
        yield os.environ | said


def export(environment, **options):
    """Make an export in processes of its own, as `tests.exports.killing` does; return what came of it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.exports.killing", json.dumps(options)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"The export was not made: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
