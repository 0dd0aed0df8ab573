"""A real Chromium against a real Ladder on the demo company.

The company is brought to life once for the whole run, and a site serves a copy of it for as long as a worker
runs; each module begins with the company as it was. The browser ends with the module: Playwright keeps an
event loop in the thread, and Django refuses to query beside one.
"""

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.conftest import unavailable

from .looking import WIDE
from .serving import Site, found_company, serving
from .watching import Watch

CHROMIUMS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PATIENCE = 20_000  # milliseconds: other tests and a PDF may be at work on the same cores
# Said again with one more, as the last of these lists is the one that counts: without a window there is no
# use in drawing its tab search and side panel, which cost as much as the pages.
NO_USE = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "OptimizationHints,NetworkTimeServiceQuerying,PreconnectToSearch,PreloadTopChromeWebUI"
)
ARGUMENTS = [
    f"--disable-features={NO_USE}",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "journeys":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def company(of_the_run, demo):
    """The data folder that every site is a copy of; the workers of one run share it."""
    folder = of_the_run / "company"
    found_company(folder, demo)
    return folder


@pytest.fixture(scope="session")
def lasting_site(company, tmp_path_factory):
    with serving(company, tmp_path_factory.mktemp("site") / "var") as site:
        yield site


@pytest.fixture(scope="module")
def site(lasting_site, company):
    """Ladder with the company as it was brought to life, whatever the modules before did to it."""
    lasting_site.begin_again(company)
    return lasting_site


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@contextmanager
def chromium():
    """Give a running Chromium, the one of this machine."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        unavailable("Journeys need Chromium: sudo apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visits:
    """The windows that a test opens. Calling it opens one, as somebody or as nobody."""

    browser: object
    site: Site
    watches: list = field(default_factory=list)

    def __call__(self, name=None, *, expected=(), **options):
        """Return a page in a window of its own, signed in as `name` (`"kwame"`) or as nobody.

        `expected` are the statuses from 400 on that the test is about. The page has its `watch`.
        """
        context = self.browser.new_context(
            base_url=self.site.address, viewport=WIDE, reduced_motion="reduce", locale="en-GB", **options
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(context, self.site.address, expected)
        self.watches.append(watch)
        if name:
            session = {"name": "sessionid", "value": self.site.sessions[name], "url": self.site.address}
            context.add_cookies([session])
        page = context.new_page()
        page.watch = watch
        return page

    def end(self):
        """Close every window and return what their pages did wrong since it was last asked."""
        found = [fault for watch in self.watches for fault in watch.told()]
        for watch in self.watches:
            watch.context.close()
        return found


@dataclass
class Windows(Visits):
    """A window for each reader, opened once: what a page has fetched is there for the next."""

    opened: dict = field(default_factory=dict)

    def of(self, reader):
        if reader not in self.opened:
            self.opened[reader] = self(reader)
        return self.opened[reader]


@pytest.fixture(scope="module")
def windows(browser, site):
    windows = Windows(browser, site)
    yield windows
    windows.end()


@pytest.fixture
def visit(browser, site):
    """`visit("kwame")` opens a window as Kwame; what its pages do wrong fails the test in the end."""
    visits = Visits(browser, site)
    yield visits
    if faults := visits.end():
        pytest.fail("\n".join(["the browser complained:", *faults, site.last_words()]), pytrace=False)
