"""Evidence on which a rating rests stays, as far as whoever withdraws it may know of the rating."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from competencies.evidence.resting import keeps

from .models import Assessment, Rating

if TYPE_CHECKING:
    from competencies.evidence.models import Evidence
    from competencies.people.models import Person


@keeps
def rating_that_rests_on(evidence: Evidence, by: Person) -> str | None:
    """Return the words for a rating that `by` can read and that rests on `evidence`, or None."""
    readable = Assessment.objects.allowing(by, "reviews.read_assessment").values("pk")
    ratings = Rating.objects.filter(evidence=evidence, assessment__in=readable)
    rating = ratings.select_related("competency").first()
    if rating is None:
        return None
    return _("You can’t withdraw this evidence: the rating of %(competency)s uses it.") % {
        "competency": rating.competency
    }
