"""What a committee will miss, in words, each with the place where it is mended."""

from datetime import timedelta

import pytest

from competencies.core.clock import today
from competencies.evidence.models import Evidence
from competencies.promotions.checklist import advice, blocking, weaknesses
from competencies.promotions.contents import CaseContents
from competencies.promotions.models.endorsement import ask
from competencies.promotions.readiness import readiness
from competencies.reviews.models import Review
from tests.conftest import endorse


def words(case):
    return " ".join(gap.words for gap in advice(case))


def test_what_blocks_an_empty_draft_is_named_in_the_order_of_the_packet(case):
    places = [gap.place for gap in blocking(case)]

    assert places == ["ask", "claims", "stories", "evidence", "gaps", "manager", "endorsements"]


def test_a_full_case_is_blocked_by_nothing(full_case):
    assert blocking(full_case) == []


def test_an_endorsement_from_within_the_team_is_not_one_from_outside(case, mara):
    endorse(case, by=mara, outside=False)
    assert "endorsements" in [gap.place for gap in blocking(case)]

    endorse(case, by=mara, email="other@elsewhere.example")

    assert "endorsements" not in [gap.place for gap in blocking(case)]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"result": "Better."}, "does not measure a result"),
        ({"own_role": " "}, "the candidate’s part"),
        ({"evidence": []}, "has no evidence"),
    ],
)
def test_a_story_is_missed_a_part_of(full_case, mara, competencies, evidence, told, sentence):
    (story,) = full_case.stories.all()
    whole = {"result": "Down by 30 %.", "own_role": "They cut it.", "evidence": evidence[:1]}
    whole |= {"competencies": competencies[:1], "title": "The split"}
    story = story.rewrite(by=mara, version=story.version, **whole)
    assert sentence not in words(full_case)

    story.rewrite(by=mara, version=story.version, **(whole | told))

    (gap,) = [gap for gap in advice(full_case) if sentence in gap.words]
    assert (gap.place, gap.row) == ("story", story.pk)


def test_few_stories_and_claims_are_missed(full_case, mara):
    assert "three to five stories" in words(full_case)
    assert "room for another claim" in words(full_case)

    for title in ("a", "b"):
        full_case.tell(by=mara, title=title)

    assert "three to five stories" not in words(full_case)


def test_evidence_of_the_last_weeks_alone_is_missed_its_year(full_case, mara, sam, competencies, evidence):
    assert "last eight weeks" not in words(full_case)
    recent = [
        Evidence.log(
            sam,
            by=sam,
            happened_on=today() - timedelta(days=day),
            title="New",
            competencies=competencies[:1],
        )
        for day in (1, 2)
    ]

    full_case.choose(recent, by=mara)

    assert "last eight weeks" in words(full_case)


def test_evidence_of_one_month_alone_is_missed_the_others(full_case, mara, sam, competencies):
    month = (today() - timedelta(days=150)).replace(day=1)
    pieces = [
        Evidence.log(
            sam, by=sam, happened_on=month + timedelta(days=n), title="Old", competencies=competencies[:1]
        )
        for n in (1, 2)
    ]
    assert "from one month" not in words(full_case)

    full_case.choose(pieces, by=mara)

    assert "All evidence is from one month." in words(full_case)


def test_it_is_named_where_each_competency_is_thin(full_case, mara, sam, competencies):
    def thin(competency):
        contents = CaseContents.of(full_case)
        rows = weaknesses(readiness(full_case, contents.exhibits), contents)
        return next(row.words for row in rows if row.readiness.competency == competency)

    assert thin(competencies[0]) == ["Only one piece of evidence"]
    assert thin(competencies[5]) == ["No evidence", "No impact story shows it"]
    said = {"by": sam, "title": "New", "competencies": [competencies[5]]}
    pieces = [Evidence.log(sam, happened_on=today() - timedelta(days=day), **said) for day in (70, 3)]

    full_case.choose(pieces, by=mara)
    full_case.tell(by=mara, title="Told", competencies=[competencies[5]])

    assert thin(competencies[5]) == []


def test_a_claim_without_evidence_is_named(full_case, mara, competencies):
    assert "No evidence supports" not in words(full_case)

    full_case.claim(competencies[9], by=mara, text="Does it.", result="It shows.")

    assert f"No evidence supports the claim about {competencies[9].title}" in words(full_case)


def test_what_is_below_the_bar_has_to_stand_in_the_gaps(full_case, mara, revealed, competencies, levels):
    assert "Below expectations" not in words(full_case)
    Review.objects.filter(pk=revealed.pk).update(level=levels.staff)

    (gap,) = [gap for gap in advice(full_case) if gap.place == "gaps"]
    assert competencies[0].title in gap.words
    full_case.statement("gaps").write(f"{competencies[0].title}: not yet.", by=mara, version=1)
    (gap,) = [gap for gap in advice(full_case) if gap.place == "gaps"]
    assert competencies[0].title not in gap.words


def test_who_has_not_answered_is_counted(full_case, mara):
    assert "not answered" not in words(full_case)

    ask(full_case, by=mara, name="A", email="a@b.example", relation="peer", outside=True)

    assert "1 person who was asked has not answered" in words(full_case)


def test_an_empty_scope_is_missed(full_case, mara):
    full_case.statement("scope").write("", by=mara, version=1)

    assert "Scope and influence are empty" in words(full_case)
