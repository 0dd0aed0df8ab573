"""Where scripts are off: the same forms, one plain submission at a time."""

import re

from playwright.sync_api import expect

from .sheets import Sheet


def test_an_engineer_assesses_themselves_with_plain_forms(visit):
    page = visit("mateo", java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name=re.compile("^Continue.*Assess yourself")).click()
    sheet = Sheet(page)
    assert len(sheet.titles) == 15
    unrated = page.locator(".assess[data-state=open] .assess__title").all_inner_texts()
    assert 0 < len(unrated) < 15

    for title in unrated:
        sheet.point(title, "Developing").check()
        sheet.comment(title).fill(f"Seen in {title}.\n\n- and *kept*")
        sheet.of(title).get_by_role("button", name=re.compile("^Save")).click()
        expect(page).to_have_url(re.compile(r"#rating-\d+$"))
        expect(sheet.comment(title)).to_have_value(f"Seen in {title}.\n\n- and *kept*")

    sheet.hand_in()

    expect(page.get_by_text("Submitted. You can’t change it now")).to_be_visible()
    expect(page.get_by_text(f"Seen in {unrated[0]}.")).to_be_visible()
