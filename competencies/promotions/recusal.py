"""Who may not answer a case: the candidate, everybody in their line, and whoever spoke for or about it.

A rule, not a choice: it is asked of the reporting lines of today and of the rows of the case, when a
hearing is convened and again with each ballot. Where names are hidden HR does not answer either: it reads
every case by name, and would know whose this is. It runs the hearing all the same.

Each ground is declared once, in `BARRING`, as a condition on rows. `grounds_among` says it of people in
words, `apart` and `barred` say it of rows, and from `barred` the trigger is made that refuses a vote.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import today
from competencies.people.models import ManagerPath, Person, RoleGrant

if TYPE_CHECKING:
    from .models import PromotionCase


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
PersonId = int | F  # a value, or a field of the row
Day = date | Combinable  # a value, or an expression over the row


@dataclass(frozen=True)
class Ground:
    """Why somebody may not answer a case.

    `holds` takes the path from a row to the case, the person and the day, the last two each as a value or an
    expression over the row, and returns the `Q` of the rows on which it does. `hearings` are the fields that
    a hearing has to have; empty where the ground is one in every hearing, and before there is any.
    """

    name: str
    holds: Callable[[str, PersonId, Day], Q]
    hearings: dict[str, str | bool] = field(default_factory=dict)


def _is_candidate(case: str, person: PersonId, day: Day) -> Q:
    return Q(**{f"{case}subject": person})


def _sponsors(case: str, person: PersonId, day: Day) -> Q:
    return Q(**{f"{case}sponsor": person})


def _in_line(case: str, person: PersonId, day: Day) -> Q:
    """Somebody the candidate stands above is in their line as much as somebody who stands above them."""
    paths, candidate = ManagerPath.objects.on(day), OuterRef(f"{case}subject")
    above = paths.filter(person=candidate, manager=_outside(person))
    below = paths.filter(manager=candidate, person=_outside(person))
    return Q(Exists(above)) | Q(Exists(below))


def _presents(case: str, person: PersonId, day: Day) -> Q:
    return Q(**{f"{case}presenter": person})


def _was_asked_to_endorse(case: str, person: PersonId, day: Day) -> Q:
    requests = _rows("EndorsementRequest").filter(case=OuterRef(f"{case}pk"), person=_outside(person))
    return Q(Exists(requests))


def _was_called_before(case: str, person: PersonId, day: Day) -> Q:
    members = _rows("Member").filter(hearing__case=OuterRef(f"{case}pk"), hearing__stage="first")
    return Q(Exists(members.filter(person=_outside(person))))


def _reads_names(case: str, person: PersonId, day: Day) -> Q:
    return Q(Exists(RoleGrant.objects.in_force().filter(role="hr", person=_outside(person))))


BARRING = [  # the first that holds is the one that is told
    Ground("self", _is_candidate),
    Ground("sponsor", _sponsors),
    Ground("chain", _in_line),
    Ground("presenter", _presents),
    Ground("endorser", _was_asked_to_endorse),
    Ground("sat-before", _was_called_before, {"stage": "appeal"}),
    Ground("hr", _reads_names, {"masked": True}),
]


def grounds_among(case: PromotionCase, people: Sequence[Person], **hearing: str | bool) -> dict[int, str]:
    """Return why each of `people` may not answer `case`: `{pk: ground}`, by rule, as it stands today.

    `hearing` says its `stage`, and whether it is `masked`. One query, whatever the number of people.
    """
    cases = _rows("PromotionCase").filter(pk=case.pk)
    asked = [
        When(Exists(cases.filter(ground.holds("", OuterRef("pk"), today()))), then=Value(ground.name))
        for ground in BARRING
        if ground.hearings.items() <= hearing.items()
    ]
    found = Person.objects.filter(pk__in=[person.pk for person in people]).order_by()
    grounds = found.values_list("pk", Case(*asked, output_field=CharField()))
    return {pk: ground for pk, ground in grounds if ground}


def apart(person: Person, path: str = "case__") -> Q:
    """Return the `Q` of rows whose case, at `path`, `person` has no part in, whichever hearing it is in."""
    always = [ground.holds(path, person.pk, today()) for ground in BARRING if not ground.hearings]
    return ~reduce(or_, always)


def barred(names: Sequence[str], path: str, person: PersonId, day: Day) -> Q:
    """Return the `Q` of rows in whose hearing, at `path`, a ground of `names` keeps `person` from a vote.

    `person` (an id) and `day` are values, or expressions over the row.
    """
    held = [
        Q(**{f"{path}{name}": value for name, value in ground.hearings.items()})
        & ground.holds(f"{path}case__", person, day)
        for ground in BARRING
        if ground.name in names
    ]
    return reduce(or_, held)


def called(path: str, person: PersonId) -> Q:
    """Return the `Q` of rows to whose hearing, at `path`, `person` was called."""
    return Q(Exists(_rows("Member").filter(hearing=OuterRef(f"{path}pk"), person=_outside(person))))


def recused(path: str, person: PersonId) -> Q:
    """Return the `Q` of rows in whose hearing, at `path`, `person` was recused, by rule or by choice."""
    return Q(Exists(_rows("Recusal").filter(hearing=OuterRef(f"{path}pk"), person=_outside(person))))


def reading_names(people: Sequence[Person]) -> set[int]:
    """Return which of `people` read every case by name, whatever a hearing hides: `{pk}`, as of today."""
    return set(
        Person.objects.filter(pk__in=[p.pk for p in people]).holding("hr").values_list("pk", flat=True)
    )


def _rows(name: str) -> QuerySet[Any]:
    """Return all rows of a model of this app: most of them ask this file, so it is asked for late."""
    rows: QuerySet[Any] = apps.get_model("promotions", name)._base_manager.all()
    return rows


def _outside(person: PersonId) -> PersonId:
    """Return what `person` is inside a subquery: a field of a row is one of the row outside."""
    if not isinstance(person, F):
        return person
    if isinstance(person, OuterRef):
        return OuterRef(person)
    return OuterRef(person.name)  # type: ignore[attr-defined]  # Django's own, and not in its stubs
