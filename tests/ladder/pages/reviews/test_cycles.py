from datetime import timedelta

import pytest
from django.utils import timezone

from competencies.reviews.models import Cycle


def in_weeks(number):
    """An instant as a browser sends it."""
    return f"{timezone.now() + timedelta(weeks=number):%Y-%m-%dT17:00}"


@pytest.fixture
def draft(edition, hana):
    """A cycle in preparation, for everyone."""
    now = timezone.now()
    return Cycle.prepare(
        by=hana,
        name="Winter",
        editions=[edition],
        self_due_at=now + timedelta(weeks=2),
        manager_due_at=now + timedelta(weeks=3),
    )


@pytest.fixture
def said(edition):
    """What HR types into the form of a cycle."""
    return {
        "version": 0,
        "name": "Spring",
        "edition": edition.pk,
        "self_due_at": in_weeks(10),
        "manager_due_at": in_weeks(12),
        "blind": "on",
        "who": "everyone",
    }


def test_only_hr_runs_cycles(signed_in, cycle, draft, said, sam, mara, dora, otto):
    for person in (sam, mara, dora, otto):
        client = signed_in(person)
        for url in ("/cycles/", "/cycles/new/", f"/cycles/{draft.pk}/", f"/cycles/{draft.pk}/details/"):
            assert client.get(url).status_code == 404
        assert client.post("/cycles/new/", said).status_code == 404
        assert client.post(f"/cycles/{draft.pk}/details/", said).status_code == 404
        assert client.post(f"/cycles/{draft.pk}/opening/").status_code == 404
        assert client.post(f"/cycles/{cycle.pk}/closing/", {"name": cycle.name}).status_code == 404
    assert draft.state == "preparing"


def test_the_list_shows_progress(signed_in, revealed, cycle, hana):
    body = signed_in(hana).get("/cycles/").content.decode()

    assert cycle.name in body
    assert f"1 of {cycle.reviews.count()}" in body


def test_the_first_cycle_is_invited(signed_in, hana):
    assert "No cycles yet" in signed_in(hana).get("/cycles/").content.decode()


def test_a_cycle_for_everyone(signed_in, said, hana):
    answer = signed_in(hana).post("/cycles/new/", said)

    cycle = Cycle.objects.get(name="Spring")
    assert answer.url == f"/cycles/{cycle.pk}/"
    assert (cycle.everyone, cycle.blind) == (True, True)
    assert f"{cycle.self_due_at:%Y-%m-%dT%H:%M}" == said["self_due_at"]


def test_chosen_people_are_pasted_by_address_name_or_team(signed_in, said, hana, sam, stella, leo, kit):
    people = "Stella@testing.example\r\n\r\n  Kit \r\nSam S. <sam@testing.example>\r\nsam@testing.example"

    signed_in(hana).post("/cycles/new/", {**said, "who": "chosen", "people": people})

    assert set(Cycle.objects.get(name="Spring").people.all()) == {sam, stella, kit}


def test_a_whole_team_is_chosen_by_its_manager(signed_in, said, hana, sam, stella, leo):
    signed_in(hana).post("/cycles/new/", {**said, "who": "chosen", "teams": "Mara"})

    assert set(Cycle.objects.get(name="Spring").people.all()) == {sam, stella, leo}


def test_a_line_that_names_nobody_is_named(signed_in, said, hana):
    people = "sam@testing.example\nnobody@testing.example\nGone"

    answer = signed_in(hana).post("/cycles/new/", {**said, "who": "chosen", "people": people})

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2: nobody here is known as nobody@testing.example." in body
    assert "Line 3: nobody here is known as gone." in body
    assert "sam@testing.example" in body, "what was pasted is still there"
    assert not Cycle.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "required"),
        ({"name": "Winter"}, "a cycle of this name"),
        ({"manager_due_at": "2020-02-01T17:00"}, "can’t be due before"),
        ({"self_due_at": "0206-02-01T17:00"}, "check the year"),
        ({"who": "chosen"}, "at least one person or team"),
        ({"edition": "999999"}, "valid choice"),
        ({"self_due_at": "soon"}, "valid date"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(signed_in, draft, said, hana, change, words):
    answer = signed_in(hana).post("/cycles/new/", {**said, **change})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Cycle.objects.count() == 1


def test_a_cycle_in_preparation_is_changed(signed_in, draft, said, hana):
    assert 'value="Winter"' in signed_in(hana).get(f"/cycles/{draft.pk}/details/").content.decode()

    answer = signed_in(hana).post(f"/cycles/{draft.pk}/details/", said)

    assert answer.url == f"/cycles/{draft.pk}/"
    draft.refresh_from_db()
    assert draft.name == "Spring"


def test_a_change_made_elsewhere_shows_both_and_loses_neither(signed_in, draft, said, hana):
    signed_in(hana).post(f"/cycles/{draft.pk}/details/", {**said, "name": "From the first window"})

    answer = signed_in(hana).post(f"/cycles/{draft.pk}/details/", {**said, "name": "From the second"})

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "From the first window" in body
    assert 'value="From the second"' in body
    assert 'name="version" value="1"' in body, "saving again puts it in its place"


def test_before_opening_it_shows_who_takes_part_and_who_does_not(signed_in, draft, hana):
    body = signed_in(hana).get(f"/cycles/{draft.pk}/").content.decode()

    assert "Open for 4 people" in body
    assert "no level on" in body
    assert "Otto" in body


def test_opening_makes_the_reviews_once(signed_in, draft, hana):
    first = signed_in(hana).post(f"/cycles/{draft.pk}/opening/")
    second = signed_in(hana).post(f"/cycles/{draft.pk}/opening/")

    assert first.url == f"/cycles/{draft.pk}/"
    assert second.url == first.url
    assert draft.reviews.count() == 4


def test_opening_for_nobody_is_refused_in_words(signed_in, draft, hana, otto):
    draft.everyone = False
    draft.save()
    draft.people.set([otto])

    answer = signed_in(hana).post(f"/cycles/{draft.pk}/opening/")

    assert answer.status_code == 422
    assert "Nobody would take part" in answer.content.decode()


def test_an_open_cycle_is_not_changed(signed_in, cycle, said, hana):
    assert signed_in(hana).post(f"/cycles/{cycle.pk}/details/", said).url == f"/cycles/{cycle.pk}/"
    assert Cycle.objects.get(pk=cycle.pk).name == "Autumn"


def test_progress_says_who_is_in_and_who_is_late(signed_in, answer_all, cycle, of_self, points, sam, hana):
    answer_all(of_self, points.consistent).submit(by=sam)
    Cycle.objects.filter(pk=cycle.pk).update(self_due_at=timezone.now() - timedelta(days=1))

    everybody = signed_in(hana).get(f"/cycles/{cycle.pk}/").content.decode()
    late = signed_in(hana).get(f"/cycles/{cycle.pk}/?show=late").content.decode()

    assert "Submitted" in everybody
    assert "Sam" in everybody
    assert f'href="/reviews/{of_self.review_id}/"' not in late
    assert "Stella" in late


@pytest.mark.parametrize(("ask", "step"), [("get", "details"), ("get", "opening"), ("post", "opening")])
def test_a_cycle_that_is_open_says_so_to_whoever_comes_too_late(signed_in, cycle, hana, mara, ask, step):
    address = f"/cycles/{cycle.pk}/{step}/"

    late = getattr(signed_in(hana), ask)(address, follow=True)

    assert late.redirect_chain == [(f"/cycles/{cycle.pk}/", 302)]
    assert "This cycle has already been opened" in late.content.decode()
    assert getattr(signed_in(mara), ask)(address).status_code == 404


def test_a_cycle_that_is_not_open_yet_cannot_be_closed(signed_in, draft, hana):
    assert signed_in(hana).get(f"/cycles/{draft.pk}/closing/").status_code == 404


def close(client, cycle, name):
    return client.post(f"/cycles/{cycle.pk}/closing/", {"name": name})


def test_closing_says_what_it_leaves_behind_and_asks_for_the_name(signed_in, cycle, hana):
    client = signed_in(hana)
    assert (
        "4 reviews are still missing an assessment"
        in client.get(f"/cycles/{cycle.pk}/closing/").content.decode()
    )

    assert close(client, cycle, "Autum").status_code == 422
    assert cycle.state == "open"
    assert close(client, cycle, "Autumn").url == f"/cycles/{cycle.pk}/"
    late = client.post(f"/cycles/{cycle.pk}/closing/", {"name": "Autumn"}, follow=True)
    assert late.redirect_chain == [(f"/cycles/{cycle.pk}/", 302)]
    assert "This cycle is already closed." in late.content.decode()
    assert "Closed" in client.get(f"/cycles/{cycle.pk}/").content.decode()


def test_after_closing_a_draft_stays_its_authors(signed_in, type_in, cycle, of_self, sam, mara, hana):
    type_in(of_self, comment="canary")
    close(signed_in(hana), cycle, "Autumn")

    assert "canary" in signed_in(sam).get(f"/assessments/{of_self.pk}/").content.decode()
    assert 'id="comment-' not in signed_in(sam).get(f"/assessments/{of_self.pk}/").content.decode()
    assert signed_in(hana).get(f"/assessments/{of_self.pk}/").status_code == 404
    assert type_in(of_self, version=1, comment="More.", htmx=True).status_code == 422


@pytest.mark.parametrize("action", ["opening"])
def test_opening_is_a_post(signed_in, draft, hana, action):
    assert signed_in(hana).get(f"/cycles/{draft.pk}/{action}/").status_code == 302


def test_lists_of_cycles_cost_the_same_for_many(queries_of, edition, draft, hana):
    few = queries_of(hana, "/cycles/")
    for number in range(6):
        Cycle.prepare(
            by=hana,
            name=f"Round {number}",
            editions=[edition],
            self_due_at=draft.self_due_at,
            manager_due_at=draft.manager_due_at,
        )

    assert queries_of(hana, "/cycles/") == few


def gone(person):
    type(person).objects.filter(pk=person.pk).update(leaves_on=timezone.localdate())


def listed(client, cycle, shown):
    return [
        review.subject.name
        for review, _sides in client.get(f"/cycles/{cycle.pk}/?show={shown}").context["rows"]
    ]


def test_whoever_left_is_neither_late_nor_unfinished(signed_in, cycle, sam, stella, hana):
    past = timezone.now() - timedelta(days=1)
    Cycle.objects.filter(pk=cycle.pk).update(self_due_at=past, manager_due_at=past)
    client = signed_in(hana)
    before = client.get(f"/cycles/{cycle.pk}/").context["counts"]
    gone(sam)

    counts = client.get(f"/cycles/{cycle.pk}/").context["counts"]
    for shown in ("late", "unfinished"):
        assert counts[shown] == before[shown] - 1
        assert "Sam" not in listed(client, cycle, shown)
        assert "Stella" in listed(client, cycle, shown)
    assert "Sam" in listed(client, cycle, "all")
    assert (
        "3 reviews are still missing an assessment"
        in client.get(f"/cycles/{cycle.pk}/closing/").content.decode()
    )


def test_a_reviewer_who_left_is_flagged_and_replaced(
    signed_in, answer_all, cycle, of_self, points, sam, mara, noor, hana
):
    answer_all(of_self, points.consistent).submit(by=sam)
    past = timezone.now() - timedelta(hours=1)
    Cycle.objects.filter(pk=cycle.pk).update(self_due_at=past, manager_due_at=past)
    gone(mara)
    client, review = signed_in(hana), of_self.review

    assert "Sam" in listed(client, cycle, "gone")
    assert "Sam" not in listed(client, cycle, "late"), "nobody is late who is gone"
    page = " ".join(client.get(f"/cycles/{cycle.pk}/?show=gone").content.decode().split())
    assert "have no reviewer" in page
    assert "Left before submitting" in page
    assert f'href="/people/{sam.pk}/"> Assign a manager' in page
    assert (
        "HR decides what happens with this review"
        in signed_in(sam).get(f"/reviews/{review.pk}/").content.decode()
    )

    sam.report_to(noor, starts_on=timezone.localdate(), by=hana)
    assert "Hand over to current manager" in client.get(f"/cycles/{cycle.pk}/?show=gone").content.decode()
    client.post(f"/reviews/{review.pk}/manager/")

    assert "Sam" not in listed(client, cycle, "gone")
    review.refresh_from_db()
    assert review.manager == noor
