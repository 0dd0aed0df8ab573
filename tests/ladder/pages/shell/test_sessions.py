import pytest
from django.test import Client
from django.urls import reverse

from competencies.people.models import Organisation


def test_with_email_and_password_one_gets_where_one_was_going(client, sam):
    response = client.post(
        "/sign-in/", {"login": "Sam@testing.example", "password": "sam of testing", "next": "/ladder/"}
    )

    assert (response.status_code, response.url) == (302, "/ladder/")


def test_a_wrong_password_and_an_unknown_email_read_the_same(client, sam):
    wrong = client.post("/sign-in/", {"login": "sam@testing.example", "password": "no"})
    unknown = client.post("/sign-in/", {"login": "nobody@testing.example", "password": "no"})

    assert wrong.status_code == unknown.status_code == 422
    said = ["The email or password is wrong."]
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors() == said


def test_who_has_left_does_not_get_in(client, gone):
    assert client.post("/sign-in/", {"login": gone.email, "password": "gone of testing"}).status_code == 422


def test_one_is_not_sent_elsewhere(client, sam):
    response = client.post(
        "/sign-in/", {"login": sam.email, "password": "sam of testing", "next": "https://elsewhere.example/"}
    )

    assert response.url == reverse("home")


def test_stepping_in_as_somebody_is_for_the_demo_alone(client, sam):
    assert client.post(f"/sign-in/as/{sam.pk}/").status_code == 404

    Organisation.objects.update(demo=True)

    assert client.post(f"/sign-in/as/{sam.pk}/").status_code == 302
    assert client.get(f"/sign-in/as/{sam.pk}/").status_code == 405


def test_a_production_start_is_never_a_demo(client, sam, settings):
    Organisation.objects.update(demo=True, personas=[{"person": sam.pk, "what": "look"}])
    assert client.get("/sign-in/").context["personas"]
    settings.PRODUCTION = True

    assert client.get("/sign-in/").context["personas"] == []
    assert client.post(f"/sign-in/as/{sam.pk}/").status_code == 404


def test_signing_out_ends_the_session(signed_in, sam):
    client = signed_in(sam)

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").status_code == 302


def test_the_theme_is_kept_and_given_back(client, db):
    assert client.post("/theme/", {"theme": "dark"}).cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()

    client.post("/theme/", {"theme": "system"})

    assert "data-theme" not in client.get("/sign-in/").content.decode()


def test_signs_of_life(client, db):
    assert client.get("/healthz").content == b"ok"


def test_what_one_person_was_shown_is_not_kept(signed_in, sam):
    response = signed_in(sam).get("/")

    assert response.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


NO_ADDRESS = (
    "//[",
    "http://[",
    "https://[::1",
    "//]",
    "\\\\[",
    "http://\ud800".encode(errors="replace").decode(),
)
WITH_NEXT = ("sign_in", "mfa_login_webauthn", "account_reauthenticate", "account_change_password", "home")


@pytest.mark.parametrize("place", NO_ADDRESS)
def test_what_is_no_address_leads_home(client, sam, place):
    login = {"login": sam.email, "password": "sam of testing"}

    assert client.get("/sign-in/", {"next": place}).status_code == 200
    assert Client().post("/sign-in/", login | {"next": place}).url == reverse("home")
    assert Client().post(f"/sign-in/?next={place}", login).url == reverse("home")
    assert client.post("/theme/", {"theme": "dark"}, headers={"Referer": place}).url == reverse("home")


@pytest.mark.parametrize("name", WITH_NEXT)
def test_no_page_stumbles_over_what_is_no_address(signed_in, sam, name):
    for client in (Client(), signed_in(sam)):
        for place in NO_ADDRESS:
            for answer in (
                client.get(reverse(name), {"next": place}),
                client.post(reverse(name), {"next": place}),
            ):
                assert answer.status_code < 500


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "anything.example", "[::1]", "_"])
def test_probes_are_answered_under_any_name(client, db, path, host):
    answer = client.get(path, headers={"Host": host})

    assert answer.status_code == (200 if path == "/healthz" else 503)  # no worker lives beside the tests
    assert client.get("/sign-in/", headers={"Host": host}).status_code == (200 if host == "[::1]" else 400)
