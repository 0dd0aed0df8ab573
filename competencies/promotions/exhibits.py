"""Evidence that a promotion case shows stays, as far as whoever withdraws it may know of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from competencies.evidence.resting import keeps

from .models import Exhibit, PromotionCase, Story

if TYPE_CHECKING:
    from competencies.evidence.models import Evidence
    from competencies.people.models import Person


@keeps
def case_that_shows(evidence: Evidence, by: Person) -> str | None:
    """Return the words for a case that `by` can read and that shows `evidence`, or None."""
    exhibits, stories = (kind.objects.filter(evidence=evidence).values("case") for kind in (Exhibit, Story))
    shows = Q(pk__in=exhibits) | Q(pk__in=stories)
    case = PromotionCase.objects.allowing(by, "promotions.read_case").filter(shows).first()
    return _("A promotion case uses this evidence, so you can’t withdraw it.") if case else None
