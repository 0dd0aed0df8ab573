"""Proposing, withdrawing and deciding a case in the browser."""

from datetime import timedelta

import pytest

from competencies.access.clock import today
from competencies.promotions.models import Decision, PromotionCase

HTMX = {"HX-Request": "true"}


def words(response):
    return " ".join(response.content.decode().split())


def state(case):
    return PromotionCase.objects.get(pk=case.pk).state


@pytest.fixture
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


def test_a_complete_case_is_proposed(signed_in, full_case, mara):
    response = signed_in(mara).post(f"/cases/{full_case.pk}/proposal/")

    assert response.url == f"/cases/{full_case.pk}/"
    assert state(full_case) == "proposed"


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_an_incomplete_case_is_refused_with_what_is_missing(signed_in, case, mara, headers):
    response = signed_in(mara).post(f"/cases/{case.pk}/proposal/", headers=headers)

    assert response.status_code == 422
    assert "Not proposed yet" in words(response)
    assert "No evidence is chosen." in words(response)
    assert state(case) == "draft"


def test_a_case_is_withdrawn_with_its_reason(signed_in, proposed, mara):
    response = signed_in(mara).post(f"/cases/{proposed.pk}/withdrawal/", {"reason": "Next year."})

    assert response.url == f"/cases/{proposed.pk}/"
    assert "Next year." in words(signed_in(mara).get(response.url))
    assert signed_in(mara).post(f"/cases/{proposed.pk}/withdrawal/").status_code == 404


def test_a_reason_without_end_is_refused(signed_in, case, mara):
    response = signed_in(mara).post(f"/cases/{case.pk}/withdrawal/", {"reason": "x" * 3_000})

    assert response.status_code == 422
    assert state(case) == "draft"


def test_hr_records_a_promotion(signed_in, proposed, hana, sam, levels):
    day = today() + timedelta(days=30)
    response = signed_in(hana).post(
        f"/cases/{proposed.pk}/decision/",
        {"outcome": "promote", "rationale": "Shown for a year.", "effective_on": day.isoformat()},
    )

    assert response.url == f"/cases/{proposed.pk}/"
    assert sam.placement_on(day).level == levels.staff
    assert "Promoted" in words(signed_in(hana).get(response.url))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"rationale": "x"}, "outcome"),
        ({"outcome": "promote"}, "rationale"),
        ({"outcome": "promote", "rationale": "  "}, "rationale"),
        ({"outcome": "promote", "rationale": "x", "effective_on": "2000-01-01"}, "effective_on"),
        ({"outcome": "not-yet", "rationale": "x"}, "look_again_on"),
        ({"outcome": "not-yet", "rationale": "x", "look_again_on": "2000-01-01"}, "look_again_on"),
        ({"outcome": "not-yet", "rationale": "x", "look_again_on": "soon"}, "look_again_on"),
        ({"outcome": "perhaps", "rationale": "x"}, "outcome"),
        ({"outcome": "decline", "rationale": "x" * 20_001}, "rationale"),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(
    signed_in, proposed, hana, data, field, headers
):
    sent = {"feedback": "Typed with care.", **data}
    response = signed_in(hana).post(f"/cases/{proposed.pk}/decision/", sent, headers=headers)

    assert response.status_code == 422
    assert list(response.context["decision_form"].errors) == [field]
    assert "Typed with care." in words(response)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["mara", "sam", "dora", "noor", "otto"])
def test_nobody_else_decides(request, signed_in, proposed, who):
    client = signed_in(request.getfixturevalue(who))

    assert (
        client.post(f"/cases/{proposed.pk}/decision/", {"outcome": "promote", "rationale": "x"}).status_code
        == 404
    )
    assert 'name="outcome"' not in words(client.get(f"/cases/{proposed.pk}/"))


@pytest.mark.parametrize("noun", ["proposal", "withdrawal", "decision"])
def test_reading_is_no_answer(signed_in, proposed, mara, hana, noun):
    for person in (mara, hana):
        assert signed_in(person).get(f"/cases/{proposed.pk}/{noun}/").status_code == 405
