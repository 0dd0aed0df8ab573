"""A second factor that a role has to have: asked with every request, of pages, sessions and tokens."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from competencies.evidence.models import Evidence
from competencies.people.models import Organisation, Token
from tests.conftest import HTMX

NEEDED = "/sign-in/second-step/"


def give_factor(person, kind=Authenticator.Type.TOTP):
    return Authenticator.objects.create(user=person, type=kind, data={"secret": "sealed"})


@pytest.fixture
def asked(hana):
    """A function that asks a second factor of some roles, as HR who has one."""

    def ask(*roles):
        give_factor(hana)
        return Organisation.here().require_second_factor(roles, by=hana)

    return ask


class TestWhoHasNone:
    def test_is_led_to_it_from_every_page_with_the_next_click(self, signed_in, mara, asked):
        client = signed_in(mara)
        assert client.get("/team/").status_code == 200
        asked("manager")

        for address in ("/", "/team/", "/ladder/", "/account/", "/account/tokens/", "/people/"):
            response = client.get(address)
            assert (response.status_code, response.url) == (302, NEEDED), address
        assert "Set up two-factor authentication" in client.get(NEEDED).content.decode()

    def test_writes_nothing_and_a_save_is_told_where_to_go(self, signed_in, mara, asked):
        asked("everyone")

        work = {"happened_on": "2025-03-01", "title": "Split the ledger", "kind": "other"}
        address = f"/people/{mara.pk}/evidence/new/"

        plain = signed_in(mara).post(address, work)
        saved = signed_in(mara).post(address, work, headers=HTMX)

        assert (plain.status_code, plain.url) == (302, NEEDED)
        assert (saved.status_code, saved.headers["HX-Redirect"]) == (403, NEEDED)
        assert not Evidence.objects.filter(person=mara).exists()

    @pytest.mark.parametrize("address", ["/account/app/", "/account/passkeys/new/"])
    def test_can_set_one_up_and_sign_out(self, client, mara, asked, address):
        client.post("/sign-in/", {"login": mara.email, "password": "mara of testing"})
        asked("everyone")

        assert client.get(address).status_code == 200
        assert client.post("/sign-out/").url == "/sign-in/"

    def test_works_on_as_soon_as_one_is_there(self, signed_in, mara, asked):
        asked("everyone")
        client = signed_in(mara)
        assert client.get("/team/").status_code == 302

        give_factor(mara, Authenticator.Type.WEBAUTHN)

        assert client.get("/team/").status_code == 200
        assert client.get(NEEDED).url == "/"

    def test_codes_on_paper_alone_are_none(self, signed_in, mara, asked):
        asked("everyone")
        give_factor(mara, Authenticator.Type.RECOVERY_CODES)

        assert signed_in(mara).get("/team/").url == NEEDED

    def test_finds_the_api_closed_to_session_and_token_alike(self, signed_in, mara, asked):
        _token, key = Token.issue(mara, by=mara, label="script")
        bearer = Client(headers={"Authorization": f"Bearer {key}"})
        session = signed_in(mara)
        assert bearer.get("/api/v1/reviews/").status_code == 200
        assert session.get("/api/v1/reviews/").status_code == 200
        asked("manager")

        for answer in (bearer.get("/api/v1/reviews/"), session.get("/api/v1/reviews/")):
            assert answer.status_code == 403
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["code"] == "second-factor-missing"


class TestOfWhom:
    @pytest.mark.parametrize(
        ("role", "covered"),
        [
            ("everyone", {"mara", "sam", "hana", "aude", "otto"}),
            ("manager", {"mara"}),
            ("hr", {"hana"}),
            ("author", {"aude"}),
            ("auditor", {"otto"}),
        ],
    )
    def test_it_is_asked(self, signed_in, request, hana, role, covered):
        Organisation.objects.update(second_factor_for=[role])

        led = {
            name
            for name in ("mara", "sam", "hana", "aude", "otto")
            if signed_in(request.getfixturevalue(name)).get("/ladder/").status_code == 302
        }

        assert led == covered

    def test_a_role_that_is_given_counts_at_once_and_one_taken_back_no_more(
        self, signed_in, sam, hana, asked
    ):
        asked("auditor")
        client = signed_in(sam)
        assert client.get("/ladder/").status_code == 200

        grant = sam.grant("auditor", by=hana)
        assert client.get("/ladder/").status_code == 302

        grant.revoke(by=hana)
        assert client.get("/ladder/").status_code == 200

    def test_nobody_is_asked_by_default(self, signed_in, hana):
        assert signed_in(hana).get("/ladder/").status_code == 200


class TestTheLastFactor:
    def test_stays_while_it_is_asked_for(self, sam, asked):
        from ladder.accounts.second_factor import may_remove

        app, key = give_factor(sam), give_factor(sam, Authenticator.Type.WEBAUTHN)
        assert may_remove(app)
        assert may_remove(key)
        asked("everyone")
        assert may_remove(app)

        key.delete()

        assert not may_remove(app)


class TestTheProviderThatVouches:
    @pytest.fixture
    def came_through(self, client, sam):
        """Sam's window, opened by single sign-on."""
        client.force_login(sam)
        session = client.session
        session["account_authentication_methods"] = [{"method": "socialaccount", "at": 1}]
        session["account_authentication_methods_user"] = str(sam.pk)
        session.save()
        return client

    def test_is_enough_where_the_operator_says_so(self, came_through, signed_in, sam, asked, settings):
        asked("everyone")
        assert came_through.get("/ladder/").status_code == 302
        settings.OIDC_SATISFIES_SECOND_FACTOR = True

        assert came_through.get("/ladder/").status_code == 200
        assert signed_in(sam).get("/ladder/").status_code == 302


def test_the_question_is_asked_in_as_many_queries_for_everybody(
    signed_in, mara, sam, asked, django_assert_max_num_queries
):
    from ladder.accounts.second_factor import is_missing

    asked("manager")
    with django_assert_max_num_queries(4):
        assert is_missing(mara)
