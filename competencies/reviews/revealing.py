"""The reveal: the event by which both sides of a review come to see each other's assessment."""

from .models import Assessment, Reveal

SIDES = {Assessment.Kind.SELF, Assessment.Kind.MANAGER}


def both_are_in(review):
    """Say whether both assessments of `review` are submitted and not given back."""
    return set(review.assessments.submitted().values_list("kind", flat=True)) >= SIDES


def reveal(review):
    """Write the `Reveal` of `review` and return it, or None where it is revealed already.

    Runs inside the transaction of a submit, which holds the review: two last submits at once make
    one reveal.
    """
    reveal, created = Reveal.objects.get_or_create(review=review)
    return reveal if created else None
