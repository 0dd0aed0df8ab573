"""What the levels beside one's own ask comes when it is unfolded, or as a page of its own."""

import re

from playwright.sync_api import expect

from .looking import look_over
from .sheets import Sheet

TITLE = "System architecture"


def test_what_the_next_level_asks_comes_when_it_is_unfolded(visit, site):
    page = visit("rafael")
    page.goto(f"/assessments/{site.rows['self of rafael']}/")
    article = Sheet(page).of(TITLE)
    step = article.locator("details").first
    before = article.locator(".behaviours").count()

    step.locator("summary").press("Enter")

    expect(step.locator(".behaviours > li").first).to_be_visible()
    expect(step.get_by_role("link", name="Expectations at Staff")).to_have_count(0)
    assert article.locator(".behaviours").count() == before + 1
    assert look_over(page) == []


def test_where_an_expectation_is_from_is_shown_with_it(visit, site):
    page = visit("rafael")
    page.goto(f"/assessments/{site.rows['self of rafael']}/")
    article = Sheet(page).of(TITLE)
    expected = article.locator(".behaviours > li").count()

    article.get_by_role("link", name="Show sources").press("Enter")

    expect(article.locator(".citation").first).to_be_focused()
    expect(article.get_by_role("link", name="Show sources")).to_have_count(0)
    assert article.locator(".behaviours > li").count() == expected
    assert look_over(page) == []


def test_what_does_not_come_is_said_and_can_be_asked_for_again(visit, site):
    """The session ended, and the network is away: what was typed stays, and nobody is led away from it."""
    page = visit("rafael", expected={401})
    page.goto(f"/assessments/{site.rows['self of rafael']}/")
    article = Sheet(page).of(TITLE)
    cookies = page.context.cookies()
    told = article.get_by_role("alert").filter(has_text="That didn’t open.")

    page.context.clear_cookies()
    article.get_by_role("link", name="Show sources").dblclick()
    expect(told).to_have_count(1)
    article.locator("summary").first.click()
    expect(told).to_have_count(2)
    assert look_over(page) == []

    page.context.add_cookies(cookies)
    for link in ("Show sources", re.compile("^Expectations at")):
        article.get_by_role("link", name=link).first.click()
    expect(told).to_have_count(0)
    expect(article.locator(".citation").first).to_be_visible()
    expect(article.locator("details .behaviours > li").first).to_be_visible()


def test_without_javascript_a_link_leads_to_it(visit, site):
    page = visit("rafael", java_script_enabled=False)
    page.goto(f"/assessments/{site.rows['self of rafael']}/")
    step = Sheet(page).of(TITLE).locator("details").first

    step.locator("summary").click()
    step.get_by_role("link", name=re.compile("^Expectations at")).click()

    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    expect(page.locator(".behaviours > li").first).to_be_visible()
