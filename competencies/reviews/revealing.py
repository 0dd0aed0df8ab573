"""The reveal: the event by which both sides of a review come to see each other's assessment."""

from competencies.trail.models import record

from .models import Assessment, Reveal

SIDES = {Assessment.Kind.SELF, Assessment.Kind.MANAGER}


def reveal_when_both_are_in(review, *, by):
    """Write the `Reveal` of `review` once both assessments are submitted; return it, or None.

    Runs inside the transaction of a submit, which holds the review: two last submits at once make
    one reveal.
    """
    in_now = set(review.assessments.submitted().values_list("kind", flat=True))
    if not in_now >= SIDES:
        return None
    reveal, created = Reveal.objects.get_or_create(review=review)
    if created:
        record("review.revealed", review, by=by, about=review.subject)
    return reveal
