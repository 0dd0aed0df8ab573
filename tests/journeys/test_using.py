"""Each way of `docs/using.md` is gone in a browser: here those that no other journey goes.

`WAYS` names the journey of each way by its heading.
"""

import re
from datetime import date, timedelta
from importlib import import_module

import pytest
from playwright.sync_api import expect

from ladder.installation import GUIDE

from .looking import look_over

ASSESSED = "test_main_job.test_first_both_assess_and_sign"
WRITTEN = "test_main_job.test_then_a_case_is_written_and_frozen"
HEARD = "test_main_job.test_then_a_committee_votes"
RELEASED = "test_main_job.test_in_the_end_it_is_decided_released_and_verified"
WAYS = {
    "To add evidence": "test_using.test_evidence_is_added",
    "To submit your self-assessment": ASSESSED,
    "To read a shared review": ASSESSED,
    "To work on your own promotion case": WRITTEN,
    "To appeal a decision": "test_using.test_a_decision_is_appealed",
    "To endorse a colleague": WRITTEN,
    "To see who opened your record, and take a copy": "test_using.test_one_sees_who_looked_and_takes_a_copy",
    "To assess someone in your team": ASSESSED,
    "To discuss a review": ASSESSED,
    "To write a promotion case": WRITTEN,
    "To ask for an endorsement": WRITTEN,
    "To propose a case and create its packet": WRITTEN,
    "To add a person": "test_using.test_a_person_is_added",
    "To import people from a file": "test_importing.test_hr_imports_a_file_and_undoes_it",
    "To prepare and open a cycle": "test_running_a_cycle.test_hr_prepares_and_opens_a_cycle",
    "To follow and close a cycle": "test_using.test_a_cycle_is_followed_and_closed",
    "To submit a case to a committee": HEARD,
    "To release decisions": RELEASED,
    "To export packets": "test_using.test_packets_are_exported",
    "To offboard someone": "test_using.test_somebody_is_offboarded",
    "To publish a framework": "test_publishing.test_an_author_mends_a_file_and_publishes_it",
    "To vote on a case": HEARD,
    "To record the decision": RELEASED,
    "To read and verify the audit log": "test_using.test_the_audit_log_is_searched_and_verified",
}


def test_every_way_of_the_guide_has_its_journey():
    ways = re.findall(r"(?m)^### (.+)$", GUIDE.read_text(encoding="utf-8"))

    assert ways == list(WAYS)


@pytest.mark.parametrize("journey", sorted(set(WAYS.values())))
def test_each_journey_is_there(journey):
    module, name = journey.split(".")

    assert callable(getattr(import_module(f"tests.journeys.{module}"), name))


def test_the_guide_is_in_the_menu_and_on_the_pages(visit, site):
    page = visit("mateo")
    page.goto(f"/assessments/{site.rows['self of mateo']}/")
    page.get_by_role("link", name="How this works").click()
    expect(page.get_by_role("heading", name="To submit your self-assessment")).to_be_in_viewport()
    assert look_over(page) == []

    page.goto("/")
    page.locator("summary:visible", has_text="Your menu").click()
    page.get_by_role("link", name="Help", exact=True).click()
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="To add evidence").click()
    expect(page.get_by_role("heading", name="To add evidence")).to_be_in_viewport()


def test_evidence_is_added(visit):
    page = visit("mateo")
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Evidence").click()
    page.get_by_role("link", name="Add evidence").first.click()
    page.get_by_label("Title").fill("Deploys take four minutes")
    page.get_by_label("Date").fill(date.today().isoformat())
    page.get_by_label("What happened").fill("They took twenty before the cache was shared.")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Add evidence").click()

    expect(page.get_by_role("heading", name="Deploys take four minutes")).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_be_visible()


def test_a_decision_is_appealed(visit):
    page = visit("minhanh")
    page.goto("/cases/")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Your case for")).first.click()
    page.get_by_role("link", name="Appeal").click()
    page.get_by_label("Grounds").fill("The work of the spring was not looked at.")
    assert look_over(page) == []
    page.get_by_role("button", name="Submit appeal").click()

    expect(page.get_by_text("other people will hear it")).to_be_visible()


def test_one_sees_who_looked_and_takes_a_copy(visit):
    page = visit("priya")
    page.goto("/")
    page.locator("summary:visible", has_text="Your menu").click()
    page.get_by_role("link", name="Access history").click()
    expect(page.get_by_role("heading", name="Access history", level=1)).to_be_visible()
    page.locator("summary:visible", has_text="Your menu").click()
    page.get_by_role("link", name="My record").click()
    page.get_by_role("button", name="Create copy").click()

    with page.expect_download(timeout=60_000) as taken:
        page.get_by_role("link", name="Download").click(timeout=60_000)
    assert taken.value.path().read_bytes().startswith(b"PK")


def test_a_person_is_added(visit):
    hr = visit("benedikte")
    hr.goto("/people/")
    hr.get_by_role("link", name="Add person").click()
    hr.get_by_label("Name", exact=True).fill("Ines Prado")
    hr.get_by_label("Email").fill("ines.prado@portolan.example")
    hr.get_by_role("button", name="Add person").click()
    manage(hr, "Ines Prado", "Manager")
    hr.get_by_label("Manager").fill("tomasz.wierzbicki@portolan.example")
    hr.get_by_role("button", name="Change manager").click()
    manage(hr, "Ines Prado", "Level and track")
    hr.get_by_label("Level", exact=True).select_option(label="Senior")
    hr.get_by_role("button", name="Change level").click()
    manage(hr, "Ines Prado", "Sign-in and access")
    hr.get_by_role("button", name="Invite", exact=True).click()

    expect(hr.get_by_role("heading", name="Invitation links")).to_be_visible()
    expect(hr.get_by_role("button", name=re.compile("^Copy link"))).to_be_visible()


def test_a_cycle_is_followed_and_closed(visit):
    hr = visit("benedikte")
    hr.goto("/")
    administer(hr, "Cycles")
    hr.get_by_role("link", name=re.compile("November")).click()
    expect(hr.get_by_text("Self-assessments submitted")).to_be_visible()
    name = hr.get_by_role("heading", level=1).inner_text()
    hr.get_by_role("link", name="Close cycle").click()
    hr.get_by_label("Cycle name").fill(name)
    hr.get_by_role("button", name="Close cycle").click()
    expect(hr.get_by_text("Cycle closed.")).to_be_visible()

    hr.goto(f"{hr.url}closing/")
    expect(hr.get_by_text("This cycle is already closed.")).to_be_visible()


def test_packets_are_exported(visit):
    hr = visit("benedikte")
    hr.goto("/")
    administer(hr, "Exports")
    hr.get_by_role("link", name="Export packets").first.click()
    hr.get_by_role("button", name="Count packets").click()
    hr.get_by_role("button", name=re.compile(r"^Export \d+ packets?")).click()

    expect(hr.get_by_role("table", name="Packets by person")).to_be_visible()
    expect(hr.get_by_role("link", name="Download ZIP")).to_be_visible(timeout=60_000)


def test_somebody_is_offboarded(visit, site):
    hr = visit("benedikte")
    hr.goto(f"/people/{site.rows['nia']}/")
    manage(hr, "Nia Newcomer", "Offboard")
    expect(hr.get_by_role("heading", name="Leaving date")).to_be_visible()
    hr.get_by_label("First day they no longer work here").fill(str(date.today() + timedelta(days=30)))
    hr.get_by_role("button", name="Record leaving date").click()

    hr.get_by_text("Manage", exact=True).click()
    expect(hr.get_by_role("link", name="Undo offboarding", exact=True)).to_be_visible()


def test_the_audit_log_is_searched_and_verified(visit):
    auditor = visit("nikhil")
    auditor.goto("/")
    auditor.get_by_role("navigation", name="Main").get_by_role("link", name="Audit log").click()
    auditor.get_by_role("button", name="Search").last.click()
    expect(auditor.get_by_role("table", name="Audit log entries")).to_be_visible()
    auditor.get_by_role("button", name="Verify now").click()
    expect(auditor.get_by_text("Verification has started.")).to_be_visible()
    for _look in range(60):
        if auditor.get_by_text("complete and unaltered").is_visible():
            break
        auditor.wait_for_timeout(500)
        auditor.reload()
    expect(auditor.get_by_text("complete and unaltered")).to_be_visible()
    with auditor.expect_download() as taken:
        auditor.get_by_role("link", name="CSV").click()
    assert taken.value.path().stat().st_size > 0


def administer(page, name):
    """Open a page of the menu Admin."""
    page.get_by_text("Admin", exact=True).first.click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()


def manage(page, name, what):
    """Open what HR does with somebody, from their page."""
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    page.get_by_text("Manage", exact=True).click()
    page.get_by_role("link", name=what, exact=True).click()
