"""Who may not answer a case: the candidate, everybody in their line, and whoever spoke for or about it.

A rule, not a choice: it is asked of the reporting lines of today and of the rows of the case, when a
hearing is convened and again with each ballot. Where names are hidden HR does not answer either: it reads
every case by name, and would know whose this is. It runs the hearing all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from competencies.people.models import Person

if TYPE_CHECKING:
    from .models import Hearing, PromotionCase


GROUNDS = {
    "self": _("the candidate"),
    "chain": _("in the candidate's reporting line"),
    "sponsor": _("sponsor of the case"),
    "presenter": _("presents the case"),
    "endorser": _("was asked to endorse the candidate"),
    "sat-before": _("sat in the first hearing"),
    "hr": _("is of HR, which reads every case by name"),
    "declared": _("declared a conflict"),
    "absent": _("could not take part"),
}
BY_RULE = ("self", "chain", "sponsor", "presenter", "endorser", "sat-before")


def grounds_among(
    case: PromotionCase, people: Sequence[Person], *, first_hearing: Hearing | None = None
) -> dict[int, str]:
    """Return why each of `people` may not answer `case`: `{pk: ground}`, by rule, as it stands today.

    `first_hearing` is given for that of an appeal: nobody answers the same case twice. Four queries,
    whatever the number of people.
    """
    line = {person.pk for person in case.subject.above()} | {person.pk for person in case.subject.below()}
    endorsers = set(case.endorsement_requests.exclude(person=None).values_list("person", flat=True))
    sat = set(first_hearing.members.values_list("person", flat=True)) if first_hearing else set()
    asked: list[tuple[str, AbstractSet[int | None]]] = [
        ("self", {case.subject_id}),
        ("sponsor", {case.sponsor_id}),
        ("chain", line),
        ("presenter", {case.presenter_id}),
        ("endorser", endorsers),
        ("sat-before", sat),
    ]
    return {
        person.pk: ground
        for person in people
        for ground in [next((name for name, barred in asked if person.pk in barred), None)]
        if ground
    }


def reading_names(people: Sequence[Person]) -> set[int]:
    """Return which of `people` read every case by name, whatever a hearing hides: `{pk}`, as of today."""
    return set(
        Person.objects.filter(pk__in=[p.pk for p in people]).holding("hr").values_list("pk", flat=True)
    )
