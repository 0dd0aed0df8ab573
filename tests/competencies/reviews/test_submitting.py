import pytest

from competencies.core.refusals import Denied
from competencies.reviews.models import Review, Unrated


def test_both_sides_in_reveals_the_review(revealed):
    review = Review.objects.with_state().get(pk=revealed.pk)

    assert review.state == "revealed"


def test_with_ratings_missing_it_is_refused_and_names_them(of_self, competencies, points, sam):
    of_self.rate(competencies[0], by=sam, version=0, point=points.consistent)

    with pytest.raises(Unrated) as refusal:
        of_self.submit(by=sam)

    assert refusal.value.competencies == competencies[1:]
    assert not of_self.submissions.exists()


def test_a_second_submit_is_refused(revealed, of_self, sam):
    with pytest.raises(Denied):
        of_self.submit(by=sam)
