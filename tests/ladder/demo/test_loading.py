"""The demo company, lived through once for this module and rolled back at its end."""

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from competencies.core.refusals import NotNow
from competencies.evidence.models import Evidence
from competencies.framework.parser import BadFile, read
from competencies.jobs.models import Job
from competencies.people.models import Organisation, Person
from competencies.personal_data.models import Export
from competencies.promotions.models import Hearing, PromotionCase
from competencies.promotions.readiness import readiness
from competencies.reviews.models import Assessment, Cycle, Rating, Reopening, Submission
from competencies.trail.models import Entry
from competencies.trail.verifying import breaks
from ladder.demo.loading import DEMO, LADDER, load_company
from ladder.demo.parser import read_company
from ladder.demo.timeline import Timeline

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def portolan(django_db_setup, django_db_blocker):
    """The company beside the cast, who are on leave; what is loaded is rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        Person.objects.update(leaves_on=date(2020, 1, 1))
        timeline = Timeline(spec(), LADDER.read_bytes(), today=timezone.localdate())
        timeline.plan()
        timeline.happen()
        yield timeline
        transaction.set_rollback(True)


def spec(content=None):
    ladder = read(LADDER.read_bytes(), file=LADDER.name)
    return read_company(content or DEMO.read_bytes(), file=DEMO.name, ladder=ladder)


@pytest.fixture
def priya(portolan):
    return PromotionCase.objects.with_state().get(subject=portolan.people["priya"])


def test_the_company_has_everybody_whom_a_visitor_looks_for(portolan):
    people = portolan.people.values()
    placed = Counter(
        (placement.track.key, placement.level.key)
        for person in people
        if (placement := person.placement_on())
    )

    assert len(portolan.people) == 26
    assert {role for person in people for role in person.roles} == {"hr", "author", "auditor"}
    assert {track for track, _level in placed} == {"jvm", "backend", "java"}
    assert {level for _track, level in placed} == {"senior", "staff", "lead"}
    assert sum(person.manages for person in people) == 5
    assert portolan.people["amara"].below().count() == 24


def test_nobody_can_sign_in_with_a_password(portolan):
    assert not any(person.has_usable_password() for person in portolan.people.values())


def test_hr_has_something_that_failed_in_the_background_and_can_be_tried_again(portolan):
    job = Job.objects.failed().get(by=portolan.people["benedikte"])

    assert (job.state, str(job.record_copy)) == ("failed", "Thandiwe Nkosi")
    assert Export.order(job.record_copy.person, by=job.by).state == "waiting"


def test_the_open_cycle_holds_reviews_in_every_state(portolan):
    cycle = Cycle.objects.open().get()
    states = {review.state for review in cycle.reviews.with_state()}
    drafts = Assessment.objects.unsubmitted().filter(review__cycle=cycle)

    assert states == {"waiting", "half", "revealed", "discussed", "signed"}
    assert drafts.filter(started_at=None).exists()
    assert drafts.filter(started_at__isnull=False).exists()
    assert Reopening.objects.get().submission.assessment.submission is None


def test_the_finished_cycle_is_complete(portolan):
    cycle = Cycle.objects.closed().get()

    assert {review.state for review in cycle.reviews.with_state()} == {"signed"}
    assert Submission.objects.filter(assessment__review__cycle=cycle).count() == 2 * cycle.reviews.count()


def test_managers_differ_as_managers_do(portolan):
    def share_above_the_bar(key):
        marks = Rating.objects.filter(assessment__author=portolan.people[key], point__value__isnull=False)
        return marks.filter(point__value=4).count() / marks.count()

    assert share_above_the_bar("leilani") > 3 * share_above_the_bar("rashid")


def test_what_people_write_is_their_own(portolan):
    comments = Counter(Rating.objects.exclude(comment="").values_list("comment", flat=True))

    assert sum(comments.values()) > 250
    assert [comment for comment, count in comments.items() if count > 1] == []
    assert not re.search(r"lorem|ipsum|\{|\}", " ".join(comments))


def test_evidence_is_of_a_year_and_never_of_tomorrow(portolan):
    mine = Evidence.objects.filter(person=portolan.people["priya"])

    assert Evidence.objects.count() >= 150
    assert not Evidence.objects.filter(happened_on__gt=timezone.localdate()).exists()
    assert mine.count() >= 24
    assert len({(piece.happened_on.year, piece.happened_on.month) for piece in mine}) >= 10


def test_the_case_in_preparation_lacks_nothing_but_a_signature(priya):
    assert priya.state == "draft"
    assert priya.missing() == []
    assert (priya.claims.count(), priya.stories.count(), priya.exhibits.count()) == (3, 4, 21)
    assert all(story.evidence.exists() for story in priya.stories.all())


def test_the_candidate_is_near_the_level_and_not_without_gaps(priya):
    standing = Counter((row.status, row.sustained) for row in readiness(priya))

    assert standing == {("met", 2): 7, ("met", 1): 5, ("below", 0): 3}


def test_one_case_was_promoted_and_one_has_to_wait(portolan):
    outcomes = {
        case.subject.name: case.decision.outcome for case in PromotionCase.objects.with_state().decided()
    }
    dmytro = portolan.people["dmytro"]
    promoted = PromotionCase.objects.get(subject=dmytro)

    assert outcomes == {"Dmytro Shevchuk": "promote", "Yuki Tanabe": "not-yet"}
    assert [row.level.key for row in dmytro.placements.all()] == ["lead", "senior"]
    copies = {packet.variant: packet.content["decision"] for packet in promoted.packets.all()}
    assert copies.keys() == {"committee", "candidate", "archive"}
    assert copies["committee"] is None
    assert copies["candidate"]["outcome"] == copies["archive"]["outcome"] == "Promote"
    assert [row["member"] for row in copies["archive"]["recusals"]] == ["Owen Pritchard"]


def test_one_case_is_read_without_names_and_waits_for_ballots(portolan):
    hearing = Hearing.objects.get(decision=None)

    assert hearing.masked
    assert [member.person.name for member in hearing.awaited()] == ["Anneke de Vries", "Owen Pritchard"]


def test_a_split_first_ballot_was_followed_by_a_second(portolan):
    hearing = Hearing.objects.get(case__subject=portolan.people["yuki"])

    votes = [[ballot.vote for ballot in hearing.votes_in(round)] for round in (1, 2)]
    assert sorted(votes[0]) == ["not-yet", "not-yet", "not-yet", "promote"]
    assert votes[1] == ["not-yet"] * 4


def test_the_trail_is_whole_and_in_the_order_of_time(portolan):
    times = list(Entry.objects.order_by("sequence").values_list("at", flat=True))

    assert list(breaks()) == []
    company = times[-1200:]  # the first entries are of the cast, written today
    assert all(earlier <= later for earlier, later in pairwise(company))
    assert company[-1] <= timezone.now()


def test_every_persona_is_let_in(portolan):
    personas = Organisation.here().personas

    assert len(personas) >= 9
    for persona in personas:
        client = Client()
        assert client.post(f"/sign-in/as/{persona['person']}/").status_code == 302
        assert client.session["_auth_user_id"] == str(persona["person"])


def test_its_trail_names_nobody(portolan):
    said = "\n".join(Entry.objects.values_list("data", flat=True)).lower()
    people = Person.objects.exclude(email__endswith="@testing.example")
    words = {word.lower() for name in people.values_list("name", flat=True) for word in name.split()}

    assert Entry.objects.count() > 500
    assert [email for email in people.values_list("email", flat=True) if email.lower() in said] == []
    assert [word for word in words if len(word) > 3 and re.search(rf"\b{re.escape(word)}\b", said)] == []


def test_it_is_loaded_into_an_empty_database_only(portolan):
    before = Entry.objects.count()

    with pytest.raises(NotNow, match="already has people in it"):
        load_company()

    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("manager: amara}", "manager: nobody}", "people.benedikte.manager: nobody is not a known person"),
        (
            "level: senior, since",
            "level: junior, since",
            "people.priya.place.level: junior is not a known level",
        ),
        ("roles: [hr]", "roles: [king]", "people.benedikte.roles[1]: Input should be"),
        ("marks: CCC CCDC", "marks: CXC CCDC", "has unknown marks: X"),
        ("marks: CCC CCDC", "marks: CC CCDC", "has 14 marks for 15 competencies"),
        (
            "tags: [architecture, data]",
            "tags: [cooking]",
            "evidence.priya[1].tags: cooking is not a known competency",
        ),
        ("joined: -2410", "joined: 3", "people.benedikte.joined: "),
        ("introduced: -420", "founded: -420", "founded: isn’t a field of this file format"),
        ("leave_out: [first-slice", "leave_out: [last-slice", "last-slice is not a known piece of evidence"),
    ],
)
def test_a_fault_in_the_file_is_named_with_its_line(wrong, right, said):
    text = DEMO.read_text(encoding="utf-8")
    assert wrong in text

    with pytest.raises(BadFile) as refusal:
        spec(text.replace(wrong, right, 1).encode())

    assert re.match(r"company\.yaml:\d+:\d+: ", str(refusal.value))
    assert said in str(refusal.value)
