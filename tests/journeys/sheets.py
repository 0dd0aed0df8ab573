"""The page of an assessment, as its writer uses it."""

import re

from playwright.sync_api import expect


class Sheet:
    """One open assessment; a competency is named by its title."""

    def __init__(self, page):
        self.page, self._ids = page, {}

    @property
    def titles(self):
        """The competencies in the order of the page, once it is there."""
        expect(self.page.get_by_role("button", name="Review and submit")).to_be_visible()
        return self.page.locator(".assess__title").all_inner_texts()

    def of(self, title):
        """Return the part of a competency: found by its name once, as that takes long among fifteen."""
        if title not in self._ids:
            self._ids[title] = self.page.get_by_role("article", name=title, exact=True).get_attribute("id")
        return self.page.locator(f"#{self._ids[title]}")

    def point(self, title, label):
        return self.of(title).get_by_role("radio", name=re.compile(f"^{re.escape(label)}"))

    def comment(self, title):
        return self.of(title).get_by_label(re.compile("^(What you did|Your observations)$"))

    def rate(self, title, label):
        self.point(title, label).check()
        self.is_saved(title)

    def is_saved(self, title):
        expect(self.of(title).locator(".saved")).to_have_text("Saved")

    def hand_in(self):
        self.page.get_by_role("button", name="Review and submit").click()
        self.page.get_by_role("button", name="Submit assessment").click()
