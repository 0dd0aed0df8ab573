"""What is typed survives: two windows on one text, and a network that goes away."""

import re

import pytest
from playwright.sync_api import expect

from .looking import look_over
from .sheets import Sheet

TITLE = "System architecture"


def test_two_windows_show_both_texts_and_lose_neither(visit, site):
    address = f"/assessments/{site.rows['self of rafael']}/"
    first, second = (visit("rafael", expected={422}) for _window in range(2))
    first.goto(address)
    second.goto(address)
    mine, theirs = Sheet(second), Sheet(first)
    theirs.comment(TITLE).fill("From the phone.")
    theirs.is_saved(TITLE)

    mine.comment(TITLE).fill("From the laptop.")

    conflict = mine.of(TITLE).get_by_role("alert")
    expect(conflict).to_contain_text("From the phone.")
    expect(conflict).to_contain_text("From the laptop.")
    expect(mine.comment(TITLE)).to_have_value("From the laptop.")
    assert look_over(second) == []

    conflict.get_by_role("button", name="Combine both to edit").click()

    expect(mine.comment(TITLE)).to_have_value("From the laptop.\n\nFrom the phone.")
    mine.comment(TITLE).press("End")
    mine.comment(TITLE).type(" And both.")
    mine.is_saved(TITLE)
    first.reload()
    expect(theirs.comment(TITLE)).to_have_value(re.compile(r"laptop\.(.|\n)*phone\.|phone\.(.|\n)*laptop\."))


def test_a_case_in_two_windows_shows_both_texts_too(visit, site):
    address = f"/cases/{site.rows['case of priya']}/"
    first, second = (visit("tomasz", expected={422}) for _window in range(2))
    parts = []
    for window in (first, second):
        window.goto(address)
        parts.append(window.locator("#statement-need"))
    theirs, mine = parts
    theirs.get_by_role("textbox").fill("Two teams wait for it.")
    expect(theirs.locator(".saved")).to_have_text(re.compile("^Saved"))

    mine.get_by_role("textbox").fill("Three teams wait for it.")

    expect(mine.locator(".conflict")).to_contain_text("Two teams wait for it.")
    expect(mine.get_by_role("textbox")).to_have_value("Three teams wait for it.")
    assert look_over(second) == []

    mine.get_by_role("button", name="Keep what I typed").click()

    expect(mine.locator(".saved")).to_have_text(re.compile("^Saved"))
    first.goto(address)
    expect(theirs.get_by_role("textbox")).to_have_value("Three teams wait for it.")


def test_a_draft_that_is_closed_to_the_candidate_is_not_asked_for_again(visit, site):
    case = site.rows["case of priya"]
    page = visit("priya", expected={404})
    page.clock.install()
    page.goto(f"/cases/{case}/")
    expect(page.locator("#writing")).to_be_visible()

    found = f"from competencies.promotions.models import PromotionCase as C; case = C.objects.get(pk={case})"
    site.manage("shell", "-c", f"{found}; case.unshare(by=case.sponsor)")
    page.clock.fast_forward(31_000)

    expect(page.locator("#writing")).to_have_count(0)


def test_a_moment_without_network_is_told_and_made_good(visit, site):
    page = visit("rafael")
    page.goto(f"/assessments/{site.rows['self of rafael']}/")
    sheet = Sheet(page)
    title = sheet.titles[1]
    mark = sheet.of(title).locator(".saved")

    page.watch.offline = True
    page.context.set_offline(True)
    sheet.comment(title).fill("Typed in a tunnel.")

    expect(mark).to_contain_text("Not saved: the connection failed. Your text is still here")
    assert look_over(page) == []

    page.context.set_offline(False)

    expect(mark).to_have_text("Saved", timeout=20_000)
    page.watch.offline = False
    page.reload()
    expect(sheet.comment(title)).to_have_value("Typed in a tunnel.")


def end_session(page):
    page.context.clear_cookies(name="sessionid")


def signed_in_again(page, name):
    """Sign in by another tab of the same window, and come back to the first."""
    other = page.context.new_page()
    other.goto("/sign-in/")
    other.get_by_role("button", name=name).click()
    expect(other.get_by_role("main")).to_be_visible()
    other.wait_for_url("**/")
    other.close()
    page.bring_to_front()


@pytest.mark.parametrize("part", ["assessment", "case"])
def test_a_tab_whose_session_ended_saves_once_one_has_signed_in_again(visit, site, part):
    person = {"assessment": "mateo", "case": "tomasz"}[part]
    page = visit(person, expected={401, 403})
    if part == "assessment":
        page.goto(f"/assessments/{site.rows['self of mateo']}/")
        sheet = Sheet(page)
        title = sheet.titles[3]
        box, mark = sheet.comment(title), sheet.of(title).locator(".saved")
    else:
        page.goto(f"/cases/{site.rows['case of priya']}/")
        box, mark = (page.locator("#statement-need").locator(what) for what in ("textarea", ".saved"))
    page.clock.install()
    end_session(page)

    box.fill("Typed when the session was over.")
    page.clock.fast_forward(2_000)
    expect(mark).to_contain_text("Your text is still here. Sign in in another tab")
    assert look_over(page) == []

    signed_in_again(page, person.title())
    page.clock.fast_forward(11_000)
    page.clock.fast_forward(2_000)

    expect(mark).to_have_text(re.compile("^Saved"))
    page.reload()
    expect(box).to_have_value("Typed when the session was over.")


def test_what_was_typed_is_not_saved_for_somebody_else(visit, site):
    page = visit("mateo", expected={401, 403})
    page.goto(f"/assessments/{site.rows['self of mateo']}/")
    sheet = Sheet(page)
    title = sheet.titles[4]
    page.clock.install()
    end_session(page)
    sheet.comment(title).fill("Mine alone.")
    page.clock.fast_forward(2_000)
    expect(sheet.of(title).locator(".saved")).to_contain_text("Your text is still here")

    signed_in_again(page, "Kwame")
    page.clock.fast_forward(30_000)

    expect(sheet.of(title).locator(".saved")).to_contain_text("Your text is still here")
    expect(sheet.comment(title)).to_have_value("Mine alone.")


def test_a_plain_form_of_a_page_from_before_is_sent_with_a_fresh_token(visit, site):
    page = visit("kwame")
    page.goto(f"/evidence/{site.rows['piece of kwame']}/text/")
    page.get_by_label("What happened").fill("Written before the session ended.")
    end_session(page)
    signed_in_again(page, "Kwame")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)

    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Written before the session ended.")).to_be_visible()
    expect(page).not_to_have_url(re.compile("/text/"))


def test_handing_in_at_once_waits_for_what_was_just_typed(visit, site):
    page = visit("rafael")
    page.goto(f"/assessments/{site.rows['self of rafael']}/")
    sheet = Sheet(page)
    title = sheet.titles[2]

    sheet.comment(title).fill("Typed a moment before.")
    page.get_by_role("button", name="Review and submit").click()

    expect(page.get_by_role("row", name=re.compile(re.escape(title)))).to_contain_text(
        "Typed a moment before."
    )


def test_a_text_with_scripts_in_it_stays_a_text(visit, site):
    page = visit("kwame")
    page.goto(f"/evidence/{site.rows['piece of kwame']}/text/")
    page.get_by_label("What happened").fill(
        "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">\n\n"
        "[go](javascript:document.title='taken') ![look](https://elsewhere.example/pixel.png)"
    )
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("<script>document.title = 'taken'</script>")).to_be_visible()
    assert "taken" not in page.title()


def test_a_page_is_not_left_by_mistake_with_a_text_that_was_not_sent(visit, site):
    page = visit("kwame")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(f"/evidence/{site.rows['piece of kwame']}/text/")
    text = page.get_by_label("What happened")
    home = page.get_by_role("link", name="Ladder").first

    text.press_sequentially("Half a thought")
    home.click()

    expect(text).to_have_value(re.compile("Half a thought"))
    assert asked == ["beforeunload"]

    page.get_by_role("button", name="Save").click()

    expect(page).not_to_have_url(re.compile("/text/"))
    home.click()
    expect(page).to_have_url(re.compile("/$"))
    assert asked == ["beforeunload"]
