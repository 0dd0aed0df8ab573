"""The rule of `recusal` as a condition on rows: whose cases somebody has no part in."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from competencies.people.models import Person

from .models import EndorsementRequest


def apart(person: Person, path: str = "case__") -> Q:
    """Return the `Q` of rows whose case, at `path`, `person` has no part in: the rule of `grounds_among`.

    Somebody the candidate stands above is in their line as much as somebody who stands above them.
    """
    subject = f"{path}subject"
    superiors = Person.objects.above(person).values("pk")
    involved = (
        Q(**{subject: person})
        | Q(**{f"{path}sponsor": person})
        | Q(**{f"{path}presenter": person})
        | Q(**{f"{subject}__in": superiors})
    )
    return ~Q(involved) & ~person.over(subject) & ~Q(**{f"{path}pk__in": _endorsed_by(person)})


def _endorsed_by(person: Person) -> QuerySet[EndorsementRequest, Any]:
    return EndorsementRequest.objects.filter(person=person).values("case")
