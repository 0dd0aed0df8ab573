"""The database a part of the benchmark runs on: migrated and filled once for each data folder."""

import json
import os
import time
from pathlib import Path


def prepare(people):
    """Set Django up on the database that the environment names, fill it when empty, return what to visit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from .company import fill

    kept = Path(settings.DATA_DIR) / "benchmark.json"
    if kept.exists():
        return json.loads(kept.read_text())
    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    visited = fill(people)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(visited))
    print(f"  filled in {time.perf_counter() - start:.0f} s")
    return visited
