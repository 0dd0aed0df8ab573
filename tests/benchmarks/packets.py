"""Seconds and memory per packet: cold, warm, and beside a bare WeasyPrint run on the same markup."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .ground import prepare

WARM, COLD = 12, 3
SNAPSHOT = Path(__file__).resolve().parents[1] / "ladder" / "print" / "snapshot.json"
BARE = """
import json, resource, sys, time
import weasyprint
html, css = open(sys.argv[1]).read(), sys.argv[2]
seconds = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    weasyprint.HTML(string=html, base_url=css).write_pdf(stylesheets=[css])
    seconds.append(time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "peak": peak}))
"""


def main(options):
    prepare(options["people"])
    from django.conf import settings
    from django.template.loader import render_to_string

    from ladder.print.child import child, typeset
    from ladder.print.context import packet_context

    snapshot = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "packet.pdf")
        cold = [_once(child, typeset, snapshot, target, fresh=True) for _ in range(COLD)]
        warm = [_once(child, typeset, snapshot, target) for _ in range(WARM)]
        child.stop()
        source = Path(folder, "packet.html")
        source.write_text(render_to_string("print/packet.html", packet_context(snapshot)), encoding="utf-8")
        sheet = Path(settings.BASE_DIR, "ladder", "static", "ladder", "css", "packet", "print.css")
        bare = _bare(source, sheet)

    result = warm[-1][1]
    took = statistics.median(seconds for seconds, _result in warm)
    per_page = 10 * took / result.pages
    print(f"  packet of {result.pages} pages, {result.bytes // 1024} kB")
    print(f"    cold, child started anew: {statistics.median(s for s, _ in cold):.2f} s")
    print(f"    warm, whole call:         {took:.2f} s ({per_page:.2f} s for 10 pages)")
    print(f"    warm, in the child:       {statistics.median(r.seconds for _s, r in warm):.2f} s")
    print(f"    peak memory of the child: {max(r.peak_rss for _s, r in warm) >> 20} MiB")
    bare_took = statistics.median(bare["seconds"][1:])
    print(f"    bare WeasyPrint, warm:    {bare_took:.2f} s, {bare['peak'] >> 20} MiB")
    print(f"    ours beside it:           {took / bare_took:.2f}")


def _once(child, typeset, snapshot, target, *, fresh=False):
    if fresh:
        child.stop()
    start = time.perf_counter()
    result = typeset(snapshot, to=target)
    return time.perf_counter() - start, result


def _bare(source, sheet):
    command = [sys.executable, "-c", BARE, str(source), str(sheet), str(WARM)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
