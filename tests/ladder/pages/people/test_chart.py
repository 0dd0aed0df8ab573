"""The org chart: one person in focus, in a number of queries that does not depend on who is below."""

from datetime import date

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import today
from competencies.people.models import Person, Placement, ReportingLine
from competencies.people.models.reporting_closure import relink_everyone
from tests.conftest import HTMX

SINCE = date(2024, 1, 1)


def names(nodes):
    return [node["person"].name for node in nodes]


def test_it_begins_around_oneself(signed_in, mara):
    page = signed_in(mara).get("/people/chart/").context

    assert names(page["line"]) == ["Dora"]
    assert page["focus"]["person"] == mara
    assert names(page["reports"]) == ["Leo", "Sam", "Stella"]
    assert (page["focus"]["reports"], page["focus"]["heads"]) == (3, 3)
    assert [(level.key, number) for level, number in page["levels"]] == [
        ("senior", 1),
        ("staff", 1),
        ("lead", 1),
    ]


def test_numbers_and_levels_are_of_those_one_may_read(signed_in, sam, mara):
    page = signed_in(sam).get(f"/people/chart/{mara.pk}/")

    assert names(page.context["line"]) == ["Dora"]
    assert names(page.context["reports"]) == ["Leo", "Sam", "Stella"]
    assert page.context["levels"] == []
    assert page.context["focus"]["reports"] == page.context["focus"]["heads"] == 0
    placed = {node["person"].name for node in page.context["reports"] if node["placement"]}
    assert placed == {"Sam"}
    assert "Staff</span>" not in page.content.decode()


def test_further_up_an_engineer_sees_their_own_line_alone(signed_in, sam, dora):
    page = signed_in(sam).get(f"/people/chart/{dora.pk}/").context

    assert names(page["reports"]) == ["Mara"]


def test_names_are_links_where_the_page_may_be_opened(signed_in, sam, stella, mara):
    text = signed_in(sam).get(f"/people/chart/{mara.pk}/").content.decode()

    assert f'href="/people/{sam.pk}/"' in text
    assert f'href="/people/{stella.pk}/"' not in text


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("sam", "mara dora stella leo"),
        ("noor", "kit dora mara hana aude"),
        ("hana", "sam mara dora stella leo noor kit aude otto gone"),
        ("otto", "otto"),
    ],
)
def test_who_is_in_focus_for_whom(signed_in, request, name, seen):
    client = signed_in(request.getfixturevalue(name))
    everybody = ("sam", "mara", "dora", "stella", "leo", "noor", "kit", "hana", "aude", "otto", "gone")
    people = {who: request.getfixturevalue(who) for who in everybody}
    asked = {who: client.get(f"/people/chart/{person.pk}/").status_code for who, person in people.items()}

    assert {who for who, status in asked.items() if status == 200} == {*seen.split(), name}
    assert set(asked.values()) <= {200, 404}


def test_somebody_outside_the_line_is_told_so(signed_in, otto):
    assert "no one reports to you" in signed_in(otto).get("/people/chart/").content.decode()


def test_a_branch_is_unfolded_in_place(signed_in, dora, mara):
    text = signed_in(dora).get(f"/people/chart/{mara.pk}/", headers=HTMX).content.decode()

    assert text.startswith('<ol class="tree__branch">')
    assert "Stella" in text
    assert "<html" not in text


def test_without_javascript_a_branch_leads_to_its_page(signed_in, dora, mara):
    text = signed_in(dora).get("/people/chart/").content.decode()

    assert f'<a href="/people/chart/{mara.pk}/">The reports of Mara</a>' in text


def test_a_move_shows_at_once(signed_in, dora, noor, kit, mara, hana):
    client = signed_in(dora)
    client.get("/people/chart/")

    kit.report_to(mara, starts_on=today(), by=hana)

    heads = {node["person"].name: node["heads"] for node in client.get("/people/chart/").context["reports"]}
    assert (heads["Mara"], heads["Noor"]) == (4, 0)


def test_whoever_left_is_not_drawn(signed_in, mara, sam, hana):
    sam.leave(on=today(), by=hana)

    assert names(signed_in(mara).get("/people/chart/").context["reports"]) == ["Leo", "Stella"]


def test_the_chart_is_read_only(signed_in, mara):
    client = signed_in(mara)

    assert client.post("/people/chart/").status_code == 405
    assert client.post(f"/people/chart/{mara.pk}/").status_code == 405


def grow(manager, wide, level, track, *, deep=0):
    """Put `wide` more people under `manager`, or `deep` more in lines of ten below one who is there."""
    already = Person.objects.count()
    people = Person.objects.bulk_create(
        Person(email=f"g{n}@grown.example", name=f"G {n:05d}") for n in range(already, already + wide + deep)
    )
    head = Person.objects.filter(name__startswith="G ").first()
    above = [manager] * wide + [people[n - 1] if n % 10 else head for n in range(deep)]
    ReportingLine.objects.bulk_create(
        ReportingLine(person=person, manager=upper, starts_on=SINCE)
        for person, upper in zip(people, above, strict=True)
    )
    Placement.objects.bulk_create(
        Placement(person=person, level=level, track=track, starts_on=SINCE) for person in people
    )
    relink_everyone()


@pytest.mark.parametrize("name", ["mara", "hana", "dora"])
def test_the_page_of_a_director_takes_a_constant_number_of_queries(
    signed_in, request, mara, levels, tracks, name
):
    """At 5 reports and at 500, and with 5,000 below in lines of ten."""
    client = signed_in(request.getfixturevalue(name))
    counts, sizes = [], []
    for more, deep in ((2, 0), (495, 0), (0, 4_500)):
        grow(mara, more, levels.senior, tracks.java, deep=deep)
        for headers in ({}, HTMX):
            caches["process"].clear()
            with CaptureQueriesContext(connection) as queries:
                page = client.get(f"/people/chart/{mara.pk}/", headers=headers)
            counts.append((bool(headers), len(queries)))
        sizes.append((page.context["page"].paginator.count, page.context["focus"]["heads"]))

    assert len(set(counts)) == 2, counts
    assert max(number for _htmx, number in counts) <= 22
    assert sizes == [(5, 5), (500, 500), (500, 5_000)]


def test_reports_are_paged(signed_in, mara, levels, tracks):
    grow(mara, 60, levels.senior, tracks.java)
    client = signed_in(mara)

    first, second = (client.get("/people/chart/", {"page": number}).context for number in (1, 2))

    assert len(first["reports"]) == 50
    assert names(second["reports"])[-3:] == ["Leo", "Sam", "Stella"]
    assert first["focus"]["reports"] == 63
