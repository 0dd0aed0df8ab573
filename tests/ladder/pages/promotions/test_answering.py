"""Proposing and withdrawing a case in the browser."""

import pytest

from competencies.promotions.models import PromotionCase

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
    assert "You can’t propose the case yet" in words(response)
    assert "No evidence is chosen." in words(response)
    assert state(case) == "draft"


def test_a_case_is_withdrawn_with_its_reason(signed_in, proposed, mara):
    response = signed_in(mara).post(f"/cases/{proposed.pk}/withdrawal/", {"reason": "Next year."})

    assert response.url == f"/cases/{proposed.pk}/"
    assert "Next year." in words(signed_in(mara).get(response.url))
    again = signed_in(mara).post(f"/cases/{proposed.pk}/withdrawal/", follow=True)
    assert again.redirect_chain == [(response.url, 302)]
    assert "You have already withdrawn this case." in words(again)


def test_a_reason_without_end_is_refused(signed_in, case, mara):
    response = signed_in(mara).post(f"/cases/{case.pk}/withdrawal/", {"reason": "x" * 3_000})

    assert response.status_code == 422
    assert state(case) == "draft"


@pytest.mark.parametrize("ask", ["get", "post"])
def test_who_proposed_a_case_is_told_so_and_others_are_not(signed_in, proposed, mara, sam, kit, ask):
    address = f"/cases/{proposed.pk}/proposal/"

    again = getattr(signed_in(mara), ask)(address, follow=True)

    assert again.redirect_chain == [(f"/cases/{proposed.pk}/", 302)]
    assert "You have already proposed this case." in words(again)
    assert getattr(signed_in(sam), ask)(address).status_code == (302 if ask == "get" else 404)
    assert getattr(signed_in(kit), ask)(address).status_code == 404


@pytest.mark.parametrize("noun", ["proposal", "withdrawal"])
def test_reading_is_no_answer(signed_in, proposed, mara, hana, noun):
    for person in (mara, hana):
        assert signed_in(person).get(f"/cases/{proposed.pk}/{noun}/").status_code == 302
