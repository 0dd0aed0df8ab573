import pytest
from django.db import DatabaseError, connection, transaction

from competencies.core.refusals import Denied, Incomplete
from competencies.promotions.models import Hearing, PromotionCase, Withdrawal
from competencies.trail.models import Entry


def test_what_a_committee_would_miss_is_named(case, mara):
    with pytest.raises(Incomplete) as refusal:
        case.propose(by=mara)

    assert len(refusal.value.details["missing"]) == 7
    assert refusal.value.details["missing"] == case.missing()
    assert PromotionCase.objects.get(pk=case.pk).state == "draft"


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("ask", "does not say what you’re asking for"),
        ("gaps", "Gaps and risks are empty"),
        ("manager", "manager’s statement is empty"),
    ],
)
def test_each_required_text_is_missed_alone(full_case, mara, kind, sentence):
    full_case.statement(kind).write("  ", by=mara, version=1)

    (missing,) = full_case.missing()
    assert sentence in missing


def test_a_draft_is_its_sponsors_alone_and_a_proposal_opens_it(full_case, sam, mara, noor, dora, hana, otto):
    def readers():
        people = (sam, mara, noor, dora, hana, otto)
        return {person.name for person in people if person.has_perm("promotions.read_case", full_case)}

    assert readers() == {"Mara"}
    full_case.propose(by=mara)
    assert readers() == {"Mara", "Sam", "Dora", "Hana"}


def test_nothing_of_a_proposed_case_is_written_any_more(full_case, mara, competencies):
    full_case.propose(by=mara)
    for attempt in (
        lambda: full_case.statement("gaps").write("x", by=mara, version=1),
        lambda: full_case.claims.first().remove(by=mara),
        lambda: full_case.stories.first().remove(by=mara),
        lambda: full_case.arrange(list(full_case.stories.all()), by=mara),
        lambda: full_case.choose([], by=mara),
        lambda: full_case.propose(by=mara),
    ):
        with pytest.raises(Denied):
            attempt()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE promotions_statement SET text = 'x'",
        "DELETE FROM promotions_statement",
        "UPDATE promotions_claim SET text = 'x'",
        "UPDATE promotions_story SET title = 'x'",
        "DELETE FROM promotions_story_competencies",
        "DELETE FROM promotions_story_evidence",
        "DELETE FROM promotions_exhibit",
        "DELETE FROM promotions_proposal",
        "INSERT INTO promotions_claim (version, text, result, case_id, competency_id)"
        " SELECT 0, 'x', 'y', case_id, competency_id FROM promotions_claim",
    ],
)
def test_the_database_itself_closes_a_proposed_case(full_case, mara, statement):
    full_case.propose(by=mara)

    with pytest.raises(DatabaseError, match=r"closed|stays on record"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_draft_is_still_open_in_the_database(full_case):
    connection.cursor().execute("UPDATE promotions_statement SET text = 'x'")

    assert full_case.statements.first().text == "x"


def test_a_case_is_withdrawn_once_before_it_is_heard(full_case, mara, hana, committee):
    full_case.propose(by=mara)
    full_case.withdraw(by=mara, reason="Later.")

    assert PromotionCase.objects.get(pk=full_case.pk).state == "withdrawn"
    for attempt in (
        lambda: full_case.withdraw(by=mara),
        lambda: Hearing.empanel(full_case, committee, by=hana),
    ):
        with pytest.raises(Denied):
            attempt()
    assert Withdrawal.objects.get().reason == "Later."


def test_hr_withdraws_what_is_proposed_and_no_draft(full_case, mara, hana, dora):
    """A sponsor who moved on leaves a case that somebody has to be able to end."""
    with pytest.raises(Denied):
        full_case.withdraw(by=hana)
    full_case.propose(by=mara)
    with pytest.raises(Denied):
        full_case.withdraw(by=dora)

    full_case.withdraw(by=hana, reason="The sponsor has moved on.")

    assert PromotionCase.objects.get(pk=full_case.pk).state == "withdrawn"


def test_what_was_removed_in_another_window_is_not_rewritten(full_case, mara):
    claim, story = full_case.claims.get(), full_case.stories.get()
    same = full_case.claims.get()
    claim.remove(by=mara)

    with pytest.raises(Denied):
        same.rewrite(by=mara, version=same.version, text="Anew.")
    with pytest.raises(Denied):
        same.remove(by=mara)

    assert Entry.objects.filter(action="claim.removed").count() == 1
    assert story in full_case.stories.all()
