"""Named people are asked, answer once, and what they sent never changes."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from competencies.core.clock import now, standing_at
from competencies.core.refusals import Denied, Incomplete, NotNow
from competencies.promotions.models.endorsement import (
    Endorsement,
    EndorsementLetter,
    EndorsementRecall,
    EndorsementRefusal,
    EndorsementRequest,
    ask,
)
from competencies.trail.models import Entry
from tests.conftest import decide, endorse

DAY = timedelta(days=1)


@pytest.fixture
def asked(case, mara):
    """Petra of elsewhere, asked by Mara and not answered."""
    return asking(case, mara)


def asking(case, by, **changed):
    said = {"name": "Petra", "email": "petra@elsewhere.example", "relation": "partner", "outside": True}
    return ask(case, by=by, **(said | changed))


def active(asked):
    return EndorsementRequest.objects.active().filter(pk=asked.pk).exists()


def again(asked):
    return EndorsementRequest.objects.get(pk=asked.pk)


def test_a_key_opens_the_request_and_a_later_one_does_not_void_it(asked, mara):
    key = asked.issue_key(by=mara)
    with standing_at(now() + 8 * DAY):
        later = again(asked).issue_key(by=mara)

    assert EndorsementRequest.objects.bearing(key) == EndorsementRequest.objects.bearing(later) == asked
    assert EndorsementRequest.objects.bearing("x" * 43) is None
    assert key not in EndorsementLetter.objects.values_list("key_digest", flat=True)


def test_a_letter_goes_out_once_a_week_at_most(asked, mara):
    asked.issue_key(by=mara)
    with standing_at(now() + 6 * DAY), pytest.raises(NotNow, match="last week"):
        again(asked).issue_key(by=mara)
    with standing_at(now() + 7 * DAY):
        again(asked).issue_key(by=mara)

    assert asked.letters.count() == 2


def test_a_letter_that_was_not_sent_does_not_count(asked, mara):
    key = asked.issue_key(by=mara)
    EndorsementRequest.drop_key(key)

    assert EndorsementRequest.objects.bearing(key) is None
    assert again(asked).may_be_reminded


def test_an_answer_is_kept_with_what_had_been_said(asked):
    endorsement = asked.endorse("She led it.", relation="mentor", outside=False)

    request = again(asked)
    assert (request.relation, request.outside, request.state) == ("mentor", False, "answered")
    assert (endorsement.asked_relation, endorsement.asked_outside) == ("partner", True)
    assert Endorsement.objects.get().is_corrected
    assert Entry.objects.get(action="endorsement.given").actor is None


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_answer_needs_words(asked, text):
    with pytest.raises(Incomplete):
        asked.endorse(text, relation="peer", outside=True)
    assert active(asked)


@pytest.mark.parametrize("ended", ["answered", "declined", "recalled", "expired", "withdrawn", "decided"])
def test_what_has_ended_is_not_answered_any_more(full_case, mara, hana, ended):
    asked = asking(full_case, mara, email="other@elsewhere.example")
    at = now()
    if ended == "answered":
        asked.endorse("Yes.", relation="peer", outside=True)
    elif ended == "declined":
        asked.decline()
    elif ended == "recalled":
        asked.take_back(by=mara)
    elif ended == "expired":
        at += EndorsementRequest.LIVES
    elif ended == "withdrawn":
        full_case.withdraw(by=mara, reason="No seat.")
    else:
        full_case.propose(by=mara)
        decide(full_case, "decline", by=hana, rationale="Early.")

    with standing_at(at):
        assert not active(asked)
        for attempt in (
            lambda: asked.endorse("Late.", relation="peer", outside=True),
            lambda: asked.decline("Late."),
        ):
            with pytest.raises(NotNow, match="closed"):
                attempt()
        with pytest.raises(Denied):
            asked.take_back(by=mara)


def test_answers_come_in_after_the_proposal(full_case, mara):
    full_case.propose(by=mara)
    asked = asking(full_case, mara, email="other@elsewhere.example")

    asked.endorse("Yes.", relation="peer", outside=True)

    assert again(asked).state == "answered"


def test_the_states_are_told_apart(asked, case, mara):
    assert asked.state == "asked"
    with standing_at(now() + EndorsementRequest.LIVES):
        assert asked.state == "expired"
    asked.decline("No time.")
    assert again(asked).state == "declined"
    other = asking(case, mara)
    other.take_back(by=mara)
    assert again(other).state == "recalled"


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("sam@testing.example", "own case"),
        ("SAM@testing.example ", "own case"),
        ("mara@testing.example", "the manager’s statement"),
    ],
)
def test_neither_candidate_nor_sponsor_is_asked(case, mara, email, words):
    with pytest.raises(NotNow, match=words) as refusal:
        asking(case, mara, email=email)
    assert refusal.value.details["field"] == "email"


def test_somebody_is_asked_again_only_after_they_declined_or_were_let_off(asked, case, mara):
    with pytest.raises(NotNow, match="already been asked"):
        asking(case, mara, email="Petra@Elsewhere.example")
    asked.take_back(by=mara)
    again_asked = asking(case, mara)
    again_asked.endorse("Yes.", relation="peer", outside=True)
    with pytest.raises(NotNow, match="already been asked"):
        asking(case, mara)


def test_there_is_an_end_to_asking(case, mara):
    for number in range(EndorsementRequest.MOST):
        asking(case, mara, email=f"p{number}@elsewhere.example")
    with pytest.raises(NotNow, match="twelve endorsements at most"):
        asking(case, mara)


def test_one_of_the_company_is_known_by_their_email(case, mara, kit, gone):
    assert asking(case, mara, email="Kit@testing.example").person == kit
    assert asking(case, mara, email="gone@testing.example").person is None
    assert kit.has_perm("promotions.answer_request", EndorsementRequest.objects.get(person=kit))


def test_what_they_say_is_read_by_the_sponsor_then_by_those_concerned_and_last_by_the_candidate(
    full_case, sam, mara, dora, hana, noor
):
    words = Endorsement.objects.get()

    def readers():
        everybody = (sam, mara, dora, hana, noor)
        return {one.name for one in everybody if one.has_perm("promotions.read_endorsement", words)}

    full_case.share(by=mara)
    assert readers() == {"Mara"}
    full_case.propose(by=mara)
    assert readers() == {"Mara", "Dora", "Hana"}
    decide(full_case, "decline", by=hana, rationale="Early.")
    assert readers() == {"Sam", "Mara", "Dora", "Hana"}


def test_those_who_are_asked_are_kept_from_a_candidate_who_does_not_write_along(full_case, sam, mara):
    request = full_case.endorsement_requests.get()
    full_case.propose(by=mara)

    assert not sam.has_perm("promotions.read_request", request)


@pytest.mark.parametrize("who", ["sam", "dora", "hana", "noor", "otto"])
def test_others_ask_nobody_and_take_nothing_back(request, case, asked, who):
    somebody = request.getfixturevalue(who)
    for attempt in (
        lambda: asking(case, somebody, email="other@elsewhere.example"),
        lambda: asked.issue_key(by=somebody),
        lambda: asked.take_back(by=somebody),
    ):
        with pytest.raises(Denied):
            attempt()


def test_the_trail_tells_nobody_that_somebody_was_asked(full_case, mara, otto, hana, sam):
    for entry in Entry.objects.filter(action__startswith="endorsement."):
        assert not hana.has_perm("trail.read_entry", entry)
        assert not sam.has_perm("trail.read_entry", entry)
        assert otto.has_perm("trail.read_entry", entry)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE promotions_endorsement SET text = 'x'",
        "DELETE FROM promotions_endorsement",
        "UPDATE promotions_endorsementrequest SET relation = 'peer'",
        "UPDATE promotions_endorsementrequest SET name = 'x'",
        "DELETE FROM promotions_endorsementrequest",
        "UPDATE promotions_endorsementletter SET at = at",
        "INSERT INTO promotions_endorsementrefusal (request_id, reason, at)"
        " SELECT request_id, '', at FROM promotions_endorsement",
        "INSERT INTO promotions_endorsementrecall (request_id, by_id, at)"
        " SELECT r.id, r.by_id, r.at FROM promotions_endorsementrequest r",
    ],
)
def test_the_database_itself_closes_what_was_sent(case, mara, statement):
    asked = asking(case, mara)
    asked.issue_key(by=mara)
    asked.endorse("Yes.", relation="peer", outside=True)

    with pytest.raises(DatabaseError, match=r"stays|already"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("came", [EndorsementRefusal, EndorsementRecall])
def test_the_database_keeps_out_a_second_answer(case, mara, came):
    asked = asking(case, mara)
    came.objects.create(request=asked, **({"by": mara} if came is EndorsementRecall else {}))

    with pytest.raises(DatabaseError, match="already"), transaction.atomic():
        Endorsement.objects.create(request=asked, text="x", asked_relation="peer", asked_outside=True)


def test_a_fixture_of_an_endorsed_case_is_what_it_says(case, mara):
    assert endorse(case, by=mara).endorsement.text == "They led the split."
