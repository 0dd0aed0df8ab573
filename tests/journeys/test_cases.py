"""Writing a case, proposing it, voting on one, deciding it: what the browser does of its own in between."""

import re

from playwright.sync_api import expect

from .looking import PHONE, WIDE, look_over

SAVED = re.compile(r"^Saved")
FOCUSED = "document.activeElement.matches('input, select, textarea')"


def steps_to_the_first_control(page):
    """Return how many steps lead from the skip link to the first thing that is filled in."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for steps in range(1, 20):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED):
            return steps
    raise AssertionError("no control within twenty steps")


def part_of_outline(page, title):
    return page.locator(".outline__part").filter(has=page.get_by_role("link", name=title))


def test_a_case_is_written_with_its_outline_and_its_preview(visit, site):
    page = visit("tomasz")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/cases/{site.rows['draft of tomasz']}/")
    assert steps_to_the_first_control(page) <= 5
    part, gaps = part_of_outline(page, "Gaps and risks"), page.locator("#statement-gaps")
    expect(part).to_have_attribute("data-state", "missing")
    expect(part).to_contain_text("Gaps and risks are empty")
    expect(gaps.get_by_role("button", name="Save")).to_be_hidden()

    gaps.get_by_role("textbox").fill("**Hiring** is new to him.")

    expect(gaps.locator(".saved")).to_have_text(SAVED)
    expect(part).to_have_attribute("data-state", "ready")
    expect(gaps.locator(".beside__preview strong")).to_have_text("Hiring")
    part.get_by_role("link").click()
    expect(gaps.get_by_role("heading", name="Gaps and risks")).to_be_in_viewport()
    expect(part).to_be_in_viewport()
    assert look_over(page) == []


def test_on_a_phone_it_is_one_column_and_thumbs_hit_what_they_mean(visit, site):
    page = visit("tomasz")
    page.set_viewport_size(PHONE)
    page.goto(f"/cases/{site.rows['draft of tomasz']}/")
    text = page.locator("#statement-ask").get_by_role("textbox", name="Summary")

    assert text.evaluate("one => getComputedStyle(one).fontSize") == "16px"
    assert page.locator("#statement-ask .beside__preview").is_hidden()
    for button in page.locator("main .button:visible").all():
        assert button.bounding_box()["height"] >= 44, button.inner_text()


def test_a_case_without_scripts_is_saved_by_its_button(visit, site):
    page = visit("tomasz", java_script_enabled=False)
    page.goto(f"/cases/{site.rows['draft of tomasz']}/")
    scope = page.locator("#statement-scope")

    scope.get_by_role("textbox").fill("Two teams.")
    scope.get_by_role("button", name="Save").click()

    expect(page.locator("#statement-scope").get_by_role("textbox")).to_have_value("Two teams.")


def test_a_case_is_looked_over_before_it_is_proposed(visit, site):
    page = visit("tomasz")
    page.goto(f"/cases/{site.rows['case of priya']}/")
    page.get_by_role("link", name="Review and propose").click()
    expect(page.get_by_text("nobody can change the text, not even you")).to_be_visible()
    weak = page.get_by_role("region", name="Weak competencies").get_by_role("row")
    expect(weak.filter(has_text="Product and business outcomes")).to_contain_text(
        "Only one piece of evidence"
    )
    expect(page.get_by_role("link", name="1 person who was asked has not answered.")).to_be_visible()
    page.get_by_role("link", name="Keep editing").click()
    expect(page.get_by_role("textbox").first).to_be_visible()
    page.go_back()

    page.get_by_role("button", name="Propose case").click()

    expect(page.get_by_text("You proposed the case.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_a_ballot_saves_itself_beside_the_case_and_is_cast_once_it_is_whole(visit, site):
    page, hearing = visit("anneke"), f"/hearings/{site.rows['hearing of thandiwe']}/"
    page.goto(hearing)
    assert steps_to_the_first_control(page) <= 5
    sheet, ballot = page.locator("#case .sheet"), page.locator("#ballot")
    expect(sheet.get_by_role("heading", name="Impact stories")).to_be_attached()
    assert sheet.bounding_box()["x"] < ballot.bounding_box()["x"]
    expect(sheet).not_to_contain_text("Thandiwe")
    cast = page.get_by_role("button", name="Review and cast")
    expect(cast).to_have_count(0)

    page.get_by_role("radio", name="Promote").check(force=True)
    expect(ballot.locator("#ballot-dock")).to_contain_text("Give a reason for your vote")
    ballot.get_by_label("Your reason", exact=True).first.fill("Two teams release alone.")
    expect(ballot.locator(".saved")).to_have_text(SAVED)
    expect(cast).to_be_visible()
    expect(ballot.get_by_role("button", name="Save")).to_be_hidden()

    page.reload()
    expect(ballot.get_by_label("Your reason", exact=True).first).to_have_value("Two teams release alone.")
    expect(page.get_by_role("radio", name="Promote")).to_be_checked()
    assert look_over(page) == []
    other = visit("owen")
    other.goto(hearing)
    expect(other.get_by_text("Two teams release alone.")).to_have_count(0)
    expect(other.get_by_role("radio", name="Promote")).not_to_be_checked()
    hr = visit("benedikte")
    hr.goto(hearing)
    expect(hr.get_by_text("Not voted yet")).to_have_count(2)


def test_on_a_phone_the_ballot_stands_below_the_case(visit, site):
    page = visit("owen")
    page.set_viewport_size(PHONE)
    page.goto(f"/hearings/{site.rows['hearing of thandiwe']}/")
    sheet = page.locator("#case .sheet")
    expect(sheet.get_by_role("heading", name="Impact stories")).to_be_attached()

    assert page.locator("#ballot").bounding_box()["y"] > sheet.bounding_box()["y"]
    page.get_by_role("link", name="Vote").click()
    expect(page.get_by_role("heading", name="Your ballot")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_member_is_added_for_a_case_whose_committee_misses_its_quorum(visit, site):
    page = visit("benedikte", expected={422})
    page.goto(f"/committees/{site.rows['committee']}/")
    for name in ("Clara Bianchi", "Solveig Haugen"):
        page.get_by_role("listitem").filter(has_text=name).get_by_role("button", name="Remove").click()
    page.goto(f"/cases/{site.rows['case of aisha']}/convening/?committee={site.rows['committee']}")
    expect(page.get_by_text("Members who can vote: 2. The quorum is 3.")).to_be_visible()
    expect(page.get_by_role("button", name="Convene committee")).to_have_count(0)

    page.get_by_label("Person").fill("aisha.bello@portolan.example")
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_text("can’t vote on this case: the candidate.")).to_be_visible()
    page.get_by_label("Person").fill("clara.bianchi@portolan.example")
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_role("listitem").filter(has_text="Clara Bianchi")).to_contain_text(
        "for this case only"
    )
    assert look_over(page) == []
    page.get_by_role("button", name="Convene committee").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Aisha Bello")
    expect(page.get_by_role("listitem").filter(has_text="Clara Bianchi").first).to_be_visible()


def test_a_decision_saves_itself_for_its_writer_alone(visit, site):
    page, address = visit("anneke"), f"/hearings/{site.rows['hearing of elif']}/decision/"
    page.set_viewport_size(WIDE)
    page.goto(address)
    assert steps_to_the_first_control(page) <= 5
    page.get_by_label("Reasons", exact=True).fill("Half a thought.")
    expect(page.locator(".saved")).to_have_text(SAVED)
    expect(page.get_by_role("button", name="Review and record")).to_have_count(0)

    page.reload()
    expect(page.get_by_label("Reasons", exact=True)).to_have_value("Half a thought.")
    page.get_by_label("Feedback for the candidate").fill("Read this first.")
    page.get_by_role("button", name="Review and record").click()

    expect(page.get_by_text("Half a thought.")).to_be_visible()
    expect(page.get_by_role("button", name="Record decision")).to_be_visible()
    hr = visit("benedikte")
    hr.goto(address)
    expect(hr.get_by_label("Reasons", exact=True)).to_have_value("")


def test_what_an_endorser_types_stays_in_their_tab_until_it_is_sent(visit, site):
    page, other = visit("anneke"), visit("anneke")
    for each in (page, other):
        each.goto("/")
        each.get_by_role("listitem").filter(has_text="Endorse Priya").get_by_role(
            "link", name=re.compile("^Write endorsement")
        ).click()
    text = page.get_by_label("Your observations")
    expect(page.get_by_text("What you type stays in this tab")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    text.fill("She led it.")

    page.reload()

    expect(text).to_have_value("She led it.")
    other.reload()
    expect(other.get_by_label("Your observations")).to_have_value("")
    page.get_by_role("button", name="Send endorsement").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('kept-here'))") == []
