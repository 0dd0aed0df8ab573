import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.access.clock import today
from competencies.evidence.models import Evidence
from competencies.people.models import Person, ReportingLine

ENTITLED = ("sam", "mara", "dora", "hana")
STRANGERS = ("noor", "kit", "stella", "otto", "aude")


@pytest.mark.parametrize(("name", "status"), [*((n, 200) for n in ENTITLED), *((n, 404) for n in STRANGERS)])
def test_who_may_open_sams_page(request, signed_in, sam, name, status):
    assert signed_in(request.getfixturevalue(name)).get(f"/people/{sam.pk}/").status_code == status


def test_refused_looks_like_missing(signed_in, kit, sam):
    client = signed_in(kit)
    refused, missing = (client.get(url).content.decode() for url in (f"/people/{sam.pk}/", "/people/999999/"))

    of_the_request = re.compile(r"(X-CSRFToken\": \"|csrfmiddlewaretoken\" value=\")\w+|/people/\d+/")
    assert of_the_request.sub("", refused) == of_the_request.sub("", missing)


def test_the_directory_is_for_hr(signed_in, hana, mara, sam):
    assert "Stella" in signed_in(hana).get("/people/").content.decode()
    assert signed_in(mara).get("/people/").status_code == 404
    assert signed_in(sam).get("/people/").status_code == 404


def test_the_directory_finds_by_any_word(signed_in, hana):
    page = signed_in(hana).get("/people/", {"q": "stel testing.example"}).context["page"]

    assert [person.name for person in page] == ["Stella"]


def test_the_team_is_who_reports_today(signed_in, mara, noor):
    names = [member.person.name for member in signed_in(mara).get("/team/").context["members"]]

    assert names == ["Leo", "Sam", "Stella"]
    assert [member.person.name for member in signed_in(noor).get("/team/").context["members"]] == ["Kit"]


def test_the_team_shows_no_rating_before_the_reveal(signed_in, of_manager, answer_all, points, mara):
    answer_all(of_manager, points.role_model).submit(by=mara)

    assert not signed_in(mara).get("/team/").context["any_rated"]


def test_the_heat_map_shows_the_revealed_manager_ratings(signed_in, revealed, mara):
    heat = signed_in(mara).get("/team/").context["heat"]
    of_sam = next(row for row in heat if row["member"].person.name == "Sam")

    assert {rating.point.key for rating in of_sam["cells"]} == {"developing"}


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
    full_case.decide("promote", by=hana, rationale="Shown for a year.")

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
