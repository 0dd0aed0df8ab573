from datetime import timedelta

import pytest

from competencies.core.clock import today
from competencies.people.models import Person


@pytest.fixture
def hr(signed_in, hana):
    return signed_in(hana)


def again(person):
    return Person.objects.get(pk=person.pk)


def test_the_page_says_what_hangs_on_somebody(hr, mara, review, case):
    page = hr.get(f"/people/{mara.pk}/leaving/")

    assert [person.name for person in page.context["reports"]] == ["Leo", "Sam", "Stella"]
    text = page.content.decode()
    assert "3 reports need a new manager" in text
    assert "They review Sam" in text
    assert "They are the sponsor" not in text  # the draft of a case is its sponsor's alone


def test_a_proposed_case_is_named(hr, mara, full_case):
    full_case.propose(by=mara)

    assert "They are the sponsor" in hr.get(f"/people/{mara.pk}/leaving/").content.decode()


def test_a_leaving_is_noted(hr, sam):
    day = today() + timedelta(days=5)

    answer = hr.post(f"/people/{sam.pk}/leaving/", {"on": day}, follow=True)

    assert "Leaving date recorded for Sam." in answer.content.decode()
    assert again(sam).leaves_on == day


def test_a_leaving_of_today_ends_the_session(hr, signed_in, sam):
    open_page = signed_in(sam)

    hr.post(f"/people/{sam.pk}/leaving/", {"on": today()})

    assert open_page.get("/").status_code == 302
    assert open_page.get(f"/people/{sam.pk}/").status_code == 302


@pytest.mark.parametrize("on", ["", "soon", "2023-02-30"])
def test_a_day_that_is_none_is_refused(hr, sam, on):
    answer = hr.post(f"/people/{sam.pk}/leaving/", {"on": on})

    assert answer.status_code == 422
    assert again(sam).leaves_on is None


def test_a_day_before_they_joined_is_refused_beside_it(hr, sam):
    Person.objects.filter(pk=sam.pk).update(joined_on=today())

    answer = hr.post(f"/people/{sam.pk}/leaving/", {"on": today() - timedelta(days=1)})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["on"]


def test_a_leaving_is_taken_back(hr, sam, mara, hana):
    sam.leave(on=today() + timedelta(days=5), by=hana)
    assert "Their leaving date" in hr.get(f"/people/{sam.pk}/return/").content.decode()

    answer = hr.post(f"/people/{sam.pk}/return/", follow=True)

    assert "Sam stays." in answer.content.decode()
    assert (again(sam).leaves_on, sam.manager_on(today() + timedelta(days=9))) == (None, mara)


def test_whoever_left_comes_back(hr, gone):
    assert "Gone is back." in hr.post(f"/people/{gone.pk}/return/", follow=True).content.decode()
    assert again(gone).is_active


@pytest.mark.parametrize(("who", "page"), [("sam", "leaving"), ("gone", "return")])
@pytest.mark.parametrize("name", ["sam", "mara", "dora", "kit", "aude", "otto"])
def test_for_anybody_but_hr_there_is_no_such_page(signed_in, request, who, page, name):
    address = f"/people/{request.getfixturevalue(who).pk}/{page}/"
    client = signed_in(request.getfixturevalue(name))

    assert client.get(address).status_code == client.post(address, {"on": today()}).status_code == 404


def test_there_is_nothing_to_take_back_of_whoever_stays(hr, sam):
    assert hr.get(f"/people/{sam.pk}/return/").status_code == 404


def test_a_planned_leaving_is_for_hr_to_see(hr, signed_in, sam, mara, hana):
    sam.leave(on=today() + timedelta(days=5), by=hana)

    assert "leaves on" in hr.get(f"/people/{sam.pk}/").content.decode()
    for reader in (sam, mara):
        assert "leaves on" not in signed_in(reader).get(f"/people/{sam.pk}/").content.decode()


def test_a_leaving_of_the_past_stands_on_the_page(hr, gone):
    assert "left on 1 January 2024" in hr.get(f"/people/{gone.pk}/").content.decode()
