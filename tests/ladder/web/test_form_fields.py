import pytest
from django.core.exceptions import ValidationError

from competencies.evidence.models import Evidence
from ladder.web.form_fields import Rows

TOO_LARGE = "9" * 25


def test_rows_are_found_by_their_ids(evidence):
    first, second = evidence[:2]

    assert set(Rows(Evidence.objects.all()).clean([str(first.pk), str(second.pk)])) == {first, second}


@pytest.mark.parametrize("pk", [TOO_LARGE, f"-{TOO_LARGE}", "0", "x", "1\x00"])
def test_an_id_that_is_none_is_refused_and_not_an_error_of_ours(evidence, pk):
    with pytest.raises(ValidationError):
        Rows(Evidence.objects.all()).clean([str(evidence[0].pk), pk])


def test_an_answer_that_rests_on_an_impossible_id_is_refused_with_its_text(
    signed_in, of_self, competencies, sam
):
    url = f"/assessments/{of_self.pk}/ratings/{competencies[0].pk}/"

    answer = signed_in(sam).post(url, {"version": 0, "comment": "My text.", "evidence": [TOO_LARGE]})

    assert answer.status_code == 422
    assert "My text." in answer.content.decode()
