"""Answers: kept, refused, and closed once they are handed in."""

import pytest
from django.db import IntegrityError, transaction

from competencies.core.clock import today
from competencies.core.refusals import Denied, NotNow, Stale
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency
from competencies.reviews.limits import COMMENT_LIMIT
from competencies.reviews.models import Rating, Support, TooLong


@pytest.fixture
def rate(of_self, competencies, sam):
    """A function that answers for the first competency as Sam."""

    def rate(version=0, **answer):
        return of_self.rate(competencies[0], by=sam, version=version, **answer)

    return rate


def test_an_answer_is_kept_with_its_evidence(rate, points, evidence):
    rating = rate(point=points.consistent, comment="**Shown.**", evidence=evidence[:2])

    rating.refresh_from_db()
    assert (rating.point, rating.comment, rating.version) == (points.consistent, "**Shown.**", 1)
    assert set(rating.evidence.all()) == set(evidence[:2])


def test_evidence_stays_unless_it_is_given(rate, points, evidence):
    rate(point=points.consistent, evidence=evidence[:2])
    rate(1, point=points.developing)

    assert Support.objects.count() == 2


def test_the_first_answer_starts_the_assessment_once(rate, of_self):
    rate(comment="Begun.")
    of_self.refresh_from_db()
    begun = of_self.started_at
    rate(1, comment="Going on.")
    of_self.refresh_from_db()

    assert begun
    assert of_self.started_at == begun


def test_of_two_tabs_the_second_is_told_and_neither_text_is_lost(rate):
    rate(comment="First tab")

    with pytest.raises(Stale) as refusal:
        rate(comment="Second tab")

    assert refusal.value.details["stored"]["comment"] == "First tab"
    assert refusal.value.details["offered"]["comment"] == "Second tab"
    assert Rating.objects.get().comment == "First tab"


def test_a_version_from_nowhere_leaves_nothing_behind(rate):
    with pytest.raises(Stale):
        rate(7, comment="From nowhere")

    assert not Rating.objects.exists()


def test_a_comment_at_the_limit_is_kept_and_one_above_is_refused(rate):
    rate(comment="x" * COMMENT_LIMIT)

    with pytest.raises(TooLong):
        rate(1, comment="x" * (COMMENT_LIMIT + 1))


def test_evidence_of_somebody_else_is_refused(rate, kit, competencies):
    from competencies.core.clock import today

    theirs = Evidence.log(kit, by=kit, happened_on=today(), title="Theirs", competencies=competencies[:1])

    with pytest.raises(NotNow):
        rate(evidence=[theirs])


def test_a_competency_of_another_edition_is_refused(of_self, edition, competencies, sam):
    other = type(edition).objects.create(framework=edition.framework, number=99, digest="0")
    area = competencies[0].area
    area.pk, area.edition = None, other
    area.save()
    foreign = Competency.objects.create(edition=other, area=area, key="foreign", title="Foreign", position=1)

    with pytest.raises(NotNow):
        of_self.rate(foreign, by=sam, version=0, comment="Elsewhere.")


@pytest.mark.parametrize("who", ["mara", "dora", "hana", "stella", "kit", "otto", "gone"])
def test_nobody_answers_for_somebody_else(of_self, competencies, request, who):
    with pytest.raises(Denied):
        of_self.rate(competencies[0], by=request.getfixturevalue(who), version=0, comment="For you.")


def test_the_engineer_does_not_write_the_managers_side(of_manager, competencies, sam):
    with pytest.raises(Denied):
        of_manager.rate(competencies[0], by=sam, version=0, comment="I am great.")


@pytest.mark.parametrize(
    "write",
    [
        lambda rating: Rating.objects.filter(pk=rating.pk).update(comment="Afterwards"),
        lambda rating: rating.delete(),
        lambda rating: Rating.objects.filter(pk=rating.pk).delete(),
        lambda rating: Support.objects.create(rating=rating, evidence=Evidence.objects.first()),
        lambda rating: rating.assessment.submissions.update(snapshot="{}"),
        lambda rating: rating.assessment.submissions.all().delete(),
        lambda rating: rating.assessment.review.reveal.delete(),
    ],
    ids=["update", "delete", "delete many", "add evidence", "snapshot", "take back", "hide"],
)
def test_the_database_itself_keeps_what_was_handed_in(evidence, revealed, of_self, write):
    rating = of_self.ratings.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        write(rating)


def test_what_is_given_back_can_be_changed_and_the_former_text_stays(revealed, of_self, sam, hana, points):
    before = of_self.submissions.get().snapshot
    rating = of_self.ratings.first()

    of_self.reopen(by=hana, reason="A slip in the first line.")
    of_self.rate(
        rating.competency, by=sam, version=rating.version, point=points.developing, comment="Second thoughts."
    )
    of_self.refresh_from_db()
    of_self.submit(by=sam)

    first, second = of_self.submissions.order_by("round")
    assert first.snapshot == before
    assert "Second thoughts." in second.snapshot
    assert first.reopening.reason == "A slip in the first line."


def test_what_is_given_back_is_talked_about_again(revealed, of_self, sam, mara, hana):
    revealed.discuss(by=mara)
    of_self.reopen(by=hana, reason="A slip.")

    with pytest.raises(Denied):
        revealed.sign(by=sam)
    with pytest.raises(Denied):
        revealed.discuss(by=mara)


def test_nothing_is_given_back_once_somebody_has_signed(revealed, of_self, sam, mara, hana):
    revealed.discuss(by=mara)
    revealed.sign(by=sam)

    with pytest.raises(Denied):
        of_self.reopen(by=hana, reason="Too late.")


def test_the_target_level_moves_until_the_manager_has_begun(
    review, of_self, of_manager, levels, competencies, sam, mara
):
    assert review.aim(levels.staff, by=mara).aimed_at is not None

    of_self.rate(competencies[0], by=sam, version=0, comment="Begun.")
    assert review.aim(levels.senior, by=mara).level == levels.senior
    assert of_self.ratings.get().comment == "Begun."

    of_manager.rate(competencies[0], by=mara, version=0, comment="Begun.")
    with pytest.raises(Denied):
        review.aim(levels.staff, by=mara)


def test_the_target_level_stays_once_a_side_is_submitted(
    review, of_self, answer_all, points, levels, sam, mara
):
    answer_all(of_self, points.consistent).submit(by=sam)

    with pytest.raises(Denied):
        review.aim(levels.staff, by=mara)


def test_whoever_does_not_hold_the_review_does_not_move_its_target_level(review, levels, sam, noor, hana):
    sam.report_to(noor, starts_on=today(), by=hana)

    with pytest.raises(Denied):
        review.aim(levels.staff, by=noor)
