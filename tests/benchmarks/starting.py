"""Starting: how long until the first page is there, what the first pages of a worker take and what it holds.

The second start of a folder is measured, from the command to the sign-in page, with the processor time of all
processes until then; `--people` does not matter. Its bytecode is kept from the first start, as everywhere.
To compare with another checkout, name it in BESIDE: both are started in turn.
"""

import http.client
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.ports import free_port

from .serving import ROOT, Visitor

TIMES, AGAIN, REQUESTS = 5, 12, 500
PAGES = ("/", "/people/", "/ladder/", "/evidence/", "/cycles/", "/search/?q=design")
SESSION = (
    "from django.contrib.auth import get_user_model; from tests.benchmarks.serving import session_of; "
    "print('session', session_of(get_user_model().objects.get(name='Benedikte Lund').pk))"
)


def main(_options):
    folder = Path(os.environ["LADDER_DATA"]) / "starting"
    checkouts = [Path(beside) for beside in [os.environ.get("BESIDE")] if beside] + [ROOT]
    taken = {checkout: [] for checkout in checkouts}
    for number, checkout in enumerate(checkouts):
        print(f"  {checkout.name}, first start: {told(started(checkout, folder / str(number)))}")
    for _time in range(TIMES):
        for number, checkout in enumerate(checkouts):
            taken[checkout].append(started(checkout, folder / str(number)))
    for checkout, figures in taken.items():
        middle = [statistics.median(column) for column in zip(*figures, strict=True)]
        print(f"  {checkout.name}, second start, median of {TIMES}: {told(middle)}")
    with serving(ROOT, folder / str(len(checkouts) - 1)) as (process, port):
        until_warm(port)
        pages(folder / str(len(checkouts) - 1), process, port)


def told(figures):
    return "first page after {:.2f} s, {:.2f} s of a processor".format(*figures)


def started(checkout, folder):
    """Start Ladder, ask for the first page, stop; return the seconds, and those of a processor."""
    begun = time.perf_counter()
    with serving(checkout, folder) as (process, port):
        Visitor(port, "none").get("/sign-in/")
        return time.perf_counter() - begun, sum(of_processor(pid) for pid in family(process.pid))


class serving:
    """Serve a folder by `start`; give the process and the port."""

    def __init__(self, checkout, folder):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(self.port)],
            cwd=checkout, env=os.environ | _said(folder),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def __enter__(self):
        for line in self.process.stdout:
            if "is running" in line:
                return self.process, self.port
        raise SystemExit("start ended")

    def __exit__(self, *_exception):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)


def _said(folder):
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{folder}-bytecode"}
    return {"LADDER_DATA": str(folder), "PYTHONPATH": "", **bytecode}


def until_warm(port):
    """Ask until no worker is warming up any more, as twelve connections reach both; print the seconds."""
    begun, warm = time.perf_counter(), 0
    while warm < 12:
        warm = 0 if "warming" in asked_whether_ready(port) else warm + 1
        time.sleep(0 if warm else 0.5)
    print(f"  warm after {time.perf_counter() - begun:.1f} s more")


def asked_whether_ready(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/readyz")
    return connection.getresponse().read().decode()


def pages(folder, process, port):
    """Print what the first visits of a worker take beside later ones, and what the workers hold."""
    said = {"LADDER_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "ladder.settings"}
    out = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", SESSION],
        cwd=ROOT, env=os.environ | said, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    session = re.search(r"session (\w+)", out)[1]
    visitor = Visitor(port, session)
    for page in PAGES:
        first, *later = (visitor.get(page)[1] for _time in range(1 + AGAIN))
        again = statistics.median(later)
        print(f"  {page:<20}{1000 * first:>6.0f} ms first, {1000 * again:>4.0f} later")
    workers = [pid for pid in family(process.pid) if name_of(pid) == "web server"][1:]
    for number in range(3):
        print(f"  web workers hold {', '.join(f'{held(pid):.0f} MB' for pid in workers)}")
        if number < 2:
            visitors = [Visitor(port, session) for _one in range(8)]
            for turn in range(REQUESTS):
                visitors[turn % 8].get(PAGES[turn % len(PAGES)])


def family(root):
    """Return a process and all that descend from it, oldest first."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def of_processor(pid):
    """Return the seconds that a process, and those of its children that ended, had of a processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def name_of(pid):
    return Path(f"/proc/{pid}/comm").read_text().strip()


def held(pid):
    """Return the MB that a process holds: its own, and its share of what several hold (PSS)."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss: +(\d+) kB", told, re.MULTILINE)[1]) / 1000


if __name__ == "__main__":
    folder = Path(os.environ["LADDER_DATA"]) / "starting"
    try:
        main(json.loads(sys.argv[1]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
