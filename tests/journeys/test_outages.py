"""The database goes away while somebody types, and comes back: nothing that was typed is lost.

The web server alone is what is asked here: no worker writes beside it.
"""

import contextlib
import re
import shutil
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.benchmarks.serving import served

from .looking import look_over
from .serving import DATABASE, Site, environment
from .sheets import Sheet

TITLE = "Held up by an import"
AWAY = {"expected": {503}}


@pytest.fixture(scope="module")
def site(company, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(company, folder)
    with served(environment(folder)) as port:
        site = Site(folder, port)
        site.log.touch()
        yield site


@pytest.fixture
def taken_away(site):
    """A function for a `with`: meanwhile nobody else gets to write, and what is asked waits in vain."""

    @contextlib.contextmanager
    def take():
        with contextlib.closing(sqlite3.connect(site.folder / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    return take


def fill(page):
    page.get_by_label("What happened").fill("It was long.\n\nAnd then some.")
    page.get_by_label("Title").fill(TITLE)
    page.locator("input[name=competencies]").first.check()


def is_kept_once(page, person):
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text("And then some.")).to_be_visible()
    page.goto(f"/people/{person}/evidence/")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(1)


def test_what_is_typed_meanwhile_is_saved_as_soon_as_it_is_back(visit, site, taken_away):
    page = visit("rafael", **AWAY)
    page.goto(f"/assessments/{site.rows['self of rafael']}/")
    sheet = Sheet(page)
    title = sheet.titles[3]
    mark = sheet.of(title).locator(".saved")

    with taken_away():
        sheet.comment(title).fill("Typed while nobody could save.")
        expect(mark).to_contain_text("The database is busy right now.")
        expect(mark).to_contain_text("is sent again automatically")
        sheet.comment(title).press("End")
        sheet.comment(title).type(" And on.")
        assert look_over(page) == []

    expect(mark).to_have_text("Saved")
    page.reload()
    expect(sheet.comment(title)).to_have_value("Typed while nobody could save. And on.")


def test_a_form_that_is_sent_meanwhile_is_sent_again_by_itself(visit, site, taken_away):
    page, person = visit("kwame", **AWAY), site.rows["kwame"]
    page.goto(f"/people/{person}/evidence/new/")
    fill(page)

    with taken_away():
        page.get_by_role("button", name="Add evidence").click()
        expect(page.get_by_role("heading", name="Ladder is unavailable right now")).to_be_visible()
        expect(page.get_by_label("Text")).to_have_value(re.compile("And then some"))
        expect(page.get_by_text("It is sent again automatically in a moment.")).to_be_visible()
        assert look_over(page) == []

    is_kept_once(page, person)


def test_without_scripts_the_form_comes_back_filled(visit, site, taken_away):
    page, person = visit("mateo", java_script_enabled=False, **AWAY), site.rows["mateo"]
    page.goto(f"/people/{person}/evidence/new/")
    fill(page)

    with taken_away():
        page.get_by_role("button", name="Add evidence").click()
        expect(page.get_by_label("Title")).to_have_value(TITLE)
        expect(page.get_by_text("It is sent again automatically in a moment.")).to_be_hidden()
    page.get_by_role("button", name="Send again").click()

    is_kept_once(page, person)
