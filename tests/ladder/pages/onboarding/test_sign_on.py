"""Single sign-on, case by case: who gets in by what a provider says, and who gets the one refusal.

The calls to the provider are answered here; the journey `test_single_sign_on` has a real one.
"""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken

from competencies.people.models import Person
from competencies.trail.models import Entry
from ladder.accounts.single_sign_on import Exchange

CONFIGURATION = {
    "issuer": "https://id.testing.example",
    "authorization_endpoint": "https://id.testing.example/authorize",
    "token_endpoint": "https://id.testing.example/token",
    "userinfo_endpoint": "https://id.testing.example/userinfo",
    "jwks_uri": "https://id.testing.example/keys",
}
REFUSED = "You can’t sign in with Testing ID."


@pytest.fixture(autouse=True)
def provider(settings):
    settings.OIDC_NAME, settings.OIDC_ISSUER = "Testing ID", "https://id.testing.example"
    app = {
        "provider_id": "oidc-testing",
        "name": "Testing ID",
        "client_id": "ladder",
        "secret": "kept",
        "settings": {"server_url": "https://id.testing.example"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def come_back(client, monkeypatch):
    """A function that goes to the provider and comes back with what it says of somebody."""

    def come(address="/sign-in/company/", token=None, **claims):
        monkeypatch.setattr(Exchange, "openid_config", CONFIGURATION)
        asked = parse_qs(urlsplit(client.get(address)["Location"]).query)
        told = {"sub": "s1", "email_verified": True} | claims
        token = {"sub": told["sub"], "nonce": asked["nonce"][0]} | (token or {})
        received = {"access_token": "opens nothing", "id_token": "signed"}
        monkeypatch.setattr(Exchange, "get_access_token_data", lambda *_, **__: received)
        monkeypatch.setattr(Exchange, "_fetch_user_info", lambda *_: told)
        monkeypatch.setattr(Exchange, "_decode_id_token", lambda *_: token)
        return client.get("/sign-in/company/return/", {"code": "c", "state": asked["state"][0]})

    return come


def got_in(response, client):
    """Return who is signed in after an answer, or None."""
    page = client.get("/ladder/")
    return page.context["user"] if page.status_code == 200 else None


class TestGoing:
    def test_asks_with_state_nonce_and_a_challenge(self, client, db, monkeypatch):
        monkeypatch.setattr(Exchange, "openid_config", CONFIGURATION)

        url = client.get("/sign-in/company/")["Location"]

        asked = parse_qs(urlsplit(url).query)
        assert url.startswith("https://id.testing.example/authorize?")
        assert asked["code_challenge_method"] == ["S256"]
        assert {"state", "nonce", "code_challenge"} <= set(asked)
        assert asked["redirect_uri"] == ["http://testserver/sign-in/company/return/"]

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_somebody_elses_link_leads_to_the_sign_in_page(self, client, db, site):
        assert client.get("/sign-in/company/", headers={"Sec-Fetch-Site": site}).url == "/sign-in/"

    def test_a_provider_that_does_not_answer_is_said_so(self, client, db, monkeypatch):
        def refuse(_exchange):
            raise ConnectionError

        monkeypatch.setattr(Exchange, "openid_config", property(refuse))

        page = client.get("/sign-in/company/", follow=True).content.decode()

        assert "Testing ID isn’t responding." in page

    @pytest.mark.parametrize("address", ["/sign-in/company/", "/sign-in/company/return/"])
    def test_is_no_address_where_no_provider_is_set_up(self, client, db, settings, address):
        settings.OIDC_NAME = ""

        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 405


class TestWhoGetsIn:
    def test_is_whom_hr_took_in_by_the_email_that_is_vouched_for(self, client, sam, come_back):
        response = come_back(email="Sam@testing.example")

        assert (response.status_code, response.url) == (302, "/")
        assert got_in(response, client) == sam
        account = SocialAccount.objects.get()
        assert (account.user, account.uid, account.provider) == (sam, "s1", "oidc-testing")
        assert account.extra_data == {}
        assert not SocialToken.objects.exists()
        assert Entry.objects.filter(action="account.connected", about=sam, actor=sam).exists()

    def test_keeps_their_password(self, sam, come_back):
        come_back(email=sam.email)
        sam.refresh_from_db()

        assert sam.check_password("sam of testing")

    def test_is_known_by_name_from_then_on(self, client, sam, mara, come_back):
        come_back(email=sam.email)
        client.post("/sign-out/")

        assert got_in(come_back(email=mara.email), client) == sam
        assert got_in(come_back(email="elsewhere@testing.example", email_verified=False), client) == sam
        assert SocialAccount.objects.count() == 1
        assert Entry.objects.filter(action="account.connected").count() == 1

    def test_goes_on_to_where_they_were_going(self, sam, come_back):
        assert come_back("/sign-in/company/?next=/evidence/", email=sam.email).url == "/evidence/"

    @pytest.mark.parametrize(
        "elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere"]
    )
    def test_is_not_sent_elsewhere(self, sam, come_back, elsewhere):
        assert come_back(f"/sign-in/company/?next={elsewhere}", email=sam.email).url == "/"

    @pytest.mark.parametrize("verified", [True, "true", "True"])
    def test_is_vouched_for_in_any_spelling(self, client, sam, come_back, verified):
        assert got_in(come_back(email=sam.email, email_verified=verified), client) == sam

    def test_needs_no_vouching_where_the_operator_trusts_the_provider(self, client, sam, come_back, settings):
        settings.OIDC_TRUSTED = True

        assert got_in(come_back(email=sam.email, email_verified=None), client) == sam

    def test_has_a_new_session(self, client, sam, come_back):
        client.get("/sign-in/")
        come_back(email=sam.email)

        assert client.session["_auth_user_id"] == str(sam.pk)


class TestWhoDoesNot:
    @pytest.mark.parametrize(
        "told",
        [
            {"email": "stranger@elsewhere.example"},
            {"email": "gone@testing.example"},
            {"email": "sam@testing.example", "email_verified": False},
            {"email": "sam@testing.example", "email_verified": "false"},
            {"email": "sam@testing.example", "email_verified": None},
            {"email": ""},
            {"email": "sam@testing.example", "token": {"nonce": "of another question"}},
            {"email": "sam@testing.example", "token": {"nonce": ""}},
            {"email": "sam@testing.example", "token": {"sub": "somebody else"}},
        ],
    )
    def test_gets_one_answer_and_leaves_no_trace(self, client, sam, gone, come_back, told):
        people = Person.objects.count()

        response = come_back(**told)

        assert (response.status_code, response.url) == (302, "/sign-in/")
        assert REFUSED in client.get("/sign-in/").content.decode()
        assert got_in(response, client) is None
        assert not SocialAccount.objects.exists()
        assert Person.objects.count() == people

    def test_is_somebody_who_left_after_they_were_connected(self, client, sam, hana, come_back):
        from competencies.core.clock import today

        come_back(email=sam.email)
        client.post("/sign-out/")
        sam.leave(on=today(), by=hana)

        assert come_back(email=sam.email).url == "/sign-in/"
        assert REFUSED in client.get("/sign-in/").content.decode()

    def test_is_somebody_else_who_was_given_the_address_of_a_colleague(self, client, sam, come_back):
        come_back(email=sam.email)
        client.post("/sign-out/")

        assert got_in(come_back(email=sam.email, sub="s2"), client) is None

    def test_is_whoever_brings_a_state_that_is_not_theirs(self, client, sam, come_back):
        for query in ({}, {"code": "c", "state": "a-guess"}, {"error": "access_denied"}):
            response = client.get("/sign-in/company/return/", query)
            assert (response.status_code, response.url) == (302, "/sign-in/")

    def test_is_whoever_comes_back_a_second_time(self, client, sam, come_back):
        response = come_back(email=sam.email)
        again = client.get(response.wsgi_request.get_full_path())

        assert again.url == "/sign-in/"


class TestASecondFactor:
    @pytest.fixture
    def app(self, sam):
        from allauth.mfa.models import Authenticator

        return Authenticator.objects.create(user=sam, type="totp", data={"secret": "sealed"})

    def test_is_asked_for_after_the_provider_too(self, sam, app, come_back):
        assert come_back(email=sam.email).url.startswith("/sign-in/code/")

    def test_is_the_providers_where_the_operator_says_so(self, client, sam, app, come_back, settings):
        settings.OIDC_SATISFIES_SECOND_FACTOR = True

        assert got_in(come_back(email=sam.email), client) == sam
        client.post("/sign-out/")
        response = client.post("/sign-in/", {"login": sam.email, "password": "sam of testing"})
        assert response.url.startswith("/sign-in/code/")


class TestNothingElse:
    """`LADDER_OIDC_ONLY`: the doors that single sign-on replaces are gone."""

    @pytest.fixture(autouse=True)
    def only(self, settings):
        settings.OIDC_ONLY = True

    def test_the_page_offers_the_provider_alone(self, client, db):
        page = client.get("/sign-in/").content.decode()

        assert "Sign in with Testing ID" in page
        assert 'type="password"' not in page

    @pytest.mark.parametrize(
        "address", ["/sign-in/", "/sign-in/passkey/", "/forgotten-password/", "/invitation/"]
    )
    def test_every_other_door_is_closed(self, client, sam, address):
        given = {"login": sam.email, "password": "sam of testing", "email": sam.email}

        assert client.post(address, given).status_code == 404

    def test_the_provider_still_opens(self, client, sam, come_back):
        assert got_in(come_back(email=sam.email), client) == sam
