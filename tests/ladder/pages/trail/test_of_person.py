"""What a person is told of their own record: everything but the drafts of others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import now, standing_at
from competencies.trail.audit_reads import note
from competencies.trail.models import record


def url(person):
    return f"/people/{person.pk}/trail/"


def words(response):
    return [(line["first"].words, line["count"]) for day in response.context["days"] for line in day["lines"]]


@pytest.mark.parametrize(
    ("name", "status"),
    [("sam", 200), ("hana", 200), ("otto", 200), ("mara", 404), ("dora", 404), ("kit", 404)],
)
def test_it_is_for_oneself_hr_and_the_auditor(request, signed_in, sam, name, status):
    assert signed_in(request.getfixturevalue(name)).get(url(sam)).status_code == status


def test_it_says_who_opened_what_in_plain_sentences(signed_in, sam, mara, hana, revealed, evidence):
    signed_in(mara).get(f"/reviews/{revealed.pk}/")
    signed_in(hana).get(f"/evidence/{evidence[0].pk}/")

    response = signed_in(sam).get(url(sam))

    told = dict(words(response))
    assert told["Hana opened a piece of evidence"] == 1
    assert told["Mara opened the comparison of a review"] == 1
    assert told["You added a piece of evidence"] == 4
    page = response.content.decode()
    assert f'<a href="/evidence/{evidence[0].pk}/">Piece 1</a>' in page
    assert "Access history" in page


def test_a_draft_is_not_told_to_the_person_nor_to_hr(signed_in, sam, hana, otto, mara, full_case, of_manager):
    signed_in(mara).get(f"/cases/{full_case.pk}/")
    signed_in(mara).get(f"/cases/{full_case.pk}/packet/")
    signed_in(mara).get(f"/assessments/{of_manager.pk}/")

    for reader in (sam, hana):
        page = signed_in(reader).get(url(sam)).content.decode()
        assert "promotion" not in page.partition("What is recorded")[0], reader
        assert "assessment" not in page.partition("What is recorded")[0], reader
    assert "Mara started a promotion case" in signed_in(otto).get(url(sam)).content.decode()


@pytest.mark.parametrize(
    ("kind", "actions"),
    [
        ("opened", {"evidence.read"}),
        ("exported", {"packet.downloaded"}),
        ("printed", {"packet.typeset"}),
        ("account", {"token.issued"}),
        ("changed", {"thing.undreamt_of", "person.described"}),
    ],
)
def test_it_is_narrowed_by_kind(signed_in, sam, hana, kind, actions):
    for action in (
        "evidence.read",
        "packet.downloaded",
        "packet.typeset",
        "token.issued",
        "person.described",
        "thing.undreamt_of",
    ):
        record(action, sam, by=hana, about=sam)

    response = signed_in(sam).get(url(sam), {"kind": kind})

    told = {line["first"].entry.action for day in response.context["days"] for line in day["lines"]}
    assert actions <= told
    assert {line["first"].kind for day in response.context["days"] for line in day["lines"]} == {kind}


def test_a_kind_that_is_none_finds_nothing(signed_in, sam):
    assert signed_in(sam).get(url(sam), {"kind": "walrus"}).context["days"] == []


def test_it_is_narrowed_by_days_and_told_day_by_day(signed_in, sam, hana):
    for days in (2, 1):
        with standing_at(now() - timedelta(days=days)):
            record("person.described", sam, by=hana, about=sam)
    yesterday = (now() - timedelta(days=1)).date().isoformat()

    whole = signed_in(sam).get(url(sam), {"kind": "changed"})
    one = signed_in(sam).get(url(sam), {"since": yesterday, "until": yesterday})

    days = [day["day"] for day in whole.context["days"]]
    assert days == sorted(set(days), reverse=True)
    assert len(days) > 1
    assert [day["day"].isoformat() for day in one.context["days"]] == [yesterday]


def test_nothing_is_said_where_there_is_nothing(signed_in, sam):
    assert "No entries" in signed_in(sam).get(url(sam), {"kind": "exported"}).content.decode()


def test_a_day_that_is_none_is_said_beside_the_field(signed_in, sam):
    assert signed_in(sam).get(url(sam), {"since": "x"}).context["form"].errors["since"]


def test_queries_do_not_grow_with_the_record(signed_in, sam, hana, evidence):
    client = signed_in(sam)
    note("evidence.read_evidence", evidence[:1], by=hana)
    client.get(url(sam))
    with CaptureQueriesContext(connection) as few:
        client.get(url(sam))
    for number in range(60):
        record("evidence.rewritten", evidence[number % 4], by=hana, about=sam)
    with CaptureQueriesContext(connection) as many:
        client.get(url(sam))

    assert len(many) == len(few) <= 14


def test_it_is_leafed_through(signed_in, sam, hana):
    for _number in range(130):
        record("person.described", sam, by=hana, about=sam)
    client = signed_in(sam)
    first = client.get(url(sam))
    second = client.get(url(sam), {"before": first.context["stretch"].older})

    assert words(first) == [("Hana changed personal details, such as name, email or team", 100)]
    assert words(second)[0] == ("Hana changed personal details, such as name, email or team", 30)
