from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.evidence.models import Evidence


def test_an_empty_log_says_what_good_evidence_is(signed_in, sam):
    body = signed_in(sam).get("/evidence/").content.decode()

    assert "Good evidence is one piece of work in the past tense" in body
    assert f"/people/{sam.pk}/evidence/new/" in body


def test_months_are_counted_and_gaps_named(signed_in, evidence, sam):
    body = signed_in(sam).get("/evidence/").content.decode()

    assert body.count('class="spread__month"') == 12
    assert "months without evidence" in body
    for piece in evidence:
        assert piece.title in body


def test_narrowed_by_competency_and_kind(signed_in, evidence, competencies, sam):
    client = signed_in(sam)
    by_competency = client.get("/evidence/", {"competency": competencies[1].key}).content.decode()
    by_kind = client.get("/evidence/", {"kind": "incident"}).content.decode()
    by_nonsense = client.get("/evidence/", {"competency": "x", "kind": "y", "page": "z"}).content.decode()

    assert "Piece 2" in by_competency
    assert "Piece 1" not in by_competency
    assert "No evidence matches" in by_kind
    assert "Piece 1" in by_nonsense


def test_of_a_report(signed_in, evidence, sam, mara, dora, hana):
    manager = signed_in(mara).get(f"/people/{sam.pk}/evidence/").content.decode()
    assert "Piece 1" in manager
    assert "Add evidence" in manager
    for person in (dora, hana):
        body = signed_in(person).get(f"/people/{sam.pk}/evidence/").content.decode()
        assert "Piece 1" in body
        assert "Add evidence" not in body, "recorded by oneself and the manager"


@pytest.mark.parametrize("page", ["/evidence/", "/people/{pk}/evidence/"])
def test_a_long_log_costs_what_a_short_one_does(signed_in, evidence, competencies, sam, page):
    client, url = signed_in(sam), page.format(pk=sam.pk)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(45):
        Evidence.log(
            sam,
            by=sam,
            happened_on=timezone.localdate() - timedelta(days=number),
            title=f"More {number}",
            competencies=competencies[number % 12 : number % 12 + 3],
        )
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few) <= 15
