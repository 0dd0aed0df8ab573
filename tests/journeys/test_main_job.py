"""The job that Ladder is for, from a blank self-assessment to an archived promotion packet.

One story in four parts, each of which goes on where the one before ended, in the same windows.
"""

import io
import json
import re
from datetime import date, timedelta

import pypdf
import pytest
from playwright.sync_api import expect

from .conftest import Visits
from .looking import look_over
from .sheets import Sheet

DOUBTED = "Documentation and knowledge sharing"
LEFT_FOR_LAST = "Mentoring and growth"
PIECE = "Billing closes its month in one day"
SEEN = "He plans an upgrade so that nobody has to wait for it."
STORY = "Six services on one plan"


class Story(Visits):
    """The windows of those who act, and how many parts have been told."""

    told, case = 0, None

    def goes_on(self, part):
        """Fail a part whose beginning is missing, also where it was chosen alone."""
        if self.told != part - 1:
            pytest.fail("the part before did not come to its end: run the whole file", pytrace=False)

    def as_ever(self, name):
        """Return the window that somebody opened in a part before."""
        return self.windows[name]

    def sits_down(self, name, window):
        """Keep a window for the parts to come; return it."""
        self.windows[name] = window
        return window


@pytest.fixture(scope="module")
def story(browser, site):
    story = Story(browser, site)
    story.windows = {}
    yield story
    story.end()


@pytest.fixture(autouse=True)
def nothing_else_happens(story):
    yield
    if faults := [fault for watch in story.watches for fault in watch.told()]:
        pytest.fail("\n".join(["the browser complained:", *faults, story.site.last_words()]), pytrace=False)


def test_first_both_assess_and_sign(story):
    story.goes_on(1)
    # A promotion is in view, so Tomasz has Kwame read against the next level before either begins.
    tomasz = story.sits_down("tomasz", story(expected={404}))
    step_in(tomasz, "Tomasz Wierzbicki")
    tomasz.goto("/reviews/")
    tomasz.get_by_role("rowheader").get_by_role("link", name="Kwame Mensah").first.click()
    tomasz.get_by_label("Level", exact=True).select_option(label="Staff")
    tomasz.get_by_role("button", name="Save target level").click()
    expect(tomasz.get_by_text("assessed at Staff level").first).to_be_visible()

    # Kwame assesses himself and hands in.
    kwame = story.sits_down("kwame", story())
    step_in(kwame, "Kwame Mensah")
    expect(kwame.get_by_role("heading", name="Hello, Kwame Mensah")).to_be_visible()
    kwame.get_by_role("link", name=re.compile("^Begin.*Assess yourself")).click()
    own = Sheet(kwame)
    competencies = own.titles
    assert len(competencies) == 15

    by_keyboard(own, competencies[0], "Invoices fit the ledger since the split.")
    with_evidence(own, competencies[1])
    for title in competencies[2:]:
        if title != LEFT_FOR_LAST:
            own.rate(title, "Developing" if title == DOUBTED else "Consistent")
    own.comment(DOUBTED).fill("Nine steps of an invoice are **written down**; the tenth is not.")
    own.is_saved(DOUBTED)
    expect(kwame.get_by_role("progressbar")).to_have_attribute("value", "14")
    assert look_over(kwame) == []

    # Something is missing: he is told what, and goes there.
    kwame.get_by_role("button", name="Review and submit").click()
    expect(kwame.get_by_text("1 competency is still unrated.")).to_be_visible()
    expect(kwame.get_by_role("button", name="Submit assessment")).to_have_count(0)
    assert look_over(kwame) == []
    kwame.get_by_role("listitem").get_by_role("link", name=LEFT_FOR_LAST).click()
    expect(own.comment(DOUBTED)).to_have_value(re.compile("the tenth is not"))
    own.rate(LEFT_FOR_LAST, "Not observed")
    own.hand_in()
    expect(kwame.get_by_text("Submitted. You can’t change it now")).to_be_visible()
    expect(kwame.get_by_role("radio")).to_have_count(0)
    assert look_over(kwame) == []
    his_own = kwame.url

    # His manager cannot read it before he has handed in his own.
    assert tomasz.goto(his_own).status == 404
    tomasz.goto("/")
    tomasz.get_by_role("link", name=re.compile("Kwame Mensah")).first.click()
    his = Sheet(tomasz)
    expect(tomasz.get_by_role("heading", level=1)).to_contain_text("Kwame Mensah")
    expect(tomasz.get_by_text("the tenth is not")).to_have_count(0)
    for title in his.titles:
        his.rate(title, "Role model" if title == DOUBTED else "Consistent")
    his.comment(DOUBTED).fill("Three colleagues work from these pages now.")
    his.is_saved(DOUBTED)
    his.hand_in()

    # Both are in: both see both sides, with what differs, the pictures, and the evidence.
    expect(tomasz.get_by_text("Both assessments are now shared")).to_be_visible()
    apart = tomasz.get_by_role("article").filter(has=tomasz.get_by_role("heading", name=DOUBTED))
    expect(apart).to_contain_text("2 higher")
    expect(apart).to_contain_text("the tenth is not")
    expect(apart).to_contain_text("Three colleagues work from these pages")
    expect(tomasz.locator("figure svg[role=img]")).to_have_count(3)
    expect(tomasz.get_by_text(PIECE).first).to_be_attached()
    expect(tomasz.get_by_role("table", name=re.compile("^All values"))).to_contain_text(DOUBTED)
    assert look_over(tomasz) == []

    # They talk about it and sign.
    tomasz.get_by_role("button", name="Mark as discussed").click()
    tomasz.get_by_role("button", name="Sign off", exact=True).click()
    kwame.goto("/reviews/")
    kwame.get_by_role("link", name=re.compile("^Compare")).first.click()
    expect(kwame.get_by_text("Three colleagues work from these pages").first).to_be_visible()
    kwame.get_by_role("button", name="Sign off", exact=True).click()
    expect(kwame.locator(".state").get_by_text("Complete", exact=True)).to_be_visible()
    assert look_over(kwame) == []
    story.told = 1


def test_then_a_case_is_written_and_frozen(story):
    story.goes_on(2)
    tomasz, kwame = story.as_ever("tomasz"), story.as_ever("kwame")
    # Tomasz opens a case for Kwame, writes it, and proposes it.
    tomasz.goto("/cases/")
    tomasz.get_by_role("link", name=re.compile("Kwame Mensah$")).click()
    tomasz.get_by_role("radio", name=re.compile("Staff")).check()
    tomasz.get_by_role("button", name="Open case").click()
    tomasz.get_by_text("Show competencies that meet expectations").click()
    readiness = tomasz.get_by_role("region", name="Readiness per competency")
    expect(readiness.get_by_role("row").filter(has_text=DOUBTED)).to_contain_text("Meets expectations")
    story.case = case = tomasz.url
    assert look_over(tomasz) == []
    write_the_case(tomasz)

    # Kwame writes along, and Anneke of another team says what she saw.
    tomasz.get_by_role("link", name="Share with Kwame Mensah").click()
    tomasz.get_by_role("button", name="Share draft").click()
    kwame.goto(case)
    write_along(kwame)
    ask_for_an_endorsement(tomasz)
    endorse(story("anneke"))
    tomasz.goto(case)
    expect(tomasz.get_by_text("Last edited by Kwame Mensah")).to_be_visible()
    expect(tomasz.get_by_text(SEEN)).to_be_visible()
    expect(tomasz.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    assert look_over(tomasz) == []

    # He reads the preview, proposes, freezes, and takes the document along, twice the same.
    tomasz.get_by_role("link", name="Preview packet").click()
    expect(tomasz.get_by_role("heading", name="Impact stories")).to_be_visible()
    assert look_over(tomasz) == []
    tomasz.goto(case)
    tomasz.get_by_role("link", name="Review and propose").click()
    expect(tomasz.get_by_text("nobody can change the text, not even you")).to_be_visible()
    weak = tomasz.get_by_role("region", name="Weak competencies")
    expect(weak.get_by_role("row").filter(has_text="No evidence").first).to_be_visible()
    assert look_over(tomasz) == []
    tomasz.get_by_role("button", name="Propose case").click()
    expect(tomasz.get_by_text("You proposed the case")).to_be_visible()
    assert look_over(tomasz) == []
    tomasz.get_by_role("link", name="View as packet").or_(
        tomasz.get_by_role("link", name="Preview packet")
    ).first.click()
    tomasz.get_by_role("button", name="Finalise and create PDF").click()
    expect(tomasz.get_by_role("heading", name="The PDF is ready")).to_be_visible(timeout=60_000)
    assert look_over(tomasz) == []
    document = download(tomasz)
    assert download(tomasz) == document
    read(document)
    story.told = 2


def test_then_a_committee_votes(story):
    story.goes_on(3)
    # Benedikte brings it before the committee. Anneke endorsed it and is recused, so Owen takes the chair.
    hr = story.sits_down("hr", story("benedikte", expected={422}))
    hr.goto("/committees/")
    hr.get_by_role("region", name="All committees").get_by_role("link", name="Promotions").click()
    hr.get_by_role("button", name=re.compile("^Make chair.*Owen")).click()
    hr.goto(story.case)
    hr.get_by_role("link", name="Submit to committee").click()
    hr.get_by_role("radio", name="Promotions").check()
    hr.get_by_role("button", name="Show voting members").click()
    expect(hr.get_by_role("listitem").filter(has_text="Anneke")).to_contain_text("Recused")
    assert look_over(hr) == []
    hr.get_by_role("button", name="Convene committee").click()
    expect(hr.get_by_role("heading", level=1)).to_contain_text("Kwame Mensah")
    hearing = hr.url
    assert look_over(hr) == []

    # Three members read the case and vote; none sees another's ballot before the last one is in.
    owen, solveig, clara = (story(name, expected={404}) for name in ("owen", "solveig", "clara"))
    for member, said in ((solveig, "Solveig has seen it."), (clara, "Clara has seen it.")):
        vote(member, hearing, said)
        expect(member.get_by_text("Nobody reads it until everyone has voted").first).to_be_visible()
    hr.goto(hearing)
    for page in (hr, clara):
        expect(page.get_by_text("Solveig has seen it.")).to_have_count(0)
    vote(owen, hearing, "The upgrades are enough.")
    expect(owen.get_by_text("Solveig has seen it.")).to_be_visible()
    expect(owen.get_by_text("Majority: Promote")).to_be_visible()
    assert look_over(owen) == []
    assert story("anneke", expected={404}).goto(hearing).status == 404
    story.sits_down("owen", owen)
    story.told = 3


def test_in_the_end_it_is_decided_released_and_verified(story):
    story.goes_on(4)
    owen, hr, tomasz, kwame = map(story.as_ever, ("owen", "hr", "tomasz", "kwame"))
    case = story.case
    # Owen records the decision. Nobody outside knows it before Benedikte releases it.
    owen.get_by_label("Note", exact=True).fill("The second domain is for the spring.")
    owen.get_by_role("button", name="Add note").click()
    owen.get_by_role("link", name="Record decision").click()
    owen.get_by_label("Reasons", exact=True).fill("Met in the words of those who gained by it.")
    owen.get_by_label("Feedback for the candidate").fill("Three teams work as you do.")
    expect(owen.locator(".saved")).to_have_text(re.compile("^Saved"))
    assert look_over(owen) == []
    owen.get_by_role("button", name="Review and record").click()
    expect(owen.get_by_text("nobody can change it, not even you")).to_be_visible()
    assert look_over(owen) == []
    owen.get_by_role("button", name="Record decision").click()
    expect(owen.get_by_text("You recorded the decision")).to_be_visible()
    for page in (kwame, tomasz):
        page.goto(case)
        expect(page.get_by_text("In committee").first).to_be_visible()
        expect(page.get_by_text("Three teams work as you do.")).to_have_count(0)
    release_all(hr)

    # Kwame reads what was decided, not why; and takes his copy, which anybody can verify.
    kwame.goto(case)
    expect(kwame.get_by_text("Three teams work as you do.")).to_be_visible()
    expect(kwame.get_by_text("Met in the words of those")).to_have_count(0)
    assert look_over(kwame) == []
    archived = the_archived_packet(hr, case)
    assert "Owen" in text_of(archived)
    for name, document, verdict in (
        ("packet.pdf", archived, "Genuine"),
        ("altered.pdf", archived[:5000] + bytes([archived[5000] ^ 1]) + archived[5001:], "Altered"),
    ):
        anybody = story()
        anybody.goto("/verify/")
        file = {"name": name, "mimeType": "application/pdf", "buffer": document}
        anybody.get_by_label("PDF file").set_input_files(file)
        anybody.get_by_role("button", name="Verify").click()
        expect(anybody.get_by_role("status").get_by_text(verdict, exact=True)).to_be_visible()
        expect(anybody.get_by_text("Kwame")).to_have_count(0)
        assert look_over(anybody) == []


def vote(page, hearing, reason):
    """Read the case, write a ballot, look it over and cast it."""
    page.goto(hearing)
    page.get_by_role("link", name="Read case").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(hearing)
    page.get_by_role("radio", name="Promote").check(force=True)
    page.get_by_label("Your reason", exact=True).first.fill(reason)
    expect(page.locator(".saved").first).to_have_text(re.compile(r"^Saved"))
    page.get_by_role("button", name="Review and cast").click()
    expect(page.get_by_text(reason)).to_be_visible()
    assert look_over(page) == []
    page.get_by_role("button", name="Cast ballot").click()


def release_all(page):
    """Release every decision that waits, at one instant."""
    page.goto("/releases/")
    page.get_by_role("button", name="Continue with selected").click()
    expect(page.get_by_role("button", name="Release now")).to_be_visible()
    count = page.get_by_role("heading", level=1).inner_text().split()[1]
    page.get_by_label("How many decisions are you releasing?").fill(count)
    assert look_over(page) == []
    page.get_by_role("button", name="Release now").click()
    expect(page.get_by_text(re.compile(r"You released \d+ decisions?"))).to_be_visible()


def the_archived_packet(page, case):
    """Wait for the archive's copy and take it; return the PDF."""
    page.goto(case)
    page.get_by_role("listitem").filter(has_text="Archive copy").get_by_role("link").click()
    expect(page.get_by_role("link", name="Download PDF")).to_be_visible(timeout=60_000)
    return download(page)


def text_of(document):
    packet = pypdf.PdfReader(io.BytesIO(document))
    return " ".join(" ".join(page.extract_text().split()) for page in packet.pages)


def step_in(page, name):
    """Sign in as a persona of the demo with one click."""
    page.goto("/")
    page.get_by_role("button", name=re.compile(name)).click()
    expect(page.get_by_text(f"You are {name}.")).to_be_visible()


def by_keyboard(sheet, title, text):
    """Rate and comment on a competency without the mouse."""
    keys = sheet.page.keyboard
    sheet.point(title, "Not yet").focus()
    keys.press("Space")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(sheet.point(title, "Consistent")).to_be_checked()
    keys.press("Tab")
    expect(sheet.comment(title)).to_be_focused()
    keys.type(text)
    sheet.is_saved(title)
    expect(sheet.comment(title)).to_be_focused()


def with_evidence(sheet, title):
    """Rest a rating on a piece that is there already and on one that is told in place."""
    part = sheet.of(title)
    sheet.rate(title, "Consistent")
    part.get_by_role("link", name=re.compile("^Choose from")).click()
    part.get_by_role("checkbox").first.check()
    expect(part).to_contain_text("1 piece of evidence")
    part.get_by_text("Add evidence").click()
    part.get_by_label("What happened").fill(PIECE)
    part.get_by_label("Date").fill((date.today() - timedelta(days=20)).isoformat())
    part.get_by_role("button", name="Add evidence and use it here").click()
    expect(part.get_by_role("checkbox", name=re.compile(PIECE))).to_be_checked()
    expect(part).to_contain_text("2 pieces of evidence")
    sheet.is_saved(title)


def write_the_case(page):
    """Write what a committee looks for: statements, a claim, a story, and evidence."""
    for kind, text in {
        "ask": "Kwame to Staff from the spring.",
        "gaps": "One domain so far; he takes the second in May.",
        "manager": "I watched him hand the rota over and not take it back.",
    }.items():
        part = page.locator(f"#statement-{kind}")
        part.get_by_role("textbox").first.fill(text)
        expect(part.locator(".saved").first).to_have_text(re.compile(r"^Saved"))

    claims = page.locator("#claims")
    claims.get_by_label("Claim", exact=True).fill("Shapes how three teams plan an upgrade.")
    claims.get_by_label("Result").fill("Six services two days early.")
    claims.get_by_label("Competency").select_option(label="Planning and project leadership")
    claims.get_by_role("button", name="Add claim").click()
    expect(claims.get_by_role("heading", name="Claim 1")).to_be_visible()

    page.get_by_role("link", name="Add first story").click()
    page.get_by_label("Title").fill(STORY)
    page.get_by_label("Context").fill("Billing runs six services on Java 17.")
    page.get_by_label("Result").fill("All six on Java 25, two days early.")
    page.get_by_role("checkbox", name="Planning and project leadership").check()
    page.get_by_role("checkbox", name=re.compile(PIECE)).check()
    assert look_over(page) == []
    page.get_by_role("button", name="Add story").click()
    expect(page.get_by_role("link", name=STORY)).to_be_visible()

    page.get_by_role("link", name="Choose evidence").click()
    page.get_by_role("checkbox", name=re.compile(PIECE)).check()
    page.get_by_role("checkbox", name=re.compile("Six services upgraded two days early")).check()
    assert look_over(page) == []
    page.get_by_role("button", name=re.compile("^Show|^Save|^Choose")).first.click()
    expect(page.get_by_text("The case now has 2 pieces of evidence.")).to_be_visible()


def write_along(page):
    """Write into the draft as its candidate, who does not see what the manager writes of them."""
    expect(page.get_by_role("heading", name="Your case for Staff")).to_be_visible()
    expect(page.get_by_text("I watched him hand the rota over")).to_have_count(0)
    scope = page.locator("#statement-scope")
    scope.get_by_role("textbox").fill("The upgrade of three teams, and their plan.")
    expect(scope.locator(".saved")).to_have_text(re.compile(r"^Saved"))
    assert look_over(page) == []


def ask_for_an_endorsement(page):
    page.get_by_role("link", name="Ask for an endorsement").click()
    page.get_by_label("Name").fill("Anneke de Vries")
    page.get_by_label("Email").fill("anneke.devries@portolan.example")
    page.get_by_label("Relation to the candidate").select_option(label="Partner in another team")
    page.get_by_role("radio", name="Outside the candidate’s team").check()
    assert look_over(page) == []
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_text("You asked Anneke de Vries for an endorsement.")).to_be_visible()


def endorse(page):
    """Say what one saw, from one's home page, and see nothing of the case."""
    page.goto("/")
    page.get_by_role("listitem").filter(has_text="Endorse Kwame Mensah").get_by_role(
        "link", name=re.compile("^Write endorsement")
    ).click()
    expect(page.get_by_text("Six services two days early")).to_have_count(0)
    page.get_by_label("Your observations").fill(SEEN)
    assert look_over(page) == []
    page.get_by_role("button", name="Send endorsement").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def download(page):
    """Take the PDF by its button; return the bytes."""
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download PDF").click()
    return taken.value.path().read_bytes()


def read(document):
    """Read the packet as a committee would: names, levels, sections, evidence, and the data in it."""
    text = text_of(document)
    for words in (
        "Kwame Mensah", "Tomasz Wierzbicki", "Senior", "Staff",
        "Summary", "Expectations at Staff", "Competency matrix", "Impact stories", "Gaps and risks",
        "Evidence index",
        PIECE, STORY, "Six services upgraded two days early",
    ):  # fmt: skip
        assert words in text
    (snapshots,) = pypdf.PdfReader(io.BytesIO(document)).attachments.values()
    snapshot = json.loads(snapshots[0])
    assert snapshot["candidate"]["name"] == "Kwame Mensah"
    assert {piece["title"] for piece in snapshot["evidence"]} >= {PIECE}
