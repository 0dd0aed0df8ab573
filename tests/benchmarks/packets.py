"""Seconds and memory per packet: cold, warm, and beside a bare WeasyPrint run on the same markup and style.

The bare run keeps nothing, reads the style sheet and its typefaces each time, and makes no tags. The two
are asked in turn, so that a machine that grows slower meanwhile does so for both.
"""

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .ground import prepare

WARM, COLD = 12, 3
SNAPSHOT = Path(__file__).resolve().parents[1] / "ladder" / "pdf" / "archive.json"
IN_LATIN = "王秀英", "Wang Xiuying"  # no face of ours has the letters
BARE = """
import json, pathlib, resource, sys, time
import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

class Bundled(URLFetcher):
    def fetch(self, url, headers=None):
        path = pathlib.Path(sys.argv[2], url.removeprefix("asset:"))
        kind = {".css": "text/css", ".woff2": "font/woff2"}[path.suffix]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

html = open(sys.argv[1]).read()
for _asked in sys.stdin:
    start = time.perf_counter()
    fetcher = Bundled()
    sheet = weasyprint.CSS(url="asset:" + sys.argv[3], url_fetcher=fetcher)
    weasyprint.HTML(string=html, base_url="asset:", url_fetcher=fetcher).write_pdf(stylesheets=[sheet])
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps([seconds, peak]), flush=True)
"""


def main(options):
    prepare(options["people"])
    from django.conf import settings
    from django.template.loader import render_to_string

    from ladder.pdf.child import child, typeset
    from ladder.pdf.context import packet_context, paper_of
    from tests.ladder.pdf.variants import variant_of

    text = SNAPSHOT.read_text(encoding="utf-8").replace(*IN_LATIN)
    snapshot = variant_of(json.loads(text), "committee")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "packet.pdf")
        cold = [_once(child, typeset, snapshot, target, fresh=True) for _ in range(COLD)]
        source = Path(folder, "packet.html")
        context = packet_context(snapshot)
        source.write_text(render_to_string(context["document"], context), encoding="utf-8")
        assets = Path(settings.BASE_DIR, "ladder", "static", "ladder")
        warm, bare = [], []
        with _bare(source, assets, paper_of(snapshot).sheet) as once_bare:
            for _ in range(WARM):
                warm.append(_once(child, typeset, snapshot, target))
                bare.append(once_bare())
        child.stop()

    result = warm[-1][1]
    took = statistics.median(seconds for seconds, _result in warm)
    per_page = 10 * took / result.pages
    print(f"  packet of {result.pages} pages, {result.bytes // 1024} kB")
    print(f"    cold, child started anew: {statistics.median(s for s, _ in cold):.2f} s")
    print(f"    warm, whole call:         {took:.2f} s ({per_page:.2f} s for 10 pages)")
    print(f"    warm, in the child:       {statistics.median(r.seconds for _s, r in warm):.2f} s")
    print(f"    peak memory of the child: {max(r.peak_rss for _s, r in warm) >> 20} MiB")
    bare_took = statistics.median(seconds for seconds, _peak in bare[1:])
    turns = [ours / other for (ours, _result), (other, _peak) in zip(warm[1:], bare[1:], strict=True)]
    print(f"    bare WeasyPrint, warm:    {bare_took:.2f} s, {bare[-1][1] >> 20} MiB")
    print(
        f"    ours beside it, in turn:  {statistics.median(turns):.2f} ({min(turns):.2f} to {max(turns):.2f})"
    )


def _once(child, typeset, snapshot, target, *, fresh=False):
    if fresh:
        child.stop()
    start = time.perf_counter()
    result = typeset(snapshot, to=target)
    return time.perf_counter() - start, result


@contextlib.contextmanager
def _bare(source, assets, sheet):
    """Run bare WeasyPrint beside; give a function that has it print once: seconds, peak in bytes."""
    command = [sys.executable, "-c", BARE, str(source), str(assets), sheet]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def once():
            process.stdin.write("again\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield once
        process.stdin.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
