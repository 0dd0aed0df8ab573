"""A director reads the reviews of three teams, and the map of their ratings."""

import re

from playwright.sync_api import expect

from .looking import look_over

REVIEW = re.compile(r"/reviews/\d+/")


class Clicks:
    """A page that counts how often it is clicked."""

    def __init__(self, page):
        self.page, self.number = page, 0

    def on(self, locator):
        locator.click()
        self.page.wait_for_load_state()
        self.number += 1


def test_a_director_reads_eighteen_reviews_in_twenty_clicks(visit):
    page = visit("amara")
    page.goto("/")
    clicks, read = Clicks(page), []

    clicks.on(page.get_by_role("banner").get_by_role("link", name="Reviews"))
    expect(page.get_by_text("8 of 18 shared")).to_be_visible()
    clicks.on(page.get_by_role("row").nth(1).get_by_role("link").first)
    read.append(REVIEW.search(page.url)[0])
    following = page.get_by_role("navigation", name="Reviews before and after", exact=True)
    while following.get_by_role("link", name="Next review").count():
        clicks.on(following.get_by_role("link", name="Next review"))
        read.append(REVIEW.search(page.url)[0])

    assert len(set(read)) == len(read) == 18
    assert clicks.number <= 20
    assert look_over(page) == []


def test_from_a_manager_to_their_shared_reviews_and_back(visit):
    page = visit("amara")
    page.goto("/reviews/")
    page.get_by_role("link", name="By manager").click()
    page.get_by_role("link", name="Leilani Kahale").click()
    expect(page.get_by_role("heading", name="Direct reports of Leilani Kahale")).to_be_visible()
    page.get_by_label("Show", exact=True).select_option("Shared")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row")).to_have_count(4)
    assert look_over(page) == []

    page.get_by_role("link", name="Aisha Bello").first.click()
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Reviews").click()

    expect(page.get_by_role("heading", name="Direct reports of Leilani Kahale")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)


def test_a_cell_of_the_map_opens_its_comment_in_place(visit):
    page = visit("amara")
    page.goto("/team/")
    cells = page.get_by_role("row", name=re.compile("^Aisha Bello 3")).get_by_role("cell").get_by_role("link")
    cells.nth(3).click()

    told = page.locator(".heat__told details")
    expect(told).to_contain_text("Aisha Bello: Languages and frameworks")
    assert page.url.endswith("/team/")
    assert look_over(page) == []
    cells.nth(4).click()
    expect(told).to_contain_text("Aisha Bello: Code quality and review")

    told.get_by_role("link", name="Open the comparison").click()

    expect(page).to_have_url(re.compile(r"/reviews/\d+/#compare-\d+$"))


def test_without_scripts_a_cell_leads_to_the_comparison(visit):
    page = visit("amara", java_script_enabled=False)
    page.goto("/team/?scope=below&sort=gap")

    page.locator(".heat__cell a").first.click()

    expect(page).to_have_url(re.compile(r"/reviews/\d+/#compare-\d+$"))
