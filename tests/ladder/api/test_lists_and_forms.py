"""Parameters, pages, forms of answers and OPTIONS: the same at every address."""

from datetime import timedelta
from itertools import chain

import pytest
from django.utils import timezone

from competencies.evidence.models import Evidence
from competencies.people.models import Person
from tests.ladder.api.routes import fill, routes
from tests.ladder.api.speaking import told

ALL = [route for route in routes() if route.startswith("/api/v1/")]
LISTS = [route for route in ALL if "<" not in route and route not in ("/api/v1/me/", "/api/v1/trail/")]


@pytest.mark.parametrize("route", ALL)
def test_an_unknown_parameter_is_refused_by_name(holding, hana, ids, route):
    answer = holding(hana).get(f"{fill(route, ids)}?persn=1&format=json")
    if answer.status_code == 405:  # nobody reads it: the method is refused first
        return
    refused = told(answer, 400, "invalid")

    assert refused["errors"].keys() == {"persn", "format"}


@pytest.mark.parametrize("route", LISTS)
def test_a_list_knows_its_own_parameters(holding, hana, route):
    assert holding(hana).get(f"{route}?page=1&page_size=2").status_code == 200


def walked(api, address, *, by="next", meanwhile=lambda: None):
    """Follow the links of a list from one page to the next; return the pages, as ids."""
    pages = []
    while address:
        body = api.get(address).json()
        pages.append([row["id"] for row in body["results"]])
        address = body[by] and body[by].removeprefix("http://testserver")
        meanwhile()
    return pages


@pytest.mark.parametrize("route", LISTS)
def test_whoever_follows_the_links_meets_each_row_once_there_and_back(holding, hana, ids, evidence, route):
    api = holding(hana)
    whole = [row["id"] for row in api.get(f"{route}?page_size=200").json()["results"]]

    there = walked(api, f"{route}?page_size=2")
    last = api.get(f"{route}?page_size=2&page={len(there)}").json() if whole else {"previous": None}
    back = walked(api, last["previous"] and last["previous"].removeprefix("http://testserver"), by="previous")

    assert list(chain(*there)) == whole
    assert list(chain(*reversed(back))) == whole[: 2 * (len(there) - 1)]


def test_a_list_repeats_no_row_while_it_grows(holding, sam, evidence, competencies):
    """What is added stands before, between and after what was read; `?page=` shows what it would move."""
    api, today = holding(sam), timezone.localdate()

    def grow():
        for days in (0, 50, 400):
            day = today - timedelta(days=days)
            Evidence.log(sam, by=sam, happened_on=day, title="New", competencies=competencies[:1])

    times = iter(range(4))
    pages = walked(api, "evidence/?page_size=1", meanwhile=lambda: next(times, None) is not None and grow())

    met = list(chain(*pages))
    assert len(met) == len(set(met))
    assert {piece.pk for piece in evidence} <= set(met)


def test_people_who_join_move_nobody(holding, hana):
    api, names = holding(hana), iter(["aaa", "abb", "mmm", "sab", "zzz"])
    there = set(Person.objects.values_list("pk", flat=True))

    def join():
        if name := next(names, None):
            Person.objects.create_user(f"{name}@testing.example", name)

    met = list(chain(*walked(api, "people/?page_size=3", meanwhile=join)))

    assert len(met) == len(set(met))
    assert there <= set(met)


@pytest.mark.parametrize(
    "query", ["after=x", "before=", "after=a:b:c", "page=1&after=x", "after=x&before=y", "after=%00"]
)
def test_a_place_that_was_not_given_is_refused(holding, sam, query):
    told(holding(sam).get(f"evidence/?{query}"), 400, "invalid")


def test_a_place_in_another_list_is_refused(holding, hana):
    cursor = holding(hana).get("people/?page_size=1").json()["next"].partition("after=")[2].partition("&")[0]

    told(holding(hana).get(f"evidence/?after={cursor}"), 400, "invalid")


@pytest.mark.parametrize(
    "accept", ["application/problem+json", "text/html;q=0.1, application/problem+json;q=0.9"]
)
def test_whoever_reads_problems_alone_is_answered(holding, sam, accept):
    api = holding(sam)
    found, missing = api.get("me/", Accept=accept), api.get("evidence/999999/", Accept=accept)

    assert (found.status_code, found.headers["Content-Type"]) == (200, "application/json")
    told(missing, 404, "not-found")


def test_another_form_is_not_made(holding, sam):
    told(holding(sam).get("me/", Accept="text/csv"), 406, "not-acceptable")


@pytest.mark.parametrize("route", ALL)
def test_options_tells_the_methods(holding, sam, ids, route):
    response = holding(sam, scope="read").ask("options", fill(route, ids))

    assert response.status_code == 200
    assert response.json()["methods"] == [name.strip() for name in response.headers["Allow"].split(",")]
    assert "OPTIONS" in response.json()["methods"]


def test_options_is_not_for_strangers(nobody):
    told(nobody.ask("options", "evidence/"), 401, "not-authenticated")
