"""HR prepares a cycle, sees whom it reaches, and opens it."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from .looking import look_over


def test_hr_prepares_and_opens_a_cycle(visit):
    hr = visit("benedikte", expected={422})
    hr.goto("/cycles/")
    hr.get_by_role("link", name="New cycle").click()
    fill(hr, "Platform review", people="anneke.devries@portolan.example\nNobody Atall")
    hr.get_by_role("button", name="Next: who takes part").click()

    expect(hr.get_by_text("Line 2: nobody here is known as nobody atall.").first).to_be_visible()
    expect(hr.get_by_label("Name", exact=True)).to_have_value("Platform review")
    assert look_over(hr) == []

    hr.get_by_label("People", exact=False).last.fill("anneke.devries@portolan.example\nElif Yıldız")
    hr.get_by_role("button", name="Next: who takes part").click()

    expect(hr.get_by_role("region", name="Who would take part").get_by_role("row")).to_have_count(3)
    assert look_over(hr) == []

    hr.get_by_role("button", name="Open for 2 people").click()

    expect(hr.get_by_text("Cycle opened with 2 reviews.")).to_be_visible()
    assert look_over(hr) == []
    anneke = visit("anneke")
    anneke.goto("/")
    anneke.get_by_role("link", name=re.compile("^Begin.*Platform review")).click()
    expect(anneke.get_by_role("progressbar")).to_have_attribute("value", "0")


def fill(page, name, *, people):
    page.get_by_label("Name", exact=True).fill(name)
    for label, days in (("Self-assessments due", 14), ("Manager assessments due", 21)):
        page.get_by_label(label).fill(f"{date.today() + timedelta(days=days)}T17:00")
    page.get_by_role("radio", name="The people and teams named below").check()
    page.get_by_label("People", exact=False).last.fill(people)
