"""Dated changes by HR: manager and level, from a day on, and called off before it."""

from datetime import timedelta

import pytest

from competencies.core.clock import today
from competencies.people.models import Person
from tests.conftest import HTMX


@pytest.fixture
def soon():
    return today() + timedelta(days=10)


@pytest.fixture
def hr(signed_in, hana):
    return signed_in(hana)


class TestTheManager:
    def test_is_changed_from_a_day_on(self, hr, sam, mara, noor, soon):
        answer = hr.post(f"/people/{sam.pk}/line/", {"manager": noor.email, "starts_on": soon}, follow=True)

        assert answer.redirect_chain == [(f"/people/{sam.pk}/", 302)]
        assert "Sam will report to Noor from" in answer.content.decode()
        assert (sam.manager_on(), sam.manager_on(soon)) == (mara, noor)

    @pytest.mark.parametrize("known_as", ["noor@testing.example", "NOOR@testing.example", "Noor", "E-9"])
    def test_is_known_by_email_name_or_number(self, hr, sam, noor, known_as):
        Person.objects.filter(pk=noor.pk).update(number="E-9")

        hr.post(f"/people/{sam.pk}/line/", {"manager": known_as, "starts_on": today()})

        assert sam.manager_on() == noor

    def test_may_be_chosen_of_those_offered(self, hr, sam, noor):
        data = {"manager": "no", "chosen": noor.email, "starts_on": today()}

        assert hr.post(f"/people/{sam.pk}/line/", data).status_code == 302
        assert sam.manager_on() == noor

    def test_whoever_fits_is_offered_beside_a_refusal(self, hr, sam, mara, noor):
        answer = hr.post(f"/people/{sam.pk}/line/", {"manager": "noo", "starts_on": today()})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Nobody here has exactly this" in page
        assert f'value="{noor.email}"' in page
        assert sam.manager_on() == mara

    def test_two_of_one_name_are_told_apart(self, hr, sam, mara, db):
        for number in range(2):
            Person.objects.create_user(f"kim{number}@testing.example", "Kim")

        answer = hr.post(f"/people/{sam.pk}/line/", {"manager": "Kim", "starts_on": today()})

        assert answer.status_code == 422
        assert "kim1@testing.example" in answer.content.decode()

    def test_is_looked_up_as_one_types(self, hr, sam, noor):
        answer = hr.get(f"/people/{sam.pk}/line/", {"manager": "noo"}, headers=HTMX)

        text = answer.content.decode()
        assert text.startswith('<div id="matches"')
        assert noor.email in text
        assert "<html" not in text

    @pytest.mark.parametrize("words", ["", "n", "\0", "nobody at all"])
    def test_nothing_is_offered_for_nothing(self, hr, sam, words):
        answer = hr.get(f"/people/{sam.pk}/line/", {"manager": words}, headers=HTMX)

        assert "radio" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("manager", "days", "field"),
        [
            ("stella", -9_000, "starts_on"),
            ("sam", 0, "manager"),
            ("gone", 0, "manager"),
            ("hana", "never", "starts_on"),
        ],
    )
    def test_a_refusal_stands_beside_its_field(self, hr, sam, mara, manager, days, field):
        day = today() + timedelta(days=days) if isinstance(days, int) else days
        data = {"manager": f"{manager}@testing.example", "starts_on": day}

        answer = hr.post(f"/people/{sam.pk}/line/", data)

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert sam.manager_on() == mara

    def test_a_circle_is_refused_beside_the_manager(self, hr, mara, sam):
        answer = hr.post(f"/people/{mara.pk}/line/", {"manager": sam.email, "starts_on": today()})

        assert "Sam is below Mara in the reporting line." in answer.context["form"].errors["manager"][0]

    def test_the_zone_is_named(self, hr, sam, settings):
        settings.TIME_ZONE = "Europe/Lisbon"

        assert "Europe/Lisbon" in hr.get(f"/people/{sam.pk}/line/").content.decode()


class TestTheLevel:
    def data(self, levels, tracks, day, **other):
        return {"level": levels.staff.pk, "track": tracks.java.pk, "starts_on": day} | other

    def test_is_changed_from_a_day_on(self, hr, sam, levels, tracks, soon):
        data = self.data(levels, tracks, soon, reason="Promotion")

        answer = hr.post(f"/people/{sam.pk}/placement/", data, follow=True)

        assert "Sam will be Staff, Java backend from" in answer.content.decode()
        assert sam.placement_on().level == levels.senior
        assert sam.placement_on(soon).level == levels.staff

    def test_begins_with_what_holds_today(self, hr, sam, levels, tracks):
        form = hr.get(f"/people/{sam.pk}/placement/").context["form"]

        assert (form.initial["level"], form.initial["track"]) == (levels.senior, tracks.java)

    def test_a_refusal_stands_beside_its_field(self, hr, sam, levels, tracks):
        answer = hr.post(f"/people/{sam.pk}/placement/", self.data(levels, tracks, "2020-01-01"))

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["starts_on"]

    def test_comes_from_the_ladder_in_force(self, hr, sam, levels, tracks):
        data = self.data(levels, tracks, today(), level=999_999)

        assert list(hr.post(f"/people/{sam.pk}/placement/", data).context["form"].errors) == ["level"]


class TestCallingOff:
    @pytest.fixture
    def planned(self, sam, noor, hana, levels, tracks, soon):
        line = sam.report_to(noor, starts_on=soon, by=hana)
        placement = sam.place(track=tracks.java, level=levels.staff, starts_on=soon, by=hana)
        return {"lines": line, "placements": placement}

    @pytest.mark.parametrize("kind", ["lines", "placements"])
    def test_what_holds_today_goes_on(self, hr, sam, mara, levels, planned, soon, kind):
        answer = hr.post(f"/{kind}/{planned[kind].pk}/withdrawal/")

        assert (answer.status_code, answer.url) == (302, f"/people/{sam.pk}/")
        assert not type(planned[kind]).objects.filter(pk=planned[kind].pk).exists()
        assert getattr(sam, kind).get().ends_on is None

    @pytest.mark.parametrize("kind", ["lines", "placements"])
    def test_the_page_offers_it_to_hr_alone(self, hr, signed_in, mara, sam, planned, kind):
        address = f"/{kind}/{planned[kind].pk}/withdrawal/"

        assert address in hr.get(f"/people/{sam.pk}/").content.decode()
        for reader in (mara, sam):
            assert address not in signed_in(reader).get(f"/people/{sam.pk}/").content.decode()

    @pytest.mark.parametrize("kind", ["lines", "placements"])
    def test_nobody_else_can(self, signed_in, request, planned, kind):
        address = f"/{kind}/{planned[kind].pk}/withdrawal/"

        for name in ("sam", "mara", "noor", "dora", "otto"):
            assert signed_in(request.getfixturevalue(name)).post(address).status_code == 404
        assert type(planned[kind]).objects.filter(pk=planned[kind].pk).exists()

    @pytest.mark.parametrize("kind", ["lines", "placements"])
    def test_is_no_page(self, hr, planned, kind):
        assert hr.get(f"/{kind}/{planned[kind].pk}/withdrawal/").status_code == 302

    def test_a_refusal_is_told(self, hr, leo, mara, dora, hana, soon):
        line = leo.report_to(dora, starts_on=soon, by=hana)
        mara.report_to(leo, starts_on=soon, by=hana)

        page = hr.post(f"/lines/{line.pk}/withdrawal/", follow=True).content.decode()

        assert "By then, Mara reports to Leo" in page
        assert leo.manager_on(soon) == dora


@pytest.mark.parametrize("page", ["line", "placement"])
@pytest.mark.parametrize("name", ["sam", "mara", "dora", "kit", "aude", "otto"])
def test_for_anybody_but_hr_there_is_no_such_page(signed_in, request, sam, page, name):
    client = signed_in(request.getfixturevalue(name))

    assert client.get(f"/people/{sam.pk}/{page}/").status_code == 404
    assert client.post(f"/people/{sam.pk}/{page}/", {}).status_code == 404


@pytest.mark.parametrize("page", ["line", "placement"])
def test_hr_does_not_change_their_own(hr, hana, page):
    assert hr.get(f"/people/{hana.pk}/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["line", "placement"])
def test_queries_do_not_grow_with_people(hr, sam, noor, page, django_assert_max_num_queries):
    address = f"/people/{sam.pk}/{page}/?manager=more"
    for number in range(9):
        Person.objects.create_user(f"more{number}@testing.example", f"More {number}")
    with django_assert_max_num_queries(20):
        hr.get(address)
