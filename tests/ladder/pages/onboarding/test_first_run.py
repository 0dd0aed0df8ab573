"""The first person of all: a link from the console, and a page that is there for nobody else."""

import re

import pytest

from competencies.people.models import Organisation, Person
from competencies.trail.models import Entry

STRONG = "heron lantern quay 47"
TOKENS = re.compile(rb'(?<=value=")[^"]{64}(?=")|(?<=Token": ")[^"]*')
GIVEN = {
    "company": "Quay Ltd",
    "name": "Hedy",
    "email": "Hedy@quay.example",
    "password": STRONG,
    "again": STRONG,
}


@pytest.fixture
def empty(db, monkeypatch):
    """A house that takes itself for empty; the journey `test_first_run` has one that is."""
    monkeypatch.setattr(type(Person.objects), "exists", lambda people: False)


@pytest.fixture
def key(empty):
    return Organisation.offer_setup()


@pytest.fixture
def opened(client, key):
    """A browser that has followed the link."""
    client.get(f"/setup/{key}/")
    return client


class TestTheLink:
    def test_takes_the_key_out_of_the_address(self, client, key):
        response = client.get(f"/setup/{key}/")

        assert (response.status_code, response.url) == (302, "/setup/")
        assert client.get("/setup/").status_code == 200
        assert key not in client.get("/setup/").content.decode()

    def test_opens_nothing_once_a_newer_one_was_made(self, opened, key):
        newer = Organisation.offer_setup()

        assert opened.get("/setup/").status_code == 404
        assert opened.get(f"/setup/{key}/").status_code == 404
        assert opened.get(f"/setup/{newer}/").status_code == 302

    @pytest.mark.parametrize("address", ["/setup/", "/setup/a-guess/"])
    def test_without_it_there_is_no_such_page(self, client, empty, address):
        Organisation.offer_setup()
        missing = client.get("/there-is-no-such-page/")

        answer = client.get(address)
        assert answer.status_code == missing.status_code == 404
        assert TOKENS.sub(b"", answer.content) == TOKENS.sub(b"", missing.content)

    def test_no_link_fits_before_one_was_offered(self, client, empty):
        Organisation.objects.update(setup_digest="")

        assert client.get("/setup/a-guess/").status_code == 404


class TestSettingUp:
    def test_takes_in_the_first_person_and_shows_what_comes_next(self, opened):
        before = opened.session.session_key

        response = opened.post("/setup/", GIVEN, follow=True)

        hedy = Person.objects.get(email="hedy@quay.example")
        assert hedy.roles == {"hr", "author"}
        assert hedy.check_password(STRONG)
        assert Organisation.here().name == "Quay Ltd"
        assert response.redirect_chain == [("/next-steps/", 302)]
        assert "Publish a career framework" in response.content.decode()
        assert opened.session.session_key != before
        assert Entry.objects.filter(about=hedy, action="person.welcomed", actor=None).exists()

    def test_opens_once(self, opened, key):
        opened.post("/setup/", GIVEN)

        assert opened.get("/setup/").status_code == 404
        assert opened.get(f"/setup/{key}/").status_code == 404
        assert opened.post("/setup/", GIVEN | {"email": "other@quay.example"}).status_code == 404

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"password": "short", "again": "short"}, "password"),
            ({"password": "hedy@quay.example", "again": "hedy@quay.example"}, "password"),
            ({"again": "heron lantern quay 48"}, "again"),
            ({"email": "hedy"}, "email"),
            ({"company": ""}, "company"),
            ({"name": ""}, "name"),
        ],
    )
    def test_refuses_beside_the_field(self, opened, wrong, field):
        people = Person.objects.count()

        response = opened.post("/setup/", GIVEN | wrong)

        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert STRONG not in response.content.decode()
        assert Person.objects.count() == people

    def test_has_no_patience_with_guesses(self, opened):
        answers = [opened.post("/setup/", GIVEN | {"company": ""}).status_code for _ in range(11)]

        assert answers == [422] * 10 + [429]


class TestSomebodyIsHere:
    @pytest.mark.parametrize("address", ["/setup/", "/setup/a-guess/"])
    def test_there_is_no_such_page_for_ever(self, client, db, address):
        assert client.get(address).status_code == 404
        assert client.post(address, GIVEN).status_code in (404, 405)

    def test_not_even_with_a_key_that_was_offered_before(self, client, key, monkeypatch):
        client.get(f"/setup/{key}/")
        monkeypatch.undo()

        assert client.get(f"/setup/{key}/").status_code == 404
        assert client.post("/setup/", GIVEN).status_code == 404


class TestNextSteps:
    def test_are_for_hr(self, signed_in, hana, sam, django_assert_max_num_queries):
        assert "Add your people" in signed_in(hana).get("/next-steps/").content.decode()
        assert signed_in(sam).get("/next-steps/").status_code == 404
        assert signed_in(hana).post("/next-steps/").status_code == 405
