"""An export while workers are killed at random points; prints what came of it, as JSON.

    python -m tests.exports.killing '{"packets": 12, "kills": 4, "workers": 1, "seed": 1}'

Database, data folder and engine are those of the environment. Workers are killed by SIGKILL and followed by
another after `idle` seconds: with more than one, a peer takes over meanwhile.
"""

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from tests.exports.founding import found, set_up

ROOT = Path(__file__).resolve().parents[2]
GIVEN_UP = 3600  # seconds for the whole run


class Workers:
    """Processes of `manage.py work`: started, killed, replaced, and asked how much memory they hold."""

    def __init__(self, count):
        self.running, self.peak = [self._one() for _ in range(count)], 0

    def _one(self):
        return subprocess.Popen(
            [sys.executable, "manage.py", "work", "--interval", "0.2"], cwd=ROOT, start_new_session=True
        )

    def kill_one(self, chance):
        """Kill one of them without warning; return the number of its process."""
        worker = chance.choice(self.running)
        self.running.remove(worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        return worker.pid

    def add(self):
        self.running.append(self._one())

    def stop(self):
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            worker.wait(60)

    def memory(self):
        """Return the most memory that a worker holds now with its printing child, in MiB."""
        held = [sum(map(_resident, [worker.pid, *_children(worker.pid)])) for worker in self.running]
        self.peak = max([self.peak, *held])
        return max(held)


def _children(pid):
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(lines[0].split()[1]) >> 10 if lines else 0


def main(options):
    set_up()
    from competencies.packets.selection import Choice
    from ladder.jobs import packet_exports

    packets, kills = options["packets"], options.get("kills", 0)
    chance = random.Random(options.get("seed", 0))
    hana = found(packets)
    job = packet_exports.order(Choice(), by=hana, variant="committee")
    workers, start = Workers(options.get("workers", 1)), time.monotonic()
    resumed, memory = [], []
    try:
        if not kills:
            _until(lambda: _made(job), workers, start)  # the workers are warm from here on
        warm = time.monotonic(), _made(job)
        for number in range(kills):
            _until(lambda share=(number + 0.5) / kills: _made(job) >= packets * share * 0.9, workers, start)
            time.sleep(chance.uniform(0, 1.5))
            resumed.append(_kill(job, workers, chance, options.get("idle", 0)))
        _until(lambda: not job.items.open().exists(), workers, start, memory)
        done = time.monotonic()
        again = packet_exports.order(Choice(), by=hana, variant="committee")
        _until(lambda: not again.items.open().exists(), workers, done)
        repeated = time.monotonic() - done
    finally:
        workers.stop()
    print(json.dumps({
        "seconds": round(done - start, 1),
        "seconds_a_packet": round((done - warm[0]) / max(packets - warm[1], 1), 3),
        "seconds_a_packet_again": round(repeated / packets, 4),
        "kills": kills,
        "slowest_resumption": round(max(resumed, default=0), 1),
        "peak_mib": workers.peak,
        "memory_mib": memory[:: max(1, len(memory) // 8)],
        "load": round(os.getloadavg()[0], 1),
        **found_out(job, hana),
    }))  # fmt: skip


def _made(job):
    return job.items.done().count()


def _kill(job, workers, chance, idle):
    """Kill a worker, put another in its place; return the seconds until what it was at is made."""
    pid, killed = workers.kill_one(chance), time.monotonic()
    held = job.items.open().filter(job__claimed_by__endswith=f":{pid}").exclude(job__claim="")
    held = list(held.values_list("pk", flat=True))
    time.sleep(idle)
    workers.add()
    while job.items.open().filter(pk__in=held).exists():
        workers.memory()
        time.sleep(0.05)
        if time.monotonic() - killed > 120:
            raise SystemExit(f"Items {held} were not made again within two minutes of the kill.")
    return time.monotonic() - killed if held else 0


def _until(reached, workers, start, memory=None):
    while not reached():
        held = workers.memory()
        if memory is not None:
            memory.append(held)
        time.sleep(0.1)
        if time.monotonic() - start > GIVEN_UP:
            raise SystemExit(f"Not done within {GIVEN_UP} seconds.")


def found_out(job, hana):
    """Return what is wrong and what is there: in the rows, on the disk and in the ZIP."""
    from django.conf import settings
    from pypdf import PdfReader

    from competencies.packets.models import Document, Packet
    from competencies.trail.models import Entry
    from competencies.trail.verifying import breaks
    from ladder.jobs.packet_archives import Archive

    folder = Path(settings.PACKET_DIR)
    documents = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.pdf")}
    archive = zipfile.ZipFile(io.BytesIO(b"".join(Archive(job, reader=hana))))
    manifest = json.loads(archive.read("manifest.json"))
    sums = dict(reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS").decode().splitlines())
    files = [file for file in manifest["files"] if file["name"].endswith(".pdf")]
    bad = [
        file["name"]
        for file in files
        if hashlib.sha256(archive.read(file["name"])).hexdigest() != file["sha256"]
        or sums[file["name"]] != file["sha256"]
        or len(PdfReader(io.BytesIO(archive.read(file["name"]))).pages) != file["pages"]
    ]
    return {
        "items": job.items.count(),
        "done": job.items.done().count(),
        "failed": list(job.items.failed().values_list("job__failure", flat=True)[:3]),
        "packets": Packet.objects.count(),
        "cases": Packet.objects.values("case").distinct().count(),
        "documents_kept": Document.objects.count(),
        "typeset_entries": Entry.objects.filter(action="packet.typeset").count(),
        "documents": len(documents),
        "misnamed": [name for name, digest in documents.items() if name != f"{digest}.pdf"],
        "files": len(files),
        "names": len({file["name"] for file in files}),
        "bad": bad,
        "not_in_this_file": len(manifest["not_in_this_file"]),
        "most_attempts": max(job.items.values_list("job__attempts", flat=True)),
        "breaks": len(list(breaks())),
    }


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
