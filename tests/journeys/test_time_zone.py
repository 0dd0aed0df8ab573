"""HR moves the organisation to another time zone, and everybody reads times in their own."""

import re

import pytest
from playwright.sync_api import expect

from .looking import look_over

ZONE_HERE = "from competencies.core.clock import zone; print(zone())"
TO_LISBON = (
    "from competencies.people.models import Organisation, Person; "
    "Organisation.here().change_time_zone('Europe/Lisbon', by=Person.objects.holding('hr').first())"
)


def test_a_change_is_previewed_confirmed_and_counts_in_every_process(visit, site):
    page = visit("benedikte")
    page.goto("/organisation/")
    page.get_by_role("link", name="Change time zone").click()
    page.get_by_label("Time zone").select_option("America/New_York")
    page.get_by_role("button", name="Preview the change").click()
    expect(page.get_by_role("heading", name="Deadlines of open cycles")).to_be_visible()
    assert look_over(page) == []

    page.get_by_role("button", name="Change to America/New_York").click()

    expect(page.get_by_text("The organisation’s time zone is now America/New_York.")).to_be_visible()
    assert site.manage("shell", "-c", ZONE_HERE).split()[-1] == "America/New_York"
    site.manage("shell", "-c", TO_LISBON)
    page.goto("/organisation/time-zone/")
    expect(page.get_by_text("midnight in Europe/Lisbon")).to_be_visible()


def test_a_preview_that_somebody_else_overtook_is_shown_again(visit, site):
    page, other = visit("benedikte", expected={422}), visit("benedikte")
    page.goto("/organisation/time-zone/?zone=Asia/Tokyo")
    other.goto("/organisation/time-zone/?zone=Europe/Madrid")
    other.get_by_role("button", name="Change to Europe/Madrid").click()

    page.get_by_role("button", name="Change to Asia/Tokyo").click()

    expect(page.get_by_text("Something has changed since you saw this preview.")).to_be_visible()
    expect(page.get_by_role("heading", name="From Europe/Madrid to Asia/Tokyo")).to_be_visible()
    assert look_over(page) == []
    page.get_by_role("button", name="Change to Asia/Tokyo").click()
    expect(page.get_by_text("The organisation’s time zone is now Asia/Tokyo.")).to_be_visible()


@pytest.mark.parametrize("zone", ["Asia/Tokyo"])
def test_times_are_those_of_the_browser_until_another_zone_is_chosen(visit, browser, zone):
    page = visit("kwame")
    page.context.clear_cookies(name="zone")
    in_devtools = page.context.new_cdp_session(page)
    in_devtools.send("Emulation.setTimezoneOverride", {"timezoneId": zone})
    page.goto("/account/")

    page.goto("/account/")
    expect(page.get_by_text(f"You see times in {zone}, as your browser says.")).to_be_visible()
    page.get_by_role("link", name="Change time zone").click()
    assert look_over(page) == []
    page.get_by_label("Time zone").select_option("Europe/Lisbon")
    page.get_by_role("button", name="Save time zone").click()

    expect(page.get_by_text(re.compile(r"You see times in Europe/Lisbon\."))).to_be_visible()
