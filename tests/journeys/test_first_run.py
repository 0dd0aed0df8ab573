"""An empty installation: the link on the console, the first person, and then nothing of it is left."""

import re
import shutil
import time

import pytest
from playwright.sync_api import expect

from .looking import look_over
from .serving import DATABASE, serving

PASSWORD = "rope-and-lantern-27"


@pytest.fixture(scope="module")
def site(tmp_path_factory, migrated):
    """Ladder on a data folder without a row; `site.link` is what its console says."""
    empty = tmp_path_factory.mktemp("empty")
    if migrated:
        shutil.copy(migrated, empty / DATABASE)
    (empty / "company.json").write_text('{"rows": {}, "sessions": {}}')
    with serving(empty, tmp_path_factory.mktemp("site") / "var") as site:
        site.link = link_of(site)
        yield site


def link_of(site, patience=60):
    """Return the address of the set-up, once the console has said it."""
    deadline = time.monotonic() + patience
    while not (said := re.search(r"http://localhost:\d+(/setup/\S+/)", site.last_words())):
        assert time.monotonic() < deadline, site.last_words()
        time.sleep(0.2)
    return said[1]


def test_the_first_one_sets_it_up_and_nobody_else_can(visit, site):
    page = visit(expected={404, 422})
    assert page.goto("/setup/").status == 404
    page.goto(site.link)
    expect(page).to_have_url(f"{site.address}/setup/")
    assert look_over(page) == []

    page.get_by_label("Company name").fill("Quay Ltd")
    page.get_by_label("Your name").fill("Hedy Quay")
    page.get_by_label("Your email").fill("hedy@quay.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Confirm password").fill("something else 27")
    page.get_by_role("button", name="Set up Ladder").click()
    expect(page.get_by_text("The passwords don’t match.").first).to_be_visible()
    assert look_over(page) == []
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Confirm password").fill(PASSWORD)
    page.get_by_role("button", name="Set up Ladder").click()

    expect(page.get_by_role("heading", name="Set up your workspace")).to_be_visible()
    assert look_over(page) == []
    page.get_by_role("link", name="Check and publish").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Publish Backend engineering")
    page.get_by_role("button", name="Publish edition").click()
    expect(page.get_by_text("is published and in force")).to_be_visible()
    expect(page.get_by_role("heading", name="Set up your workspace")).to_be_visible()
    assert page.goto(site.link).status == 404
    assert page.goto("/setup/").status == 404


def test_the_key_is_written_once_and_never_by_a_request(site):
    said = site.log.read_text(encoding="utf-8")

    assert said.count(site.link.split("/")[2]) == 1
