import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.people.models import Person, ReportingLine
from competencies.reviews.models import Cycle
from competencies.reviews.opening import open_cycle


def titles(response):
    return [task.title for task in response.context["tasks"]]


def test_an_engineer_is_asked_to_assess_themselves(signed_in, sam, review):
    assert titles(signed_in(sam).get("/"))[0] == "Assess yourself: Autumn"


def test_an_engineer_is_told_the_truth_about_who_sees_it(signed_in, sam, review):
    assert "Only you see it until you submit it." in signed_in(sam).get("/").content.decode()


def test_a_manager_is_asked_to_assess_each_report(signed_in, mara, review):
    assert titles(signed_in(mara).get("/"))[:3] == ["Assess Leo", "Assess Sam", "Assess Stella"]


def test_what_was_handed_in_is_no_longer_asked_for(signed_in, revealed, sam, mara):
    assert "Assess yourself: Autumn" not in titles(signed_in(sam).get("/"))
    assert "Discuss with Sam" in titles(signed_in(mara).get("/"))


def test_after_the_talk_both_are_asked_to_sign(signed_in, revealed, sam, mara):
    revealed.discuss(by=mara)

    assert "Sign off your review" in titles(signed_in(sam).get("/"))
    assert "Sign off the review of Sam" in titles(signed_in(mara).get("/"))


def test_a_draft_case_is_its_sponsors_task_alone(signed_in, case, sam, mara, hana, dora):
    assert "Prepare the case: Sam to Staff" in titles(signed_in(mara).get("/"))
    for other in (sam, hana, dora):
        assert not any("case" in title for title in titles(signed_in(other).get("/")))


def test_hr_brings_proposed_cases_before_a_committee_and_runs_cycles(signed_in, full_case, cycle, hana, mara):
    full_case.propose(by=mara)

    assert {"Submit to committee: Sam to Staff", "Run Autumn"} <= set(titles(signed_in(hana).get("/")))


def test_somebody_with_nothing_to_do_is_told_so(signed_in, otto):
    response = signed_in(otto).get("/")

    assert response.context["tasks"] == []
    assert "You’re all caught up" in response.content.decode()


@pytest.mark.parametrize("name", ["mara", "hana"])
def test_queries_do_not_grow_with_the_company(request, signed_in, edition, name, cycle):
    person = request.getfixturevalue(name)
    client = signed_in(person)
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    mara, hana, sam = (Person.objects.get(name=name) for name in ("Mara", "Hana", "Sam"))
    at = sam.placement_on()
    for number in range(12):
        more = Person.objects.create_user(f"more{number}@testing.example", f"More {number}")
        ReportingLine.objects.create(person=more, manager=mara, starts_on=at.starts_on)
        more.place(track=at.track, level=at.level, starts_on=at.starts_on, by=hana)
    due = {"self_due_at": cycle.self_due_at, "manager_due_at": cycle.manager_due_at}
    open_cycle(Cycle.prepare(by=hana, name="Second", editions=[edition], **due), by=hana)

    with CaptureQueriesContext(connection) as many:
        client.get("/")

    assert len(many) == len(few)
    assert len(many) <= 24
