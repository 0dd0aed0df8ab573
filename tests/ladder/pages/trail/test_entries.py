from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import standing_at
from competencies.trail.models import Entry, record

URL = "/trail/"


def found(response):
    return [one.entry.action for one in response.context["described"]]


@pytest.mark.parametrize("name", ["otto", "hana"])
def test_hr_and_the_auditor_read_it(request, signed_in, name, cycle):
    response = signed_in(request.getfixturevalue(name)).get(URL)

    assert "created a review cycle" in response.content.decode()


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "aude"])
def test_for_anyone_else_it_is_missing(request, signed_in, name):
    assert signed_in(request.getfixturevalue(name)).get(URL).status_code == 404


def test_the_draft_of_somebody_is_between_them_and_the_auditor(signed_in, case, hana, otto):
    assert "case.opened" in found(signed_in(otto).get(URL))
    assert "case.opened" not in found(signed_in(hana).get(URL))


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"action": "cycle.opened"}, {"cycle.opened"}),
        ({"about": "sam", "action": "review.opened"}, {"review.opened"}),
        ({"actor": "hana", "action": "review.opened"}, {"review.opened"}),
        ({"actor": "sam"}, set()),
        ({"actor": "nobody at all"}, set()),
        ({"actor": "#999999999999999999999"}, set()),
        ({"record": "cycle 1", "action": "review.opened"}, set()),
        ({"until": "2001-01-01"}, set()),
        ({"since": "2001-01-01", "action": "cycle.prepared"}, {"cycle.prepared"}),
    ],
)
def test_it_is_found_by_person_action_record_and_day(signed_in, otto, cycle, query, actions):
    assert set(found(signed_in(otto).get(URL, query))) == actions


@pytest.mark.parametrize("query", [{"until": "9999-12-31"}, {"since": "0001-01-01"}])
def test_a_day_at_the_ends_of_the_calendar_is_a_slip(signed_in, otto, sam, cycle, query):
    browser = signed_in(otto)

    assert browser.get(URL, query).context["form"].errors
    assert browser.get(f"/people/{sam.pk}/trail/", query).status_code == 200
    assert browser.get("/trail/entries.csv", query).status_code == 302


def test_who_did_it_and_whom_it_is_about_are_told_apart(signed_in, otto, sam, mara, stella):
    record("person.described", stella, by=mara, about=stella)
    client = signed_in(otto)

    assert found(client.get(URL, {"actor": f"#{mara.pk}"})) == ["person.described"]
    assert found(client.get(URL, {"actor": "mara", "about": "stella"})) == ["person.described"]
    assert found(client.get(URL, {"actor": "stella", "action": "person.described"})) == []


def test_a_record_is_found_by_its_kind_and_number(signed_in, otto, review):
    asked = {"record": f"review {review.pk}"}
    whole = {"record": f"reviews.review {review.pk}"}

    assert (
        found(signed_in(otto).get(URL, asked)) == found(signed_in(otto).get(URL, whole)) == ["review.opened"]
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("since", "yesterday"),
        ("action", "thing.done"),
        ("record", "review"),
        ("record", "walrus 7"),
        ("actor", "testing"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field_and_finds_nothing(
    signed_in, otto, django_user_model, field, value
):
    for number in range(21):
        django_user_model.objects.create_user(f"more{number}@testing.example", f"More {number}")

    response = signed_in(otto).get(URL, {field: value})

    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert found(response) == []


def test_days_begin_and_end_in_the_readers_zone(signed_in, otto, sam, mara, settings):
    settings.TIME_ZONE = "Pacific/Auckland"  # 13 hours ahead in January
    for hour in (10, 12):
        with standing_at(datetime(2031, 1, 5, hour, tzinfo=UTC)):
            record("person.described", sam, by=mara, about=sam)
    client = signed_in(otto)

    assert len(found(client.get(URL, {"since": "2031-01-06"}))) == 1
    assert len(found(client.get(URL, {"since": "2031-01-05", "until": "2031-01-05"}))) == 1
    assert len(found(client.get(URL, {"since": "2031-01-05", "until": "2031-01-06"}))) == 2


def test_it_is_leafed_through_in_both_directions(signed_in, otto, sam, mara):
    written = {record("person.described", sam, by=mara, about=sam, n=n).pk for n in range(120)}
    client, asked = signed_in(otto), {"actor": f"#{mara.pk}"}
    pages = [client.get(URL, asked)]
    while older := pages[-1].context["stretch"].older:
        pages.append(client.get(URL, asked | {"before": older}))

    seen = [one.entry.pk for page in pages for one in page.context["described"]]
    assert seen == sorted(written, reverse=True)
    back = client.get(URL, asked | {"after": pages[2].context["stretch"].newer})
    assert [one.entry.pk for one in back.context["described"]] == seen[50:100]
    first = client.get(URL, asked | {"after": back.context["stretch"].newer})
    assert [one.entry.pk for one in first.context["described"]] == seen[:50]
    assert first.context["stretch"].newer is None
    assert "Older" in pages[0].content.decode()
    assert "Newer" not in pages[0].content.decode()


@pytest.mark.parametrize("place", ["", "x", "-1", "0", "9" * 18, "9" * 30])
def test_a_place_that_is_none_is_the_beginning(signed_in, otto, cycle, place):
    client = signed_in(otto)

    assert found(client.get(URL, {"before": place})) == found(client.get(URL))


def test_what_was_done_in_one_instant_is_not_told_twice_nor_left_out(signed_in, otto, sam, mara):
    with standing_at(datetime(2031, 1, 5, 10, tzinfo=UTC)):
        written = [record("person.described", sam, by=mara, about=sam).pk for _n in range(60)]
    client = signed_in(otto)
    first = client.get(URL, {"about": "sam"})
    second = client.get(URL, {"about": "sam", "before": first.context["stretch"].older})

    seen = [one.entry.pk for page in (first, second) for one in page.context["described"]]
    assert seen[:60] == written[::-1]
    assert len(seen) == len(set(seen))


def test_a_record_is_named_for_those_who_may_open_it(signed_in, hana, otto, evidence):
    assert "Piece 1" in signed_in(hana).get(URL, {"action": "evidence.logged"}).content.decode()
    assert "Piece 1" not in signed_in(otto).get(URL, {"action": "evidence.logged"}).content.decode()


def test_what_an_entry_holds_is_shown_as_text(signed_in, otto, sam, mara):
    record("person.described", sam, by=mara, about=sam, fields=["<script>"])

    page = signed_in(otto).get(URL).content.decode()

    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_the_times_name_the_zone_they_are_in(signed_in, otto, cycle, settings):
    settings.TIME_ZONE = "Europe/Berlin"

    assert "Time (Europe/Berlin)" in signed_in(otto).get(URL).content.decode()


def test_the_menu_leads_there(signed_in, hana, otto, sam):
    for reader, leads in ((hana, True), (otto, True), (sam, False)):
        assert ('href="/trail/"' in signed_in(reader).get("/").content.decode()) is leads


def test_queries_do_not_grow_with_the_trail(signed_in, hana, otto, sam, mara, cycle, evidence):
    for reader in (hana, otto):
        client = signed_in(reader)
        client.get(URL)
        with CaptureQueriesContext(connection) as few:
            client.get(URL)
        for number in range(40):
            record("person.described", sam, by=mara, about=sam)
            record("evidence.rewritten", evidence[number % 4], by=mara, about=sam)
        with CaptureQueriesContext(connection) as many:
            client.get(URL)

        assert len(many) <= len(few) <= 18
    assert Entry.objects.count() > 160


def test_looking_at_it_writes_nothing(signed_in, otto, cycle):
    client, before = signed_in(otto), Entry.objects.count()
    client.get(URL)

    assert Entry.objects.count() == before


def test_the_shortcuts_keep_what_was_asked(signed_in, otto, cycle):
    spans = signed_in(otto).get(URL, {"about": "sam", "before": "3"}).context["spans"]

    assert all("about=sam" in span["query"] and "since=" in span["query"] for span in spans)
    assert not any("before" in span["query"] for span in spans)
