"""What a sponsor writes into a draft: texts, claims, stories, evidence."""

from datetime import date

import pytest

from competencies.core.refusals import Denied, NotNow, Stale
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency
from competencies.trail.models import Entry


@pytest.fixture
def gaps(case):
    return case.statement("gaps")


@pytest.fixture
def of_kit(kit, competencies):
    """A piece of Kit's work: nothing to do with Sam's case."""
    return Evidence.log(
        kit, by=kit, happened_on=date(2026, 1, 5), title="Elsewhere", competencies=competencies[:1]
    )


@pytest.fixture
def stranger(edition, competencies):
    """A competency of another edition."""
    first = competencies[0]
    other = edition.framework.editions.create(number=99, digest="0" * 64)
    area = other.area_set.create(key="a", title="A", position=1)
    return Competency.objects.create(edition=other, area=area, key=first.key, title="Twin", position=1)


def test_a_text_is_kept_and_its_version_steps(gaps, mara):
    written = gaps.write("Hiring.", by=mara, version=0)

    assert (written.text, written.version) == ("Hiring.", 1)


def test_a_stale_text_is_refused_and_neither_is_lost(gaps, mara):
    gaps.write("From one tab.", by=mara, version=0)

    with pytest.raises(Stale) as refusal:
        gaps.write("From the other.", by=mara, version=0)

    assert refusal.value.details == {
        "stored": {"text": "From one tab."},
        "offered": {"text": "From the other."},
        "version": 1,
        "writer": "Mara",
    }


def test_the_same_text_again_changes_nothing(gaps, mara):
    gaps.write("Hiring.", by=mara, version=0)
    before = Entry.objects.count()

    assert gaps.write("Hiring.", by=mara, version=0).version == 1
    assert Entry.objects.count() == before


@pytest.mark.parametrize("who", ["sam", "noor", "dora", "hana"])
def test_nobody_but_the_sponsor_writes(request, who, case, gaps, competencies):
    somebody = request.getfixturevalue(who)
    for attempt in (
        lambda: gaps.write("x", by=somebody, version=0),
        lambda: case.claim(competencies[0], by=somebody, text="x", result="y"),
        lambda: case.tell(by=somebody, title="x"),
        lambda: case.choose([], by=somebody),
        lambda: case.propose(by=somebody),
        lambda: case.withdraw(by=somebody),
    ):
        with pytest.raises(Denied):
            attempt()


def test_a_fourth_claim_is_refused(case, mara, competencies):
    for competency in competencies[:3]:
        case.claim(competency, by=mara, text="Does it.", result="It shows.")

    with pytest.raises(NotNow, match="three claims at most"):
        case.claim(competencies[3], by=mara, text="Does it.", result="It shows.")
    assert case.claims.count() == 3


def test_a_claim_is_rewritten_and_removed(case, mara, competencies):
    claim = case.claim(competencies[0], by=mara, text="Does it.", result="It shows.")
    claim = claim.rewrite(
        by=mara, version=0, competency=competencies[1], text="Does more.", result="It shows."
    )
    assert (claim.text, claim.competency, claim.version) == ("Does more.", competencies[1], 1)

    with pytest.raises(Stale):
        claim.rewrite(by=mara, version=0, text="Late.", result="Late.")
    claim.remove(by=mara)
    assert not case.claims.exists()


def test_a_competency_of_another_edition_is_refused(case, mara, competencies, stranger):
    claim = case.claim(competencies[0], by=mara, text="a", result="b")
    for attempt in (
        lambda: case.claim(stranger, by=mara, text="a", result="b"),
        lambda: claim.rewrite(by=mara, version=0, competency=stranger, text="a", result="b"),
        lambda: case.tell(by=mara, title="t", competencies=[stranger]),
    ):
        with pytest.raises(NotNow, match="another edition"):
            attempt()
    assert not case.stories.exists()


def test_a_story_is_told_and_told_again(case, mara, competencies, evidence):
    story = case.tell(
        by=mara, title="Split", competencies=competencies[:2], evidence=evidence[:1], context="One."
    )
    story = story.rewrite(
        by=mara,
        version=0,
        title="Split",
        competencies=competencies[:1],
        evidence=[],
        context="One.",
        result="Two.",
    )

    assert [label for label, _text in story.written_texts] == ["Context", "Result"]
    assert list(story.competencies.all()) == competencies[:1]
    with pytest.raises(Stale):
        story.rewrite(by=mara, version=0, competencies=[], evidence=[], title="Late")


def test_stories_keep_the_order_they_are_put_in(case, mara):
    first, second, third = (case.tell(by=mara, title=title) for title in ("a", "b", "c"))
    case.arrange([third, first, second], by=mara)
    assert [story.title for story in case.stories.all()] == ["c", "a", "b"]

    first.remove(by=mara)
    case.tell(by=mara, title="d")
    assert [story.title for story in case.stories.all()] == ["c", "b", "d"]
    with pytest.raises(NotNow, match="have changed"):
        case.arrange([second], by=mara)


def test_evidence_of_somebody_else_is_refused(case, mara, of_kit, evidence):
    for attempt in (
        lambda: case.choose([*evidence, of_kit], by=mara),
        lambda: case.tell(by=mara, title="t", evidence=[of_kit]),
    ):
        with pytest.raises(NotNow, match="someone else’s work"):
            attempt()
    assert not case.exhibits.exists()
    assert not case.stories.exists()


def test_choosing_again_replaces_the_choice(case, mara, evidence):
    case.choose(evidence[:2], by=mara)
    case.choose(evidence[1:3], by=mara)

    assert {row.evidence for row in case.exhibits.all()} == set(evidence[1:3])
