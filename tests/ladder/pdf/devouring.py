"""Documents that are made to hang or to eat memory, and lower limits for a run that cannot wait."""

import os
import resource
from pathlib import Path

LONG = os.environ.get("LADDER_LONG") == "1"
HEAD = "<html lang=en><title>t</title>"
ENDLESS = f"{HEAD}<style>div {{ display: flex }}</style>" + "<div>" * 24 + "each asks twice as often"
TENFOLD = "".join(f"--a{n}:{f'var(--a{n - 1}) ' * 10};" for n in range(1, 10))
DEVOURING = f"{HEAD}<style>:root{{--a0:x;{TENFOLD}}} p{{font-family:var(--a9)}}</style><p>x"


def lower_memory(pid):
    """Let a process have 32 MiB more than it holds, a small part of the way to its limit."""
    if not LONG:
        lower = _held(pid) + (32 << 20)
        resource.prlimit(pid, resource.RLIMIT_AS, (lower, lower))


def _held(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
