import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.core.clock import today
from competencies.people.models import Person, ReportingLine
from competencies.promotions.models import Committee, Hearing
from competencies.promotions.models.endorsement import ask
from competencies.reviews.models import Cycle
from competencies.reviews.opening import open_cycle
from tests.access.asking import ONE_TIME


def titles(response):
    return [task.title for task in response.context["tasks"]]


def test_an_engineer_is_asked_to_assess_themselves(signed_in, sam, review):
    assert titles(signed_in(sam).get("/"))[0] == "Assess yourself"


def test_an_engineer_is_told_the_truth_about_who_sees_it(signed_in, sam, review):
    assert "Only you see it until you submit it." in signed_in(sam).get("/").content.decode()


def test_a_manager_is_asked_to_assess_each_report(signed_in, mara, review):
    assert titles(signed_in(mara).get("/"))[:3] == ["Assess Leo", "Assess Sam", "Assess Stella"]


def test_what_was_handed_in_is_no_longer_asked_for(signed_in, revealed, sam, mara):
    assert "Assess yourself" not in titles(signed_in(sam).get("/"))
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

    assert {"Submit to committee: Sam to Staff", "Run the cycle"} <= set(titles(signed_in(hana).get("/")))


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


def groups(response):
    return {group.heading: group for group in response.context["groups"]}


def lines(response, name):
    return [(line.title, line.note) for line in response.context[name]]


def test_tasks_stand_under_their_cycle(signed_in, mara, of_manager, answer_all, points):
    answer_all(of_manager, points.developing).submit(by=mara)

    group = groups(signed_in(mara).get("/"))["Autumn"]

    assert [task.title for task in group.tasks] == ["Assess Leo", "Assess Stella"]
    assert (group.done, group.total) == (1, 3)


def test_the_first_task_alone_is_the_primary_action(signed_in, mara, review):
    page = signed_in(mara).get("/").content.decode()

    assert page.count('data-kind="primary"') == 1


def test_hr_sees_how_many_reviews_are_shared(signed_in, hana, revealed):
    page = signed_in(hana).get("/").content.decode()

    assert f"1 of {revealed.cycle.reviews.count()} shared" in page


def test_what_is_cut_is_counted(signed_in, edition, mara, hana, sam, cycle):
    at = sam.placement_on()
    for number in range(10):
        more = Person.objects.create_user(f"more{number}@testing.example", f"More {number}")
        ReportingLine.objects.create(person=more, manager=mara, starts_on=at.starts_on)
        more.place(track=at.track, level=at.level, starts_on=at.starts_on, by=hana)
    due = {"self_due_at": cycle.self_due_at, "manager_due_at": cycle.manager_due_at}
    open_cycle(Cycle.prepare(by=hana, name="Second", editions=[edition], **due), by=hana)

    response = signed_in(mara).get("/")

    assert len(groups(response)["Second"].shown) == 8
    assert "and 5 more" in response.content.decode()


def test_whoever_submitted_waits_for_the_other_side(signed_in, mara, sam, of_manager, answer_all, points):
    answer_all(of_manager, points.developing).submit(by=mara)

    assert lines(signed_in(mara).get("/"), "waiting") == [("Sam", "Assessment in Autumn")]
    assert lines(signed_in(sam).get("/"), "waiting") == []


def test_whether_the_other_side_has_begun_is_not_told(
    signed_in, mara, sam, of_manager, of_self, answer_all, points, competencies
):
    answer_all(of_manager, points.developing).submit(by=mara)
    before = signed_in(mara).get("/").content

    of_self.rate(competencies[0], by=sam, version=0, comment="Begun.")

    assert ONE_TIME.sub(b"", signed_in(mara).get("/").content) == ONE_TIME.sub(b"", before)


def test_whoever_signed_off_waits_for_the_other(signed_in, revealed, sam, mara):
    revealed.discuss(by=mara)
    revealed.sign(by=mara)

    assert ("Sam", "Sign-off in Autumn") in lines(signed_in(mara).get("/"), "waiting")
    assert lines(signed_in(sam).get("/"), "waiting") == []


def test_a_proposed_case_waits_for_hr(signed_in, full_case, mara):
    full_case.propose(by=mara)

    assert ("HR", "Decision: Sam to Staff") in lines(signed_in(mara).get("/"), "waiting")


def test_a_shared_review_is_news_to_both(signed_in, revealed, sam, mara, leo):
    assert lines(signed_in(sam).get("/"), "lately") == [("Your review is shared", "Autumn")]
    assert lines(signed_in(mara).get("/"), "lately") == [("The review of Sam is shared", "Autumn")]
    assert lines(signed_in(leo).get("/"), "lately") == []


def test_a_review_that_one_may_no_longer_read_is_not_waited_for(
    signed_in, mara, noor, hana, sam, of_manager, answer_all, points
):
    answer_all(of_manager, points.developing).submit(by=mara)
    sam.report_to(noor, starts_on=today(), by=hana)

    assert lines(signed_in(mara).get("/"), "waiting") == []


def test_whoever_manages_today_is_waited_for_to_sign(signed_in, revealed, sam, mara, noor, hana):
    revealed.discuss(by=mara)
    sam.report_to(noor, starts_on=today(), by=hana)
    revealed.sign(by=sam)

    assert ("Noor", "Sign-off in Autumn") in lines(signed_in(sam).get("/"), "waiting")


def test_an_endorser_is_waited_for_while_they_can_still_answer(
    signed_in, full_case, mara, hana, noor, kit, stella
):
    ask(full_case, by=mara, name="Ravi", email="ravi@elsewhere.example", relation="partner", outside=True)
    full_case.propose(by=mara)
    told = ("Ravi", "Endorsement of Sam")
    assert told in lines(signed_in(mara).get("/"), "waiting")
    committee = Committee.found("Platform", by=hana)
    for person in (noor, kit, stella):
        committee.seat(person, by=hana, chair=person == noor)
    Hearing.empanel(full_case, committee, by=hana)

    assert told not in lines(signed_in(mara).get("/"), "waiting")
    assert ("Committee", "Decision: Sam to Staff") in lines(signed_in(mara).get("/"), "waiting")
