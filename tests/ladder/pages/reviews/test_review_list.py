"""The reviews of other people: whose they are, how far they have come, and the way from one to the next."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from competencies.people.models import Person
from competencies.reviews.models import Review


@pytest.fixture
def listed(signed_in):
    """A function that returns what the list shows, and the names in it: `listed(person, "?scope=below")`."""

    def ask(person, query=""):
        answer = signed_in(person).get(f"/reviews/{query}")
        assert answer.status_code == 200
        wanted = ("scope", "tabs", "counts", "progress")
        names = [one.review.subject.name for one in answer.context["others"]]
        return {name: answer.context.get(name) for name in wanted} | {"names": names}

    return ask


def scope_of(context):
    scope = context.get("scope")
    return scope and scope.kind


@pytest.mark.parametrize(
    ("who", "scope", "names"),
    [
        ("sam", None, []),
        ("otto", None, []),
        ("mara", "direct", ["Leo", "Sam", "Stella"]),
        ("noor", "direct", ["Kit"]),
        ("dora", "below", ["Kit", "Leo", "Sam", "Stella"]),
        ("hana", "everyone", ["Kit", "Leo", "Sam", "Stella"]),
    ],
)
def test_the_first_scope_with_reviews_is_shown(request, listed, cycle, who, scope, names):
    context = listed(request.getfixturevalue(who))

    assert (scope_of(context), context["names"]) == (scope, names)


def test_without_any_review_the_direct_reports_are_asked_for(signed_in, dora):
    answer = signed_in(dora).get("/reviews/")

    assert scope_of(answer.context) == "direct"
    assert "No reviews of these people yet" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        ("mara", []),
        ("dora", ["Direct reports", "Everyone below", "By manager"]),
        ("hana", ["By manager", "Everyone"]),
    ],
)
def test_only_scopes_that_differ_are_offered(request, listed, cycle, who, labels):
    assert [tab["label"] for tab in listed(request.getfixturevalue(who))["tabs"]] == labels


def test_a_scope_that_is_not_offered_is_not_shown(listed, cycle, mara, dora):
    assert scope_of(listed(mara, "?scope=everyone")) == "direct"
    assert scope_of(listed(dora, "?scope=everyone")) == "below"
    assert scope_of(listed(dora, "?scope=nonsense&cycle=x&show=x&page=x")) == "below"


def test_the_old_address_of_indirect_reports_shows_everyone_below(listed, cycle, dora):
    assert scope_of(listed(dora, "?further")) == "below"


def test_one_manager_shows_their_reports_to_whoever_may_read_the_manager(
    listed, signed_in, cycle, dora, hana, mara, noor, sam
):
    for person in (dora, hana):
        context = listed(person, f"?manager={mara.pk}")
        assert context["names"] == ["Leo", "Sam", "Stella"]
        assert context["scope"].title == "Direct reports of Mara"
    assert scope_of(listed(mara, f"?manager={mara.pk}")) == "direct"
    for person, manager in ((noor, mara.pk), (sam, mara.pk), (mara, noor.pk), (dora, 999_999)):
        assert signed_in(person).get(f"/reviews/?manager={manager}").status_code == 404


def test_progress_counts_what_is_shared_and_nothing_of_a_draft(
    listed, type_in, revealed, cycle, of_self, stella, dora, hana, mara
):
    before = listed(dora, "?scope=managers")["progress"]
    type_in(cycle.reviews.get(subject=stella).assessments.get(kind="self"), comment="Begun.")

    for person in (dora, hana):
        progress = listed(person, "?scope=managers")["progress"]
        assert [(row.manager.name, row.shared, row.reviews, row.late) for row in progress] == [
            ("Mara", 1, 3, 0),
            ("Noor", 0, 1, 0),
        ]
    assert before == progress
    assert listed(dora)["counts"] == {"reviews": 4, "shared": 1}
    assert listed(hana)["counts"] == {"reviews": 4, "shared": 1}
    assert listed(mara)["counts"] == {"reviews": 3, "shared": 1}


@pytest.mark.parametrize("who", ["mara", "noor", "dora", "hana"])
@pytest.mark.parametrize("scope", ["direct", "below", "everyone"])
def test_as_many_are_counted_as_are_listed(request, listed, revealed, who, scope):
    told = listed(request.getfixturevalue(who), f"?scope={scope}")
    shared = listed(request.getfixturevalue(who), f"?scope={scope}&show=shared")

    counted = told["counts"] or {"reviews": 0, "shared": 0}
    assert counted == {"reviews": len(told["names"]), "shared": len(shared["names"])}


def test_what_is_due_and_not_submitted_is_late(listed, revealed, cycle, dora):
    type(cycle).objects.update(self_due_at=timezone.now() - timedelta(days=1))

    progress = listed(dora, "?scope=managers")["progress"]

    assert [(row.manager.name, row.late) for row in progress] == [("Mara", 2), ("Noor", 1)]


def test_the_shared_ones_alone(listed, revealed, dora, hana):
    for person in (dora, hana):
        assert listed(person, "?show=shared")["names"] == ["Sam"]
        assert listed(person, "?show=not-shared")["names"] == ["Kit", "Leo", "Stella"]


def test_nothing_tells_a_review_that_was_begun_from_one_that_was_not(
    signed_in, type_in, review, of_self, of_manager, dora, hana
):
    addresses = ["?", "?show=not-shared", "?scope=managers", f"?manager={review.manager_id}"]

    def seen():
        return [
            signed_in(person).get(f"/reviews/{address}").content.decode().split("<main")[1]
            for person in (dora, hana)
            for address in addresses
        ]

    before = seen()
    type_in(of_self, comment="Begun.")
    type_in(of_manager, comment="Begun.")

    assert seen() == before


def test_a_person_is_shown_at_the_level_held(signed_in, review, levels, mara, dora):
    review.aim(levels.staff, by=mara)

    body = signed_in(dora).get("/reviews/").content.decode()

    assert "Senior, Java backend · assessed at Staff" in body
    assert "assessed at Staff" in signed_in(dora).get(f"/reviews/{review.pk}/").content.decode()


def test_whoever_is_not_reviewed_is_not_told_that_they_are(signed_in, cycle, sam, dora, hana, otto):
    assert "You and your manager assess" in signed_in(sam).get("/reviews/").content.decode()
    for person in (dora, hana, otto):
        assert "You and your manager assess" not in signed_in(person).get("/reviews/").content.decode()


def neighbours(signed_in, person, review, query):
    context = signed_in(person).get(f"/reviews/{review.pk}/?{query}").context
    return [one and one[1] for one in (context["before"], context["after"])]


@pytest.mark.parametrize(
    ("query", "of", "beside"),
    [
        ("scope=below", "Leo", ["Kit", "Sam"]),
        ("scope=below", "Kit", [None, "Leo"]),
        ("scope=below", "Stella", ["Sam", None]),
        ("scope=everyone", "Sam", ["Leo", "Stella"]),
        ("manager={mara}", "Leo", [None, "Sam"]),
        ("scope=below&show=shared", "Sam", [None, None]),
        ("scope=below&show=not-shared", "Leo", ["Kit", "Stella"]),
    ],
)
def test_a_review_leads_to_those_beside_it_in_its_list(
    signed_in, revealed, cycle, mara, hana, dora, query, of, beside
):
    review = cycle.reviews.get(subject__name=of)
    person = hana if "everyone" in query else dora

    assert neighbours(signed_in, person, review, query.format(mara=mara.pk)) == beside


def test_people_of_one_name_all_come_up(signed_in, cycle, dora, kit, sam):
    Person.objects.filter(name__in=["Leo", "Stella"]).update(name="Sam")
    in_order = [row.pk for row in cycle.reviews.order_by("subject__name", "subject")]
    seen = [in_order[0]]

    while after := signed_in(dora).get(f"/reviews/{seen[-1]}/?scope=below").context["after"]:
        seen.append(after[0])

    assert seen == in_order


def test_no_neighbour_is_one_that_may_not_be_read(signed_in, cycle, mara):
    review = cycle.reviews.get(subject__name="Leo")

    assert neighbours(signed_in, mara, review, "scope=everyone") == [None, "Sam"], "Kit is not below Mara"


def test_what_is_done_about_a_review_stays_in_its_list(signed_in, revealed, mara):
    here = f"/reviews/{revealed.pk}/?scope=direct"
    client = signed_in(mara)
    assert f'name="next" value="{here}"' in client.get(here).content.decode()

    assert client.post(f"/reviews/{revealed.pk}/discussion/", {"next": here}).url == here
    assert client.post(f"/reviews/{revealed.pk}/signoff/", {"next": "https://evil.example/"}).url == (
        f"/reviews/{revealed.pk}/"
    )


def test_without_a_list_there_are_no_neighbours(signed_in, review, dora, sam):
    for person in (dora, sam):
        assert "Next review" not in signed_in(person).get(f"/reviews/{review.pk}/").content.decode()


def test_a_page_of_many_costs_what_one_of_few_costs(
    queries_of, cycle, tracks, levels, hana, mara, noor, dora
):
    addresses = [(dora, ""), (hana, ""), (dora, "?scope=managers"), (hana, "?scope=managers"), (mara, "")]
    few = [queries_of(person, f"/reviews/{address}") for person, address in addresses]
    at = f"/reviews/{cycle.reviews.get(subject__name='Leo').pk}/?scope=below"
    beside = queries_of(dora, at)
    for number in range(40):
        person = Person.objects.create_user(f"n{number}@testing.example", f"N{number:02}")
        person.place(track=tracks.java, level=levels.senior, starts_on=date(2024, 1, 1), by=hana)
        person.report_to((mara, noor)[number % 2], starts_on=date(2024, 1, 1), by=hana)
        Review.objects.create(
            cycle=cycle,
            subject=person,
            manager=mara,
            track=tracks.java,
            level=levels.senior,
            held_level=levels.senior,
        )

    assert [queries_of(person, f"/reviews/{address}") for person, address in addresses] == few
    assert queries_of(dora, at) == beside
    assert max(*few, beside) <= 16


def test_a_list_that_the_reader_does_not_know_leaves_the_review_readable(signed_in, review, sam, mara):
    assert signed_in(sam).get(f"/reviews/{review.pk}/?manager={mara.pk}").status_code == 200
