"""Founding committees and giving people a seat in them."""

import pytest

from competencies.promotions.models import Committee, PromotionCase, Proposal
from tests.conftest import HTMX, decide

from .conftest import words


def seats(committee):
    return [(seat.person.name, seat.chair) for seat in committee.seats.current()]


class TestList:
    def test_hr_founds_one(self, signed_in, hana):
        response = signed_in(hana).post("/committees/new/", {"name": "Autumn"})

        assert response.url == Committee.objects.get(name="Autumn").get_absolute_url()

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    @pytest.mark.parametrize("name", ["", "Platform"])
    def test_a_name_is_given_and_free(self, signed_in, committee, hana, headers, name):
        response = signed_in(hana).post("/committees/new/", {"name": name}, headers=headers)

        assert response.status_code == 422
        assert response.context["form"].errors.keys() == {"name"}

    @pytest.mark.parametrize("who", ["kit", "mara", "otto"])
    def test_nobody_else_founds(self, request, signed_in, who):
        client = signed_in(request.getfixturevalue(who))

        assert client.post("/committees/new/", {"name": "Ours"}).status_code == 404
        assert 'name="name"' not in words(client.get("/committees/"))

    def test_asking_founds_nothing(self, signed_in, hana):
        assert signed_in(hana).get("/committees/new/").status_code == 302

    def test_a_member_sees_what_waits_for_them(self, signed_in, hearing, kit, leo):
        assert "Waiting for your vote" in words(signed_in(kit).get("/committees/"))
        page = words(signed_in(leo).get("/committees/"))
        assert "You’re not on a committee" in page
        assert "Sam" not in page

    def test_what_is_over_goes_on_from_page_to_page(
        self, signed_in, full_case, kit, noor, mara, hana, levels, monkeypatch
    ):
        monkeypatch.setattr("ladder.pages.committees.committees.A_PAGE", 1)
        full_case.propose(by=mara)
        decide(full_case, "decline", by=hana)
        other = PromotionCase.nominate(kit, levels.staff, by=noor)
        Proposal.objects.create(case=other, by=noor)
        decide(other, "decline", by=hana, panel=("mara", "stella", "leo"))
        both = [words(signed_in(hana).get(f"/committees/?page={number}")) for number in (1, 2)]

        assert all(f"Page {number} of 2" in page for number, page in enumerate(both, 1))
        assert ("Sam, Senior" in both[0]) != ("Sam, Senior" in both[1])


class TestOne:
    def test_its_people_read_it_and_nobody_else(self, signed_in, committee, kit, hana, leo):
        for person in (kit, hana):
            assert signed_in(person).get(committee.get_absolute_url()).status_code == 200
        assert signed_in(leo).get(committee.get_absolute_url()).status_code == 404

    def test_hr_gives_a_seat(self, signed_in, committee, hana, leo):
        response = signed_in(hana).post(f"/committees/{committee.pk}/seats/", {"person": "Leo"})

        assert response.url == committee.get_absolute_url()
        assert ("Leo", False) in seats(committee)

    @pytest.mark.parametrize("person", ["Nobody", "Kit", ""])
    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_a_refusal_stands_beside_the_field(self, signed_in, committee, hana, person, headers):
        response = signed_in(hana).post(
            f"/committees/{committee.pk}/seats/", {"person": person}, headers=headers
        )

        assert response.status_code == 422
        assert response.context["seat_form"].errors.keys() == {"person"}

    def test_who_fits_is_offered_while_one_types(self, signed_in, committee, hana, kit):
        client = signed_in(hana)
        page = client.get(f"{committee.get_absolute_url()}?person=leo", headers=HTMX)
        assert "leo@testing.example" in words(page)
        assert "<html" not in words(page)
        page = signed_in(kit).get(f"{committee.get_absolute_url()}?person=leo", headers=HTMX)
        assert "leo@testing.example" not in words(page)

    def test_the_chair_passes_on_and_a_seat_ends(self, signed_in, committee, hana, kit, stella):
        client = signed_in(hana)
        assert client.post(f"/committees/{committee.pk}/seats/{kit.pk}/chair/").status_code == 302
        assert client.post(f"/committees/{committee.pk}/seats/{stella.pk}/removal/").status_code == 302

        assert seats(committee) == [("Kit", True), ("Mara", False), ("Noor", False)]
        assert client.post(f"/committees/{committee.pk}/seats/{stella.pk}/removal/").status_code == 404

    def test_it_is_called_otherwise(self, signed_in, committee, hana):
        client = signed_in(hana)
        assert client.post(f"/committees/{committee.pk}/name/", {"name": "Winter"}).status_code == 302
        assert client.post(f"/committees/{committee.pk}/name/", {"name": ""}).status_code == 422

        assert Committee.objects.get(pk=committee.pk).name == "Winter"

    @pytest.mark.parametrize("noun", ["seats", "name", "seats/{kit}/chair", "seats/{kit}/removal"])
    def test_members_and_strangers_change_nothing(self, signed_in, committee, kit, leo, hana, noun):
        address = f"/committees/{committee.pk}/{noun.format(kit=kit.pk)}/"
        for person in (kit, leo):
            assert signed_in(person).post(address, {"person": "Leo", "name": "x"}).status_code == 404
        assert signed_in(hana).get(address).status_code == 302
