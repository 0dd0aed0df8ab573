"""Manager and candidate write one draft, where the company lets them."""

import pytest
from django.db import DatabaseError, connection, transaction

from competencies.core.refusals import Denied, NotNow, Stale
from competencies.promotions.models import Policy, PromotionCase, Sharing, Statement
from competencies.trail.models import Entry
from tests.conftest import endorse


@pytest.fixture
def shared(case, mara):
    case.share(by=mara)
    return PromotionCase.objects.get(pk=case.pk)


def may_read(person, kind, case):
    return person.has_perm("promotions.read_statement", case.statement(kind))


def test_a_shared_draft_is_read_and_written_by_the_candidate(shared, sam, competencies, evidence):
    shared.statement("scope").write("Across teams.", by=sam, version=0)
    shared.claim(competencies[0], by=sam, text="Does it.", result="It shows.")
    shared.tell(by=sam, title="The split", evidence=evidence[:1])
    shared.choose(evidence, by=sam)

    assert sam.has_perm("promotions.read_case", shared)
    assert shared.statement("scope").text == "Across teams."
    assert shared.claims.get().written_by == sam
    assert shared.stories.get().written_by == sam


def test_each_part_says_who_wrote_it_last(shared, sam, mara):
    gaps = shared.statement("gaps")
    gaps.write("Hiring.", by=sam, version=0)
    written = gaps.write("Hiring, and planning.", by=mara, version=1)

    assert (written.written_by, written.version) == (mara, 2)
    assert written.written_at is not None


def test_who_writes_over_the_other_sees_both_texts_and_whose_it_is(shared, sam, mara):
    gaps = shared.statement("gaps")
    gaps.write("Hers.", by=mara, version=0)

    with pytest.raises(Stale) as refusal:
        gaps.write("His.", by=sam, version=0)

    assert refusal.value.details["stored"] == {"text": "Hers."}
    assert refusal.value.details["writer"] == "Mara"


def test_the_managers_statement_is_theirs_alone_until_it_is_proposed(full_case, sam, mara):
    full_case.share(by=mara)
    manager = full_case.statement("manager")
    with pytest.raises(Denied):
        manager.write("I am splendid.", by=sam, version=manager.version)

    assert not may_read(sam, "manager", full_case)
    assert may_read(sam, "gaps", full_case)
    assert may_read(mara, "manager", full_case)
    full_case.propose(by=mara)
    assert may_read(sam, "manager", full_case)


def test_what_leads_a_draft_stays_with_the_sponsor(full_case, sam, mara):
    full_case.share(by=mara)
    for attempt in (
        lambda: full_case.propose(by=sam),
        lambda: full_case.unshare(by=sam),
        lambda: full_case.describe(by=sam, wanted_from=None, presenter=None, cycle=None),
    ):
        with pytest.raises(Denied):
            attempt()


@pytest.mark.parametrize("who", ["noor", "dora", "hana", "otto"])
def test_a_shared_draft_is_between_the_two(request, shared, who):
    assert not request.getfixturevalue(who).has_perm("promotions.read_case", shared)


def test_closing_it_again_keeps_what_was_written(shared, sam, mara):
    shared.statement("scope").write("Across teams.", by=sam, version=0)
    shared.unshare(by=mara)
    shared = PromotionCase.objects.get(pk=shared.pk)

    assert not sam.has_perm("promotions.read_case", shared)
    assert shared.statement("scope").text == "Across teams."
    with pytest.raises(Denied):
        shared.statement("scope").write("More.", by=sam, version=1)


def test_a_draft_is_shared_once_and_not_by_others(shared, sam, mara, hana):
    for who in (mara, sam, hana):
        with pytest.raises(Denied):
            shared.share(by=who)
    assert Sharing.objects.count() == 1


def test_where_sponsors_write_alone_nothing_is_opened(case, mara, hana, sam):
    Policy.here().change(by=hana, together=False)

    with pytest.raises(NotNow, match="alone"):
        case.share(by=mara)
    assert not sam.has_perm("promotions.read_case", case)


def test_what_is_open_stays_open_when_the_policy_ends_it(shared, sam, hana):
    Policy.here().change(by=hana, together=False)

    assert sam.has_perm("promotions.write_case", shared)


def test_the_trail_of_it_is_between_the_two_and_the_auditor(shared, sam, mara, otto, hana):
    entry = Entry.objects.get(action="case.shared")
    readers = {one.name for one in (sam, mara, otto, hana) if one.has_perm("trail.read_entry", entry)}

    assert readers == {"Sam", "Mara", "Otto"}


def test_a_sharing_is_closed_with_the_text(full_case, mara):
    full_case.share(by=mara)
    full_case.propose(by=mara)

    for statement in ("DELETE FROM promotions_sharing", "UPDATE promotions_sharing SET by_id = by_id"):
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_candidate_withdraws_what_they_can_read_and_says_why(shared, sam):
    shared.withdraw(by=sam, reason="Not this year.")

    assert PromotionCase.objects.get(pk=shared.pk).state == "withdrawn"
    assert Entry.objects.filter(action="case.dropped", actor=sam).exists()


def test_a_candidate_withdraws_no_draft_that_they_do_not_know_of(case, sam):
    with pytest.raises(Denied):
        case.withdraw(by=sam, reason="No.")


def test_the_text_of_a_shared_draft_is_still_closed_by_the_proposal(full_case, sam, mara):
    full_case.share(by=mara)
    full_case.propose(by=mara)

    with pytest.raises(Denied):
        full_case.statement("gaps").write("x", by=sam, version=1)
    assert not Statement.objects.filter(case=full_case, text="x").exists()


def test_the_candidate_of_a_shared_draft_asks_for_endorsements_until_it_is_proposed(full_case, sam, mara):
    full_case.share(by=mara)
    endorse(full_case, by=sam, email="other@elsewhere.example")
    full_case.propose(by=mara)

    with pytest.raises(Denied):
        endorse(full_case, by=sam, email="third@elsewhere.example")
    endorse(full_case, by=mara, email="third@elsewhere.example")
