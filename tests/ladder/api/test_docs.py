"""The documentation page in a real browser: served by ourselves alone, within the content policy."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.conftest import unavailable

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OURS = "http://localhost"


@pytest.fixture
def docs(signed_in, sam):
    """What we answer to a signed-in browser: the page, its script and the document."""
    ask = signed_in(sam).get
    return {
        address: ask(address).render() for address in ("/api/docs/", "/api/docs/?script=", "/api/schema/")
    }


@pytest.fixture
def page():
    """A page of the system's Chromium."""
    if not CHROMIUM.exists():
        unavailable("Chromium is not installed: sudo apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser.new_page()
        browser.close()


def serve(page, answers):
    """Give the page these answers and the static files; return the addresses asked of anybody else."""
    elsewhere = []

    def answer(route):
        address = route.request.url.removeprefix(OURS)
        if address in answers:
            told = answers[address]
            route.fulfill(status=told.status_code, headers=dict(told.headers), body=told.content)
        elif file := address.startswith("/static/") and finders.find(address.removeprefix("/static/")):
            route.fulfill(path=file)
        else:
            elsewhere.append(address)
            route.abort()

    page.route("**/*", answer)
    return elsewhere


@pytest.mark.browser
def test_the_docs_open_offline_and_break_no_policy(docs, page):
    elsewhere, said = serve(page, docs), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective))"
    )
    page.goto(f"{OURS}/api/docs/")
    page.get_by_text("/api/v1/assessments/{id}/submission/", exact=False).first.wait_for()
    page.locator(".opblock-summary-control").first.click()
    page.locator(".opblock-body").first.wait_for()
    for section in page.locator(".opblock-summary-control").all()[1:12]:
        section.click()
    page.locator(".try-out__btn").first.click()
    page.locator(".execute").first.wait_for()

    assert page.locator(".opblock").count() > 30
    assert (said, elsewhere) == ([], [])


def test_the_docs_keep_to_the_policy_of_every_page(signed_in, sam):
    ask = signed_in(sam).get
    docs, other = (ask(path).headers["Content-Security-Policy"] for path in ("/api/docs/", "/people/"))

    assert "unsafe" not in docs
    assert sorted(docs.split("; ")) == sorted(other.split("; "))
