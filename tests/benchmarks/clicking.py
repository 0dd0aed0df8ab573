"""How soon a click on a rating is answered, in a browser whose processor is four times slower.

Painted: from the click until the browser has painted what it changed, as its Event Timing API tells.
Saved: until the page shows the answer of the server. To compare with another checkout, name it in BESIDE.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from .first_visit import BROWSERS, SLOWER
from .serving import ROOT
from .starting import serving

FIND = """
from competencies.reviews.models import Assessment
from tests.benchmarks.serving import session_of
mine = Assessment.objects.filter(author__email__startswith="mateo", kind="self").latest("pk")
print("found", mine.pk, session_of(mine.author_id))
"""
WATCH = """() => {
  window.painted = [];
  new PerformanceObserver((list) => window.painted.push(
    ...list.getEntries().filter((event) => event.name === "click").map((event) => event.duration)
  )).observe({ type: "event", durationThreshold: 16 });
  window.saved = [];
  document.addEventListener("click", (event) => {
    if (event.target.matches("input[type=radio]")) window.clicked = event.timeStamp;
  }, true);
  document.addEventListener("htmx:afterSettle", () => {
    if (!window.clicked) return;
    const from = window.clicked;
    window.clicked = 0;
    requestAnimationFrame(() => window.saved.push(performance.now() - from));
  });
}"""


def main(_options):
    checkouts = [Path(beside) for beside in [os.environ.get("BESIDE")] if beside] + [ROOT]
    folder = Path(os.environ["LADDER_DATA"]) / "clicked"
    for number, checkout in enumerate(checkouts):
        data = folder / str(number)
        with serving(checkout, data) as (_process, port):
            painted, saved = clicks(port, *found(data))
        print(
            f"  {checkout.name:<16}{len(painted)} clicks: painted {told(painted)}, saved {told(saved)}",
            flush=True,
        )
    shutil.rmtree(folder, ignore_errors=True)


def found(data):
    said = {"LADDER_DATA": str(data), "DJANGO_SETTINGS_MODULE": "ladder.settings"}
    out = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", FIND],
        cwd=ROOT, env=os.environ | said, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return re.search(r"found (\d+) (\w+)", out).groups()


def clicks(port, assessment, session):
    """Rate each competency once; return the milliseconds until each was painted, and until it was saved."""
    with sync_playwright() as playwright:
        program = next(filter(None, map(shutil.which, BROWSERS)))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        window = browser.new_context(viewport={"width": 1440, "height": 900})
        address = f"http://localhost:{port}"
        window.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = window.new_page()
        window.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"{address}/assessments/{assessment}/", wait_until="networkidle")
        page.evaluate(WATCH)
        for number, choices in enumerate(page.locator("article:has(input[type=radio])").all(), 1):
            choices.locator("input[type=radio]:not(:checked)").first.click(force=True)
            page.wait_for_function("(count) => window.saved.length >= count", arg=number)
            page.wait_for_timeout(150)
        figures = page.evaluate("[window.painted, window.saved]")
        browser.close()
    return figures


def told(figures):
    ordered = sorted(figures)
    return (
        f"{statistics.median(ordered):.0f} ms in the middle, {ordered[int(0.95 * len(ordered))]:.0f} at p95"
    )


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
