import pytest

from competencies.core.refusals import Stale
from competencies.trail.models import Entry


def test_an_answer_that_is_already_kept_changes_nothing(of_self, competencies, points, sam):
    def save():
        return of_self.rate(
            competencies[0], by=sam, version=0, point=points.consistent, comment="Once.", evidence=[]
        )

    first, entries = save(), Entry.objects.count()
    second = save()

    assert (first.version, second.version) == (1, 1)
    assert Entry.objects.count() == entries


def test_other_evidence_with_an_old_version_is_a_conflict(of_self, competencies, evidence, sam):
    of_self.rate(competencies[0], by=sam, version=0, comment="Once.", evidence=evidence[:1])

    with pytest.raises(Stale):
        of_self.rate(competencies[0], by=sam, version=0, comment="Once.", evidence=evidence[1:2])


def test_one_more_piece_leaves_the_rest_of_the_answer(of_self, competencies, points, evidence, sam):
    of_self.support(competencies[0], evidence[0], by=sam)
    of_self.rate(competencies[0], by=sam, version=1, point=points.consistent, comment="Text.")
    rating = of_self.support(competencies[0], evidence[1], by=sam)

    assert set(rating.evidence.all()) == set(evidence[:2])
    assert (rating.point, rating.comment) == (points.consistent, "Text.")
