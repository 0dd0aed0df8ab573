"""The people in a scope: who they are, what is open, and the map of their last ratings."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from competencies.core.clock import today
from competencies.evidence.models import Evidence
from competencies.people.models import Person
from competencies.reviews.models import Cycle
from competencies.reviews.opening import open_cycle
from competencies.trail.models import Entry
from tests.conftest import HTMX
from tests.scenes import scene


@pytest.fixture
def shown(signed_in):
    """A function that returns what the page tells a person: `shown(dora, "?scope=below")`."""
    wanted = ("scope", "tabs", "members", "columns", "heat", "left_out", "rows", "by_gap", "ways")

    def ask(person, query=""):
        answer = signed_in(person).get(f"/team/{query}")
        assert answer.status_code == 200
        return {name: answer.context.get(name) for name in wanted}

    return ask


def names(told):
    return [member.person.name for member in told["members"] or ()]


def mapped(told):
    """Return what stands in the map: `{name: {what its cells show}}`."""
    return {
        row["member"].person.name: {cell and cell[0].shown for cell in row["cells"]}
        for block in told["heat"]
        for row in block["rows"]
    }


@scene
def all_rated(cycle, revealed, answer_all, points, stella, leo, kit, mara, noor):
    """Every review shared: Sam Developing, Stella Not yet, Leo Role model, Kit Not observed."""
    for person, manager, point in (
        (stella, mara, points.not_yet),
        (leo, mara, points.role_model),
        (kit, noor, points.not_observed),
    ):
        review = cycle.reviews.get(subject=person)
        answer_all(review.assessments.get(kind="self"), points.consistent).submit(by=person)
        answer_all(review.assessments.get(kind="manager"), point).submit(by=manager)
    return cycle


@scene
def rated_again(revealed, edition, answer_all, points, sam, mara, hana):
    """Sam's next review, shared too: the manager Consistent throughout, one step more than before."""
    due = timezone.now() + timedelta(weeks=4)
    later = Cycle.prepare(by=hana, name="Winter", editions=[edition], self_due_at=due, manager_due_at=due)
    open_cycle(later, by=hana)
    review = later.reviews.get(subject=sam)
    answer_all(review.assessments.get(kind="self"), points.consistent).submit(by=sam)
    answer_all(review.assessments.get(kind="manager"), points.consistent).submit(by=mara)
    return review


EVERYBODY = ["Aude", "Dora", "Hana", "Kit", "Leo", "Mara", "Noor", "Otto", "Sam", "Stella"]
BELOW_DORA = ["Aude", "Hana", "Kit", "Leo", "Mara", "Noor", "Sam", "Stella"]


@pytest.mark.parametrize(
    ("who", "query", "scope", "expected"),
    [
        ("mara", "", "direct", ["Leo", "Sam", "Stella"]),
        ("noor", "", "direct", ["Kit"]),
        ("dora", "", "below", BELOW_DORA),
        ("dora", "?scope=direct", "direct", ["Aude", "Hana", "Mara", "Noor"]),
        ("dora", "?manager={mara}", "managers", ["Leo", "Sam", "Stella"]),
        ("hana", "", "everyone", EVERYBODY),
        ("hana", "?manager={noor}", "managers", ["Kit"]),
        ("mara", "?scope=everyone", "direct", ["Leo", "Sam", "Stella"]),
        ("mara", "?scope=below", "direct", ["Leo", "Sam", "Stella"]),
    ],
)
def test_each_sees_the_people_of_a_scope(request, shown, cycle, mara, noor, who, query, scope, expected):
    told = shown(request.getfixturevalue(who), query.format(mara=mara.pk, noor=noor.pk))

    assert told["scope"].kind == scope
    assert names(told) == expected


def test_without_reviews_a_director_sees_who_reports_to_them(shown, dora):
    assert shown(dora)["scope"].kind == "direct"


@pytest.mark.parametrize("who", ["sam", "otto", "aude"])
def test_whoever_leads_nobody_is_told_so(request, signed_in, cycle, who):
    client = signed_in(request.getfixturevalue(who))

    for query in ("", "?scope=everyone", "?scope=below", "?scope=managers"):
        body = client.get(f"/team/{query}").content.decode()
        assert "Nobody reports to you" in body
        assert "Stella" not in body


def test_a_manager_one_may_not_read_is_missing(signed_in, cycle, sam, mara, noor, dora):
    for person, manager in ((sam, mara.pk), (mara, noor.pk), (noor, dora.pk), (dora, 999_999)):
        for page in ("/team/", "/team/manager-ratings.csv"):
            assert signed_in(person).get(f"{page}?manager={manager}").status_code == 404


def test_managers_are_listed_to_choose_from(shown, cycle, dora, hana):
    assert [(manager.name, number) for manager, number in shown(dora, "?scope=managers")["rows"]] == [
        ("Mara", 3),
        ("Noor", 1),
    ]
    listed = [manager.name for manager, _number in shown(hana, "?scope=managers")["rows"]]
    assert listed == ["Dora", "Mara", "Noor"]


def test_a_column_that_is_empty_for_everybody_is_left_out(shown, cycle, evidence, case, mara, dora):
    assert shown(mara)["columns"] == {"level", "review", "evidence", "case"}
    assert shown(dora, "?scope=below")["columns"] == {"manager", "level", "review", "evidence"}
    assert shown(dora, "?scope=direct")["columns"] == {"reports"}


def test_an_open_case_is_shown_to_who_may_read_it(shown, cycle, full_case, mara, dora, hana):
    def case_of_sam(person):
        member = next(one for one in shown(person)["members"] if one.person.name == "Sam")
        return member.case and member.case_state[1]

    assert (case_of_sam(mara), case_of_sam(dora), case_of_sam(hana)) == ("Draft", None, None)
    full_case.propose(by=mara)
    assert {case_of_sam(person) for person in (mara, dora, hana)} == {"Proposed"}
    full_case.withdraw(by=mara, reason="Not now.")
    assert {case_of_sam(person) for person in (mara, dora, hana)} == {None}


def test_evidence_gone_quiet_is_said(signed_in, cycle, sam, mara, competencies):
    piece = {"by": sam, "title": "Piece", "competencies": competencies[:1]}
    Evidence.log(sam, happened_on=today() - timedelta(days=36), **piece)
    assert "No evidence in 5 weeks" in signed_in(mara).get("/team/").content.decode()

    Evidence.log(sam, happened_on=today() - timedelta(days=34), **piece)
    assert "No evidence in 5 weeks" not in signed_in(mara).get("/team/").content.decode()


def test_a_person_is_shown_at_the_level_held(shown, review, levels, mara):
    review.aim(levels.staff, by=mara)

    member = next(one for one in shown(mara)["members"] if one.person.name == "Sam")

    assert (member.placement.level.title, member.assessed_at.title) == ("Senior", "Staff")
    assert {one.assessed_at for one in shown(mara)["members"] if one != member} == {None}


def test_no_rating_is_shown_before_the_review_is_shared(shown, of_manager, answer_all, points, mara, dora):
    answer_all(of_manager, points.role_model).submit(by=mara)

    assert shown(mara)["heat"] == []
    assert shown(dora)["heat"] == []


def test_the_map_shows_the_steps_as_numbers(shown, all_rated, mara, dora, hana):
    assert mapped(shown(mara)) == {"Leo": {"4"}, "Sam": {"2"}, "Stella": {"1"}}
    for person in (dora, hana):
        assert mapped(shown(person)) == {"Kit": {"–"}, "Leo": {"4"}, "Sam": {"2"}, "Stella": {"1"}}


def test_what_was_given_back_is_not_in_the_map(shown, revealed, of_manager, mara, hana):
    of_manager.reopen(by=hana, reason="A wrong paste.")

    assert shown(mara)["heat"] == []
    assert shown(mara)["left_out"] == 3


def test_the_widest_gap_comes_first(shown, all_rated, dora):
    told = shown(dora, "?scope=below&sort=gap")

    assert list(mapped(told)) == ["Stella", "Sam", "Kit", "Leo"]
    assert [member.gap for member in told["members"][:3]] == [30, 15, 0]
    assert names(told)[:2] == ["Stella", "Sam"]


def test_a_company_is_not_sorted_by_gap(shown, all_rated, monkeypatch, hana):
    monkeypatch.setattr("ladder.pages.people.team.SORTED_AT_MOST", 5)

    told = shown(hana, "?scope=everyone&sort=gap")

    assert (told["by_gap"], told["ways"]["by_gap"]) == (False, "")
    assert names(told) == EVERYBODY


def test_the_change_since_last_time(shown, rated_again, answer_all, points, mara):
    assert mapped(shown(mara, "?view=change")) == {"Sam": {"+1"}}
    assert shown(mara, "?view=change")["left_out"] == 2
    assert mapped(shown(mara)) == {"Sam": {"3"}}


def test_a_review_on_another_framework_is_no_last_time(
    shown, revealed, frontend, answer_all, sam, mara, hana
):
    track, level = frontend.track_set.get(key="web"), frontend.level_set.get(key="senior")
    sam.place(track=track, level=level, starts_on=today(), by=hana)
    due = timezone.now() + timedelta(weeks=4)
    later = Cycle.prepare(by=hana, name="Winter", editions=[frontend], self_due_at=due, manager_due_at=due)
    open_cycle(later, by=hana)
    point = frontend.scale.points.first()
    for kind, author in (("self", sam), ("manager", mara)):
        assessment = later.reviews.get(subject=sam).assessments.get(kind=kind)
        answer_all(assessment, point).submit(by=author)

    assert mapped(shown(mara, "?view=change")) == {}
    assert list(mapped(shown(mara))) == ["Sam"]


def rating_address(revealed, competencies):
    return f"/reviews/{revealed.pk}/ratings/{competencies[0].pk}/"


def test_a_cell_leads_to_the_comparison_at_its_competency(signed_in, revealed, competencies, mara):
    client, address = signed_in(mara), rating_address(revealed, competencies)
    assert f'href="{address}"' in client.get("/team/").content.decode()

    assert client.get(address).url == f"/reviews/{revealed.pk}/#compare-{competencies[0].pk}"


def test_the_comment_opens_on_demand_and_is_a_reading(signed_in, revealed, competencies, dora):
    client = signed_in(dora)
    assert "Seen in their work." not in client.get("/team/").content.decode()
    assert not Entry.objects.filter(action="review.read").exists()

    told = client.get(rating_address(revealed, competencies), headers=HTMX)

    assert "Seen in their work." in told.content.decode()
    assert "HX-Request" in told.headers["Vary"]
    read = Entry.objects.get(action="review.read")
    assert (read.actor.name, read.about.name) == ("Dora", "Sam")


@pytest.mark.parametrize("who", ["noor", "kit", "stella", "otto", "aude"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_rating_is_missing_for_strangers(request, signed_in, revealed, competencies, who, headers):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(rating_address(revealed, competencies), headers=headers).status_code == 404


def test_a_rating_is_missing_before_the_review_is_shared(
    signed_in, of_manager, answer_all, points, competencies, mara, dora, hana
):
    answer_all(of_manager, points.role_model).submit(by=mara)

    for person in (mara, dora, hana):
        address = rating_address(of_manager.review, competencies)
        assert signed_in(person).get(address, headers=HTMX).status_code == 404


def test_a_rating_that_is_nowhere_is_missing(signed_in, revealed, mara):
    assert signed_in(mara).get(f"/reviews/{revealed.pk}/ratings/999999/").status_code == 404
    assert signed_in(mara).post(f"/reviews/{revealed.pk}/ratings/1/").status_code == 405


def file_of(client, query=""):
    answer = client.get(f"/team/manager-ratings.csv{query}")
    assert answer.headers["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_map_as_a_file(signed_in, all_rated, dora, competencies):
    heads, *rows = file_of(signed_in(dora), "?scope=below&sort=gap")

    assert heads == ["Name", "Level", "Assessed at", "Review", *(one.title for one in competencies)]
    assert [(row[0], row[1], set(row[4:])) for row in rows] == [
        ("Stella", "Staff", {"1"}),
        ("Sam", "Senior", {"2"}),
        ("Kit", "Senior", {"Not observed"}),
        ("Leo", "Lead", {"4"}),
    ]


def test_the_change_as_a_file(signed_in, rated_again, mara):
    assert [set(row[4:]) for row in file_of(signed_in(mara), "?view=change")[1:]] == [{"1"}]


def test_no_name_in_the_file_is_a_formula(signed_in, revealed, sam, mara):
    Person.objects.filter(pk=sam.pk).update(name="=1+1")

    assert file_of(signed_in(mara))[1][0] == "'=1+1"


def test_whoever_is_in_the_file_can_read_that_it_was_taken(signed_in, all_rated, dora, sam):
    for _time in range(2):
        file_of(signed_in(dora), "?scope=below")

    taken = Entry.objects.filter(action="review.exported")
    assert sorted(entry.about.name for entry in taken) == ["Kit", "Leo", "Sam", "Stella"]
    assert (
        "downloaded the manager’s ratings" in signed_in(sam).get(f"/people/{sam.pk}/trail/").content.decode()
    )


def test_whoever_may_read_nobody_gets_an_empty_file(signed_in, all_rated, sam, otto):
    for person in (sam, otto):
        assert len(file_of(signed_in(person), "?scope=everyone")) == 1
    assert not Entry.objects.filter(action="review.exported").exists()


def test_a_page_of_many_costs_what_one_of_few_costs(
    signed_in, queries, all_rated, tracks, levels, mara, noor, dora, hana
):
    addresses = [
        (mara, ""),
        (dora, ""),
        (dora, "?scope=managers"),
        (dora, "?scope=below&sort=gap"),
        (dora, "?scope=below&view=change"),
        (hana, ""),
        (hana, "?scope=managers"),
    ]
    few = [queries(person, f"/team/{address}") for person, address in addresses]
    for number in range(60):
        person = Person.objects.create_user(f"n{number}@testing.example", f"N{number:02}")
        person.place(track=tracks.java, level=levels.senior, starts_on=date(2024, 1, 1), by=hana)
        person.report_to((mara, noor)[number % 2], starts_on=date(2024, 1, 1), by=hana)

    assert [queries(person, f"/team/{address}") for person, address in addresses] == few
    assert max(few) <= 16


def test_nothing_tells_a_review_that_was_begun_from_one_that_was_not(
    signed_in, review, of_self, of_manager, competencies, dora, hana, sam, mara
):
    def seen():
        return [
            signed_in(person).get(f"/team/{query}").content.decode().split("<main")[1]
            for person in (dora, hana)
            for query in ("", "?sort=gap", "?view=change")
        ]

    before = seen()
    for assessment, author in ((of_self, sam), (of_manager, mara)):
        assessment.rate(competencies[0], by=author, version=0, comment="Begun.")

    assert seen() == before
