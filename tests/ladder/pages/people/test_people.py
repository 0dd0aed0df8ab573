import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import today
from competencies.evidence.models import Evidence
from competencies.people.models import Person, ReportingLine
from tests.conftest import decide

ENTITLED = ("sam", "mara", "dora", "hana")
STRANGERS = ("noor", "kit", "stella", "otto", "aude")


@pytest.mark.parametrize(("name", "status"), [*((n, 200) for n in ENTITLED), *((n, 404) for n in STRANGERS)])
def test_who_may_open_sams_page(request, signed_in, sam, name, status):
    assert signed_in(request.getfixturevalue(name)).get(f"/people/{sam.pk}/").status_code == status


def test_refused_looks_like_missing(signed_in, kit, sam):
    client = signed_in(kit)
    refused, missing = (client.get(url).content.decode() for url in (f"/people/{sam.pk}/", "/people/999999/"))

    of_the_request = re.compile(
        r"(X-CSRFToken\": \"|(?:csrfmiddlewaretoken|once)\" value=\")[\w-]+|/people/\d+/"
    )
    assert of_the_request.sub("", refused) == of_the_request.sub("", missing)


def test_the_directory_is_for_hr(signed_in, hana, mara, sam):
    assert "Stella" in signed_in(hana).get("/people/").content.decode()
    assert signed_in(mara).get("/people/").status_code == 404
    assert signed_in(sam).get("/people/").status_code == 404


def test_the_directory_finds_by_any_word(signed_in, hana):
    page = signed_in(hana).get("/people/", {"q": "stel testing.example"}).context["page"]

    assert [person.name for person in page] == ["Stella"]


@pytest.mark.parametrize("url", ["/team/", "/people/"])
def test_queries_do_not_grow_with_people(signed_in, mara, hana, revealed, url):
    client = signed_in(mara if url == "/team/" else hana)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(15):
        more = Person.objects.create_user(f"more{number}@testing.example", f"More {number}")
        ReportingLine.objects.create(person=more, manager=mara, starts_on="2024-01-01")
    client.get(url)  # somebody new is counted once
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few) <= 20


def test_a_decided_case_is_called_on_the_profile_as_on_its_page(signed_in, full_case, mara, hana, sam):
    full_case.propose(by=mara)
    decide(full_case, "promote", by=hana, rationale="Shown for a year.")

    assert "Promoted</span>" in signed_in(sam).get(f"/people/{sam.pk}/").content.decode()


def test_queries_of_a_profile_do_not_grow_with_what_there_is(
    signed_in, mara, dora, sam, revealed, case, competencies
):
    client = signed_in(dora)
    client.get(f"/people/{mara.pk}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/people/{mara.pk}/")
    for number in range(8):
        Evidence.log(
            mara,
            by=mara,
            happened_on=today() - timedelta(days=number),
            title=f"Piece {number}",
            competencies=competencies[:2],
        )
        more = Person.objects.create_user(f"more{number}@testing.example", f"More {number}")
        ReportingLine.objects.create(person=more, manager=mara, starts_on="2024-01-01")
    with CaptureQueriesContext(connection) as many:
        client.get(f"/people/{mara.pk}/")

    assert len(many) == len(few) <= 20


class TestTheDirectory:
    @pytest.mark.parametrize(
        ("shown", "names"),
        [
            ("left", {"Gone"}),
            ("without-manager", {"Dora", "Otto"}),
            ("without-level", {"Dora", "Mara", "Noor", "Hana", "Aude", "Otto"}),
            ("manager-gone", set()),
            ("nonsense", {"Dora", "Mara", "Noor", "Sam", "Stella", "Leo", "Kit", "Hana", "Aude", "Otto"}),
        ],
    )
    def test_shows_what_has_to_be_mended(self, signed_in, hana, shown, names):
        page = signed_in(hana).get("/people/", {"show": shown}).context["page"]

        assert {person.name for person in page} == names

    def test_finds_those_whose_manager_is_gone(self, signed_in, hana, mara):
        mara.leave(on=today(), by=hana)

        page = signed_in(hana).get("/people/", {"show": "manager-gone"}).context["page"]
        assert {person.name for person in page} == {"Leo", "Sam", "Stella"}

    @pytest.mark.parametrize("words", ["e-77", "sam testing", "SAM"])
    def test_finds_by_number_and_by_any_case(self, signed_in, hana, sam, words):
        sam.describe(by=hana, number="E-77")

        page = signed_in(hana).get("/people/", {"q": words}).context["page"]
        assert [person.name for person in page] == ["Sam"]

    @pytest.mark.parametrize("words", ["%", "_", "\0", "'; --", "x" * 5_000])
    def test_finds_nobody_by_signs(self, signed_in, hana, words):
        answer = signed_in(hana).get("/people/", {"q": words})

        assert answer.status_code == 200
        if words != "\0":
            assert not list(answer.context["page"])

    def test_says_when_more_are_found_than_are_sorted(self, signed_in, hana, monkeypatch):
        monkeypatch.setattr("ladder.pages.people.people.AT_MOST", 3)

        answer = signed_in(hana).get("/people/", {"q": "testing"})

        assert "More than 3 people found" in answer.content.decode()
        assert len(answer.context["page"].object_list) == 3

    def test_counts_somebody_new_at_once(self, signed_in, hana):
        client = signed_in(hana)
        before = client.get("/people/").context["page"].paginator.count
        Person.welcome(by=hana, email="new@testing.example", name="New")

        assert client.get("/people/").context["page"].paginator.count == before + 1


NEW = {"name": "Nia", "email": "Nia@Testing.example", "number": "E-1", "joined_on": "2026-01-05"}


class TestTakingIn:
    def test_leads_to_their_page(self, signed_in, hana):
        answer = signed_in(hana).post("/people/new/", NEW, follow=True)

        nia = Person.objects.get(email="nia@testing.example")
        assert answer.redirect_chain == [(f"/people/{nia.pk}/", 302)]
        assert (nia.number, nia.has_usable_password()) == ("E-1", False)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"email": "sam@testing.example"}, "email"),
            ({"email": "no address"}, "email"),
            ({"name": ""}, "name"),
            ({"joined_on": "soon"}, "joined_on"),
            ({"number": "E-0"}, "number"),
        ],
    )
    def test_is_refused_beside_the_field(self, signed_in, hana, sam, wrong, field):
        sam.describe(by=hana, number="E-0")

        answer = signed_in(hana).post("/people/new/", NEW | wrong)

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert not Person.objects.filter(name="Nia").exists()

    @pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto"])
    def test_is_for_hr(self, request, signed_in, name):
        client = signed_in(request.getfixturevalue(name))

        assert client.get("/people/new/").status_code == client.post("/people/new/", NEW).status_code == 404


class TestDescribing:
    def test_changes_what_is_said(self, signed_in, hana, sam):
        data = {"name": "Samira", "email": "samira@testing.example", "team": "Billing"}

        assert signed_in(hana).post(f"/people/{sam.pk}/description/", data).status_code == 302
        sam.refresh_from_db()
        assert (sam.name, sam.email, sam.team) == ("Samira", "samira@testing.example", "Billing")

    def test_begins_with_what_is_said_now(self, signed_in, hana, sam):
        assert signed_in(hana).get(f"/people/{sam.pk}/description/").context["form"].initial["name"] == "Sam"

    def test_is_refused_beside_the_field(self, signed_in, hana, sam, mara):
        answer = signed_in(hana).post(
            f"/people/{sam.pk}/description/", {"name": "Sam", "email": mara.email.upper()}
        )

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["email"]

    @pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude", "otto"])
    def test_is_for_hr(self, request, signed_in, sam, name):
        client = signed_in(request.getfixturevalue(name))
        address = f"/people/{sam.pk}/description/"

        assert client.get(address).status_code == client.post(address, {"name": "X"}).status_code == 404

    def test_pronouns_are_ones_own(self, signed_in, sam, mara, hana):
        address = f"/people/{sam.pk}/pronouns/"

        assert signed_in(sam).post(address, {"pronouns": "they/them"}).status_code == 302
        sam.refresh_from_db()
        assert sam.pronouns == "they/them"
        assert signed_in(sam).post(address, {"pronouns": "x" * 41}).status_code == 422
        for other in (mara, hana):
            assert signed_in(other).get(address).status_code == 404
            assert signed_in(other).post(address, {"pronouns": "it"}).status_code == 404


class TestThePage:
    def test_leads_up_the_line_by_name(self, signed_in, sam, mara, dora):
        of_self = signed_in(sam).get(f"/people/{sam.pk}/")
        of_manager = signed_in(dora).get(f"/people/{sam.pk}/")

        assert of_self.context["line"] == of_manager.context["line"] == [dora, mara]
        assert f'href="/people/{mara.pk}/"' not in of_self.content.decode()
        assert f'href="/people/{mara.pk}/"' in of_manager.content.decode()

    def test_tells_the_way_newest_first(self, signed_in, sam, noor, hana, levels, tracks):
        sam.report_to(noor, starts_on=today(), by=hana)
        sam.place(track=tracks.jvm, level=levels.staff, starts_on=today(), by=hana, reason="Promotion")

        years = signed_in(sam).get(f"/people/{sam.pk}/").context["years"]

        told = [(heading, [event.kind for event in events]) for heading, events in years]
        assert told == [(str(today().year), ["placed", "moved"]), ("2024", ["placed", "moved"])]

    def test_keeps_plans_from_everybody_but_hr(self, signed_in, sam, noor, mara, hana, levels, tracks):
        day = today() + timedelta(days=400)
        sam.report_to(noor, starts_on=day, by=hana)
        sam.place(track=tracks.jvm, level=levels.staff, starts_on=day, by=hana, reason="Unannounced")

        assert "Unannounced" in signed_in(hana).get(f"/people/{sam.pk}/").content.decode()
        for reader in (sam, mara):
            text = signed_in(reader).get(f"/people/{sam.pk}/").content.decode()
            assert "Unannounced" not in text
            assert "Noor" not in text
            assert str(day.year) not in text

    def test_shows_the_staff_number_to_hr(self, signed_in, sam, mara, hana):
        sam.describe(by=hana, number="E-4711")

        assert "E-4711" in signed_in(hana).get(f"/people/{sam.pk}/").content.decode()
        assert "E-4711" not in signed_in(mara).get(f"/people/{sam.pk}/").content.decode()

    def test_offers_hr_what_can_be_done(self, signed_in, hana, sam, gone, mara):
        deeds = ("line", "placement", "description", "roles", "leaving", "return")

        def offered(reader, person):
            text = signed_in(reader).get(f"/people/{person.pk}/").content.decode()
            return {deed for deed in deeds if f"/people/{person.pk}/{deed}/" in text}

        assert offered(hana, sam) == {"line", "placement", "description", "roles", "leaving"}
        assert offered(hana, gone) == {"description", "return"}
        assert offered(hana, hana) == {"description"}
        assert offered(mara, sam) == offered(sam, sam) == set()
