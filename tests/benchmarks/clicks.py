"""What the main jobs take in a browser: clicks, screens, and the words that stand on them.

HR goes from an empty company to the first open review, an engineer assesses themselves, a manager one of
their reports, and proposes one of them for promotion. A click is a press of the mouse, also into a field;
a screen is a page that was loaded; the words are those in sight in its main part when it is left. To do the
same in another checkout, name it in BESIDE; where a step is not found there, that is printed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.ports import free_port

from .first_visit import BROWSERS
from .serving import ROOT

PATIENCE = 15_000  # milliseconds
COMMENTS = 3
COMMENT = "Took the split of the ledger from a question to two teams that release alone."
PEOPLE = """number,email,name,title,manager,track,level
1,hedy@quay.example,Hedy Quay,Head of People,,,
2,tomas@quay.example,Tomas Pier,Engineering Manager,hedy@quay.example,,
3,ana@quay.example,Ana Nova,Engineer,tomas@quay.example,Java backend,Senior
4,bo@quay.example,Bo Li,Engineer,tomas@quay.example,Java backend,Senior
"""


class Hand:
    """Uses a page as somebody does, and counts what it takes."""

    def __init__(self, page):
        self.page = page
        self.clicks = self.screens = self.words = 0
        page.set_default_timeout(PATIENCE)
        page.on("domcontentloaded", self._arrived)

    def _arrived(self, _page):
        self.screens += 1

    def open(self, address):
        self.page.goto(address)

    def press(self, role, name, *, within=None, leads_on=False):
        """Click what has the role and the name; with `leads_on`, read the screen and wait for the next."""
        target = (within or self.page).get_by_role(role, name=name).first
        self.clicks += 1
        if not leads_on:
            return target.click(force=role in ("radio", "checkbox"))
        self.words += len(self.page.locator("main").inner_text().split())
        before = self.screens
        target.click()
        while self.screens == before:
            self.page.wait_for_event("domcontentloaded", timeout=PATIENCE)
        self.page.wait_for_load_state()

    def write(self, label, text, *, within=None):
        """Click into a field and write."""
        self.clicks += 1
        (within or self.page).get_by_label(label, exact=True).first.fill(text)

    def choose(self, label, option, *, within=None):
        """Open a list and choose from it: two clicks."""
        self.clicks += 2
        (within or self.page).get_by_label(label).first.select_option(label=option)

    def saved(self, within):
        """Wait until what was written is saved, which takes no click."""
        mark = within.locator(".saved").first
        mark.filter(has_text=re.compile("^Saved")).wait_for()

    def told(self):
        return f"{self.clicks} clicks, {self.screens} screens, {self.words} words"


def first_review(page, address, link):
    """HR sets Ladder up, publishes the built-in framework, brings a file of people and opens a cycle."""
    hand = Hand(page)
    hand.open(link)
    for label, text in (("Company name", "Quay Ltd"), ("Your name", "Hedy Quay")):
        hand.write(label, text)
    hand.write("Your email", "hedy@quay.example")
    for label in ("Password", "Confirm password"):
        hand.write(label, "rope-and-lantern-27")
    hand.press("button", "Set up Ladder", leads_on=True)
    hand.press("link", re.compile("^(Check and publish|Frameworks)"), within=main, leads_on=True)
    if page.get_by_role("button", name="Publish edition").count() == 0:
        hand.press("link", re.compile("^Publish"), within=main, leads_on=True)
    hand.press("button", "Publish edition", leads_on=True)
    home(hand)
    hand.press("link", "Import people", within=main, leads_on=True)
    hand.clicks += 2  # the button of the field, and the file
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)
    hand.press("button", "Upload file", leads_on=True)
    hand.press("button", "Continue to preview", leads_on=True)
    hand.press("button", "Apply import")
    page.get_by_text("The import was applied.").first.wait_for()
    home(hand)
    hand.press("link", "Prepare a cycle", within=main, leads_on=True)
    hand.write("Name", "First review")
    for label, days in (("Self-assessments due", 14), ("Manager assessments due", 21)):
        hand.write(label, f"{date.today() + timedelta(days=days)}T17:00")
    hand.press("button", "Next: who takes part", leads_on=True)
    hand.press("button", re.compile("^Open for 2 people"), leads_on=True)
    page.get_by_text("Cycle opened with 2 reviews.").wait_for()
    return hand


def home(hand):
    """Go on where the steps stand: on the page itself, or else at home."""
    main = hand.page.get_by_role("main")
    if main.locator(".steps-card").count() == 0:
        hand.press("link", "Home", within=hand.page.get_by_role("navigation"), leads_on=True)


def assessment(page, task):
    """Somebody begins at home, rates every competency, comments on some, reviews and submits."""
    hand = Hand(page)
    hand.open("/")
    hand.press("link", re.compile(task), leads_on=True)
    articles = page.locator("article:has(input[type=radio])")
    for number in range(articles.count()):
        article = articles.nth(number)
        hand.press("radio", "Consistent", within=article)
        if number < COMMENTS:
            hand.clicks += 1
            article.get_by_role("textbox").first.fill(COMMENT)
        hand.saved(article)
    hand.press("button", "Review and submit", leads_on=True)
    hand.press("button", "Submit assessment", leads_on=True)
    return hand


def self_assessment(page):
    return assessment(page, "^(Begin|Start).*Assess yourself")


def manager_assessment(page):
    return assessment(page, "^(Begin|Start).*Assess Kwame Mensah")


def proposal(page, endorser):
    """A manager opens a case, writes what is asked for, asks a colleague to endorse it, and proposes it."""
    hand = Hand(page)
    hand.open("/")
    hand.press("link", "Promotions", within=page.get_by_role("navigation"), leads_on=True)
    hand.press("link", re.compile("Nominate.*Kwame Mensah|Kwame Mensah$"), leads_on=True)
    hand.press("radio", re.compile("^Staff"))
    hand.press("button", "Open case", leads_on=True)
    case = page.url
    for kind in ("ask", "gaps", "manager"):
        part = page.locator(f"#statement-{kind}")
        hand.clicks += 1
        part.get_by_role("textbox").first.fill(COMMENT)
        hand.saved(part)
    claims = page.locator("#claims")
    hand.write("Claim", COMMENT, within=claims)
    hand.write("Result", "Six services two days early.", within=claims)
    hand.choose("Competency", "Planning and project leadership", within=claims)
    hand.press("button", "Add claim", within=claims)
    claims.get_by_role("heading", name="Claim 1").wait_for()
    hand.press("link", "Add first story", leads_on=True)
    for label in ("Title", "Context", "Result"):
        hand.write(label, COMMENT)
    hand.press("checkbox", "Planning and project leadership")
    hand.press("checkbox", re.compile("Six services upgraded two days early"))
    hand.press("button", "Add story", leads_on=True)
    hand.press("link", "Choose evidence", leads_on=True)
    hand.press("checkbox", re.compile("Six services upgraded two days early"))
    hand.press("button", re.compile("^Save selection"), leads_on=True)
    hand.press("link", "Ask for an endorsement", leads_on=True)
    hand.write("Name", "Anneke de Vries")
    hand.write("Email", "anneke.devries@portolan.example")
    hand.choose("Relation to the candidate", "Partner in another team")
    hand.press("radio", "Outside the candidate’s team")
    hand.press("button", "Send request", leads_on=True)
    endorse(endorser)
    hand.open(case)
    hand.press("button", "Propose case", leads_on=True)
    page.get_by_text("You proposed the case").wait_for()
    return hand


def endorse(page):
    """A colleague answers, which counts for nobody here."""
    page.goto("/")
    asked = page.get_by_role("listitem").filter(has_text="Endorse Kwame Mensah")
    asked.get_by_role("link", name=re.compile("^Write endorsement")).click()
    page.get_by_label("Your observations").fill(COMMENT)
    page.get_by_role("button", name="Send endorsement").click()
    page.get_by_role("heading", name="Thank you").wait_for()


class Serving:
    """Serve a data folder by `start`, with the demo company or empty; give itself, with its address."""

    def __init__(self, checkout, folder, *, demo):
        port = free_port()
        self.address = f"http://localhost:{port}"
        said = {"LADDER_DATA": str(folder), "PYTHONPATH": "", "LADDER_WARM_UP": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(port), *([] if demo else ["--no-demo"])],
            cwd=checkout, env=os.environ | said, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.demo, self.link = demo, ""

    def __enter__(self):
        for line in self.process.stdout:
            if said := re.search(r"(/setup/\S+/)", line):
                self.link = self.address + said[1]
            if self.link or (self.demo and "is running" in line):
                return self
        raise SystemExit("start ended")

    def __exit__(self, *_exception):
        self.process.terminate()
        self.process.communicate(timeout=30)


def main(_options):
    checkouts = [Path(beside) for beside in [os.environ.get("BESIDE")] if beside] + [ROOT]
    folder = Path(os.environ["LADDER_DATA"]) / "clicks"
    with sync_playwright() as playwright:
        program = next(filter(None, map(shutil.which, BROWSERS)))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for number, checkout in enumerate(checkouts):
            print(f"  {checkout.name}")
            with Serving(checkout, folder / f"{number}-empty", demo=False) as site:
                page = window(browser, site.address)
                tell(
                    "HR, from an empty company to the first review",
                    first_review,
                    page,
                    site.address,
                    site.link,
                )
            with Serving(checkout, folder / f"{number}-demo", demo=True) as site:
                kwame, tomasz, anneke = (
                    persona(browser, site.address, name)
                    for name in ("Kwame Mensah", "Tomasz Wierzbicki", "Anneke de Vries")
                )
                tell("an engineer, a self-assessment", self_assessment, kwame)
                tell("a manager, the assessment of one report", manager_assessment, tomasz)
                tell("a manager, a case until it is proposed", proposal, tomasz, anneke)
        browser.close()
    shutil.rmtree(folder, ignore_errors=True)


def tell(what, job, *given):
    """Do a job and print what it took, or where it stopped."""
    try:
        print(f"    {what:<48}{job(*given).told()}", flush=True)
    except Error as stopped:
        print(f"    {what:<48}stopped: {' '.join(str(stopped).split())[:160]}", flush=True)


def window(browser, address):
    return browser.new_context(
        base_url=address, viewport={"width": 1440, "height": 900}, reduced_motion="reduce", locale="en-GB"
    ).new_page()


def persona(browser, address, name):
    """Return a window in which a person of the demo has signed in, before anything is counted."""
    page = window(browser, address)
    page.goto("/")
    page.get_by_role("button", name=re.compile(name)).click()
    page.get_by_text(f"You are {name}.").wait_for()
    return page


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
