from unittest import mock

from competencies.access.refusal import Denied
from competencies.reviews.models import Review


def test_what_is_denied_between_finding_and_doing_looks_missing(signed_in, revealed, mara):
    """Two tabs at once: both find the review, and the second is too late."""
    with mock.patch.object(Review, "discuss", side_effect=Denied("reviews.discuss_review")):
        answer = signed_in(mara).post(f"/reviews/{revealed.pk}/discussion/")

    assert answer.status_code == 404
