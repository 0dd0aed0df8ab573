"""The first visit of a browser: requests, bytes, and the first paint at a processor four times slower.

To compare with another checkout, name it in BESIDE: both are visited in turn.
"""

import json
import os
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from .serving import ROOT
from .starting import serving

TIMES, SLOWER = 8, 4
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LOADED = "performance.timing.loadEventEnd - performance.timing.navigationStart"


def main(_options):
    checkouts = [Path(beside) for beside in [os.environ.get("BESIDE")] if beside] + [ROOT]
    folder = Path(os.environ["LADDER_DATA"]) / "visited"
    browser_of_here = next(filter(None, map(shutil.which, BROWSERS)))
    sites = [serving(checkout, folder / str(number)) for number, checkout in enumerate(checkouts)]
    try:
        addresses = [f"http://localhost:{site.__enter__()[1]}/sign-in/" for site in sites]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_of_here, args=["--no-sandbox"])
            seen = [[visit(browser, address) for address in addresses] for _time in range(TIMES)]
            browser.close()
    finally:
        for site in sites:
            site.__exit__()
        shutil.rmtree(folder, ignore_errors=True)
    for checkout, figures in zip(checkouts, zip(*seen, strict=True), strict=True):
        requests, size, paint, loaded = (statistics.median(column) for column in zip(*figures, strict=True))
        print(
            f"  {checkout.name:<16}{requests:.0f} requests, {size / 1000:.0f} kB,"
            f" first paint {paint:.0f} ms, loaded {loaded:.0f} ms"
        )


def visit(browser, address):
    """Visit a page in a window that has nothing; return requests, bytes, first paint and end of loading."""
    window = browser.new_context()
    page, requests, sizes = window.new_page(), [], []
    page.on("request", lambda request: requests.append(request))
    session = window.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(400)  # fonts come late
    figures = len(requests), sum(sizes), page.evaluate(PAINT), page.evaluate(LOADED)
    window.close()
    return figures


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
