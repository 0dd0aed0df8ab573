from datetime import date

import pytest

from competencies.core.refusals import Denied, NotNow
from competencies.people.models import ReportingLine
from competencies.promotions.models import PromotionCase, Statement
from competencies.promotions.nomination import prospects
from competencies.trail.models import Entry


def test_a_case_opens_as_a_draft_with_its_five_empty_texts(case, sam, mara, levels, tracks):
    assert case.state == "draft"
    assert (case.sponsor, case.from_level, case.to_level, case.track) == (
        mara,
        levels.senior,
        levels.staff,
        tracks.java,
    )
    assert {row.kind for row in case.statements.all()} == set(Statement.Kind.values)
    assert Entry.objects.filter(action="case.opened", about=sam, actor=mara).exists()


@pytest.mark.parametrize("who", ["sam", "noor", "dora", "hana", "gone"])
def test_only_the_manager_of_today_may_nominate(request, who, sam, levels):
    with pytest.raises(Denied):
        PromotionCase.nominate(sam, levels.staff, by=request.getfixturevalue(who))


def test_a_level_that_is_no_next_step_is_refused(stella, mara, levels):
    with pytest.raises(NotNow, match="Lead is not a next level after Staff"):
        PromotionCase.nominate(stella, levels.lead, by=mara)


def test_somebody_without_a_level_is_refused(mara, dora, levels):
    with pytest.raises(NotNow, match="Mara has no level yet"):
        PromotionCase.nominate(mara, levels.staff, by=dora)


def test_a_second_open_case_is_refused_until_the_first_is_withdrawn(case, sam, mara, levels):
    with pytest.raises(NotNow, match="Sam already has an open case"):
        PromotionCase.nominate(sam, levels.lead, by=mara)

    case.withdraw(by=mara)
    assert PromotionCase.nominate(sam, levels.lead, by=mara).state == "draft"


def test_the_draft_of_a_former_manager_bars_nothing_and_is_told_to_no_one(
    case, sam, mara, noor, hana, levels
):
    sam.report_to(noor, starts_on=date(2025, 1, 1), by=hana)

    assert not PromotionCase.objects.allowing(mara, "promotions.read_case").filter(pk=case.pk).exists()
    assert PromotionCase.nominate(sam, levels.staff, by=noor).sponsor == noor


def test_a_proposed_case_bars_another_whoever_the_manager_is(full_case, sam, mara, noor, hana, levels):
    full_case.propose(by=mara)
    sam.report_to(noor, starts_on=date(2025, 1, 1), by=hana)

    with pytest.raises(NotNow):
        PromotionCase.nominate(sam, levels.staff, by=noor)


def test_prospects_are_reports_without_an_open_case_and_their_next_steps(case, mara, noor):
    found = {row.person.name: [level.key for level in row.steps] for row in prospects(mara)}

    assert found == {"Leo": [], "Stella": []}
    assert [[level.key for level in row.steps] for row in prospects(noor)] == [["staff", "lead"]]


def test_prospects_cost_the_same_for_many_reports(mara, noor, sam, hana, django_assert_num_queries):
    with django_assert_num_queries(5):
        prospects(noor)
    ReportingLine.objects.filter(person=sam).update(manager=noor)
    with django_assert_num_queries(5):
        assert len(prospects(noor)) == 2
