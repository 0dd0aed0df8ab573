"""The reveal: the event by which both sides of a review come to see each other's assessment."""

from competencies.trail.models import record

from .models import Assessment, Reveal, Review

SIDES = {Assessment.Kind.SELF, Assessment.Kind.MANAGER}


def reveal_when_both_are_in(review, *, by):
    """Write the `Reveal` of `review` once both assessments are submitted; return it, or None.

    Runs inside the transaction of a submit. The review is locked, so that two last submits at
    once make one reveal.
    """
    review = Review.objects.select_for_update().get(pk=review.pk)
    in_now = set(review.assessments.submitted().values_list("kind", flat=True))
    if not in_now >= SIDES:
        return None
    reveal, created = Reveal.objects.get_or_create(review=review)
    if created:
        record("review.revealed", review, by=by, about=review.subject)
    return reveal
