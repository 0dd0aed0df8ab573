"""What HR does first in an empty workspace, and that it goes away once it is done."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.people.models import Person
from ladder.accounts.first_steps import first_steps
from ladder.web.views import marked_organisation


@pytest.fixture
def steps():
    """A function from somebody to what they have to do first: `{title: done}`."""

    def ask(person):
        [organisation] = marked_organisation(person)
        return {step.title: step.done for step in first_steps(person, organisation)}

    return ask


def test_each_step_says_whether_it_is_done(steps, hana, edition):
    assert steps(hana) == {
        "Secure your account": False,
        "Publish a career framework": True,
        "Add your people": True,
        "Invite them to sign in": True,
        "Open the first review cycle": False,
    }


def test_they_are_for_hr_alone(steps, sam, mara, aude, otto, edition):
    assert [steps(person) for person in (sam, mara, aude, otto)] == [{}, {}, {}, {}]


def test_who_cannot_sign_in_is_counted_until_the_first_cycle_opens(signed_in, steps, hana, edition):
    Person.objects.create_user("new@testing.example", "New")

    assert not steps(hana)["Invite them to sign in"]
    assert "1 person is waiting." in signed_in(hana).get("/").content.decode()


def test_they_go_away_when_all_is_done(signed_in, steps, hana, cycle):
    assert "Set up your workspace" in signed_in(hana).get("/").content.decode()

    Authenticator.objects.create(user=hana, type=Authenticator.Type.TOTP, data={"secret": "x"})

    assert steps(hana) == {}
    assert "Set up your workspace" not in signed_in(hana).get("/").content.decode()
    assert "All steps are done." in signed_in(hana).get("/next-steps/").content.decode()


def test_they_cost_one_query_once_they_are_done(hana, cycle):
    Authenticator.objects.create(user=hana, type=Authenticator.Type.TOTP, data={"secret": "x"})
    [organisation] = marked_organisation(hana)
    first_steps(hana, organisation)

    with CaptureQueriesContext(connection) as asked:
        assert first_steps(hana, organisation) == []

    assert len(asked) == 1


def test_before_a_cycle_opens_it_says_who_cannot_sign_in(signed_in, edition, hana, mara, sam, cycle):
    from competencies.people.models import ReportingLine
    from competencies.reviews.models import Cycle

    at = sam.placement_on()
    locked = Person.objects.create_user("new@testing.example", "Newcomer Nell")
    ReportingLine.objects.create(person=locked, manager=mara, starts_on=at.starts_on)
    locked.place(track=at.track, level=at.level, starts_on=at.starts_on, by=hana)
    due = {"self_due_at": cycle.self_due_at, "manager_due_at": cycle.manager_due_at}
    second = Cycle.prepare(by=hana, name="Second", editions=[edition], **due)

    page = signed_in(hana).get(second.get_absolute_url()).content.decode()

    assert "1 person can’t sign in yet" in page
    assert "Newcomer Nell" in page
