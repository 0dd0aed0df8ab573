"""Proposing and withdrawing a case in the browser."""

import pytest

from competencies.promotions.models import Committee, Hearing, PromotionCase

HTMX = {"HX-Request": "true"}


def words(response):
    return " ".join(response.content.decode().split())


def state(case):
    return PromotionCase.objects.get(pk=case.pk).state


@pytest.fixture
def count_queries(django_assert_max_num_queries):
    """A function that opens a page twice and returns how many queries the second time takes."""

    def count(client, address):
        client.get(address)
        with django_assert_max_num_queries(500) as taken:
            assert client.get(address).status_code == 200
        return len(taken)

    return count


@pytest.fixture
def proposed(full_case, mara):
    full_case.propose(by=mara)
    return full_case


def test_a_complete_case_is_proposed(signed_in, full_case, mara):
    response = signed_in(mara).post(f"/cases/{full_case.pk}/proposal/")

    assert response.url == f"/cases/{full_case.pk}/"
    assert state(full_case) == "proposed"


def test_before_it_is_proposed_it_is_looked_over(signed_in, full_case, mara, competencies):
    page = words(signed_in(mara).get(f"/cases/{full_case.pk}/proposal/"))

    assert "nobody can change the text, not even you" in page
    assert "Sam, HR and the managers above you can read all of it" in page
    assert "A strong case has three to five stories." in page
    assert "15 of 15 competencies at Staff level" in page
    assert "No impact story shows it" in page
    assert "Propose case" in page
    assert state(full_case) == "draft"


def test_what_is_missing_stands_in_the_place_of_the_button(signed_in, case, mara):
    page = words(signed_in(mara).get(f"/cases/{case.pk}/proposal/"))

    assert f'<a href="/cases/{case.pk}/#stories">There is no impact story.</a>' in page
    assert "Propose case" not in page


def test_the_look_over_takes_as_many_queries_for_a_full_case(signed_in, full_case, mara, count_queries):
    client, address = signed_in(mara), f"/cases/{full_case.pk}/proposal/"
    few = count_queries(client, address)
    for title in ("Second", "Third", "Fourth"):
        full_case.tell(by=mara, title=title)

    assert count_queries(client, address) == few <= 26


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


@pytest.mark.parametrize("ask", ["get", "post"])
def test_who_withdrew_a_case_is_told_so_and_others_are_not(signed_in, proposed, mara, sam, kit, ask):
    address = f"/cases/{proposed.pk}/withdrawal/"
    proposed.withdraw(by=mara, reason="Next year.")

    again = getattr(signed_in(mara), ask)(address, follow=True)

    assert again.redirect_chain == [(f"/cases/{proposed.pk}/", 302)]
    assert "You have already withdrawn this case." in words(again)
    for person in (sam, kit):
        assert getattr(signed_in(person), ask)(address).status_code == 404


def test_a_reason_without_end_is_refused(signed_in, case, mara):
    response = signed_in(mara).post(f"/cases/{case.pk}/withdrawal/", {"reason": "x" * 3_000})

    assert response.status_code == 422
    assert state(case) == "draft"


def test_before_it_is_withdrawn_it_is_said_what_that_closes(signed_in, full_case, mara, sam):
    address = f"/cases/{full_case.pk}/withdrawal/"
    page = words(signed_in(mara).get(address))
    assert "You can’t undo this." in page
    assert "Nobody else will have seen it." in page

    full_case.propose(by=mara)

    page = words(signed_in(sam).get(address))
    assert "Everyone who can read the case sees that you withdrew it, and why." in page
    assert "No committee will hear the case." in page
    assert state(full_case) == "proposed"


def test_a_committee_that_votes_is_told_of(signed_in, proposed, mara, hana, noor, kit, stella):
    committee = Committee.found("Platform", by=hana)
    for person in (noor, kit, stella):
        committee.seat(person, by=hana, chair=person == noor)
    Hearing.empanel(proposed, committee, by=hana)

    assert "Voting stops." in words(signed_in(mara).get(f"/cases/{proposed.pk}/withdrawal/"))


@pytest.mark.parametrize("ask", ["get", "post"])
def test_who_proposed_a_case_is_told_so_and_others_are_not(signed_in, proposed, mara, sam, hana, kit, ask):
    address = f"/cases/{proposed.pk}/proposal/"

    again = getattr(signed_in(mara), ask)(address, follow=True)

    assert again.redirect_chain == [(f"/cases/{proposed.pk}/", 302)]
    assert "You have already proposed this case." in words(again)
    for person in (sam, hana, kit):
        assert getattr(signed_in(person), ask)(address).status_code == 404
