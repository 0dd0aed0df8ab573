"""Signing in at the company's own provider: a real one, with PKCE and a nonce, in a real browser."""

import base64
import hashlib
import re

import pytest
from playwright.sync_api import expect

from tests.ports import free_port

from .looking import look_over
from .provider import CLIENT, NAME, PASSWORD, provider, settings_of
from .serving import serving

REFUSED = f"You can’t sign in with {NAME}. If you work here, ask HR to check your email address."
PEOPLE = [
    {"name": "Inés Prado", "email": "ines@portolan.example"},
    {"name": "Stranger Danger", "email": "stranger@elsewhere.example"},
    {"name": "Lev Gone", "email": "lev@portolan.example"},
    {"name": "Una Verified", "email": "una@portolan.example", "verified": False},
    {"name": "Odo Audit", "email": "odo@portolan.example"},
]


@pytest.fixture(scope="module")
def site(company, tmp_path_factory):
    """Ladder with a provider beside it; `site.provider` is its address."""
    port = free_port()
    with provider(free_port(), f"http://127.0.0.1:{port}", PEOPLE) as issuer:
        folder = tmp_path_factory.mktemp("site") / "var"
        with serving(company, folder, port=port, **settings_of(issuer)) as site:
            site.provider = issuer
            site.take_in(
                ("ines@portolan.example", "--name", "Inés Prado", "--invite"),
                ("lev@portolan.example", "--name", "Lev Gone", "--invite"),
                ("una@portolan.example", "--name", "Una Verified", "--invite"),
                ("odo@portolan.example", "--name", "Odo Audit", "--role", "auditor", "--invite"),
                then=LEV_LEFT_AND_AUDITORS_NEED_TWO,
            )
            yield site


LEV_LEFT_AND_AUDITORS_NEED_TWO = """
from datetime import date
from competencies.people.models import Organisation, Person
Person.objects.filter(name="Lev Gone").update(leaves_on=date(2024, 1, 1))
Organisation.objects.update(second_factor_for=["auditor"])
"""


@pytest.fixture
def go_in(visit, site):
    """A function that opens `address` and signs in at the provider as `email`; returns the page."""

    def sign_in(email, address="/"):
        page = visit()
        page.watch.friends = (site.provider,)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(address)
        page.get_by_role("link", name=f"Sign in with {NAME}").click()
        page.locator("input[name=login]").fill(email)
        page.keyboard.press("Enter")
        page.locator("input[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(re.escape(site.address)))
        return page

    return sign_in


def test_whom_hr_took_in_gets_to_where_they_were_going(go_in, site):
    page = go_in("ines@portolan.example", "/ladder/")

    expect(page).to_have_url(re.compile("/ladder/$"))
    expect(page.get_by_text("You are Inés Prado.")).to_be_visible()
    asked = question(page, site)
    assert {"code_challenge_method=S256", "response_type=code"} <= set(asked.partition("?")[2].split("&"))
    assert re.search(r"[?&]state=[^&]+", asked)
    assert re.search(r"[?&]nonce=[^&]+", asked)


def test_the_second_time_they_are_known_by_name(go_in, site):
    go_in("ines@portolan.example")
    said = site.manage(
        "shell",
        "-c",
        "from allauth.socialaccount.models import SocialAccount, SocialToken\n"
        "from competencies.trail.models import Entry\n"
        "print(SocialAccount.objects.filter(user__email='ines@portolan.example').count(),"
        " SocialToken.objects.count(), Entry.objects.filter(action='account.connected').count(),"
        " SocialAccount.objects.first().extra_data)",
    )

    assert said.splitlines()[-1] == "1 0 1 {}"


@pytest.mark.parametrize(
    "who", ["stranger@elsewhere.example", "lev@portolan.example", "una@portolan.example"]
)
def test_a_stranger_a_leaver_and_who_is_not_vouched_for_get_one_answer(go_in, who):
    page = go_in(who)

    expect(page).to_have_url(re.compile("/sign-in/$"))
    expect(page.get_by_text(REFUSED)).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_provider_insists_on_pkce_and_a_nonce(go_in, site):
    page = go_in("ines@portolan.example")
    asked = question(page, site)

    plain = page.request.get(re.sub("&code_challenge=[^&]*", "", asked), max_redirects=0)
    anonymous = page.request.get(re.sub("&nonce=[^&]*", "", asked), max_redirects=0)

    assert plain.status == 400
    assert "nonce" in anonymous.headers.get("location", "") + anonymous.text()


def test_a_code_opens_nothing_without_its_verifier(go_in, site):
    page = go_in("ines@portolan.example")
    verifier = "a-verifier-of-our-own-" * 2
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = re.sub("(?<=code_challenge=)[^&]*", challenge, question(page, site))
    code = re.search("code=([^&]+)", page.request.get(asked, max_redirects=0).headers["location"])[1]

    def redeem(verifier):
        offered = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{site.address}/sign-in/company/return/",
            "client_id": CLIENT["id"],
            "client_secret": CLIENT["secret"],
            "code_verifier": verifier,
        }
        return page.request.post(f"{site.provider}/oauth/token", form=offered).status

    assert redeem("guess" * 10) == 400
    assert redeem(verifier) == 200


def question(page, site):
    """Return the address by which Ladder sent the page to the provider."""
    return next(url for url in page.asked if url.startswith(f"{site.provider}/oauth/authorize"))


def test_who_needs_a_second_step_is_led_to_it_first(go_in):
    page = go_in("odo@portolan.example", "/ladder/")

    expect(page.get_by_role("heading", name="Set up two-factor authentication")).to_be_visible()
    assert look_over(page) == []
    page.goto("/trail/")
    expect(page.get_by_role("heading", name="Set up two-factor authentication")).to_be_visible()
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_label("Code")).to_be_visible()


def test_the_page_to_sign_in_on_is_fit_for_everybody(visit):
    page = visit()
    page.goto("/sign-in/")

    assert look_over(page) == []


def test_somebody_elses_link_asks_first(visit, site):
    """A link on another page does not sign anybody in: it leads to where one says so oneself."""
    page = visit()
    answer = page.request.get("/sign-in/company/", headers={"Sec-Fetch-Site": "cross-site"}, max_redirects=0)

    assert (answer.status, answer.headers["location"]) == (302, "/sign-in/")
