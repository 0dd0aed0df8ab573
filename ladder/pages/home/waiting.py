"""What a person has done their part of and waits for others to do, and what happened lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.core.clock import now
from competencies.core.prepared import prepared
from competencies.people.models import Person
from competencies.promotions.models import EndorsementRequest, PromotionCase
from competencies.reviews.models import Assessment, Review

LATELY = timedelta(weeks=3)
NAMED = 3
READ = 20


@dataclass(frozen=True)
class Line:
    """One line: what it is about, a lighter word on it, where it leads, and when it was."""

    title: str
    note: str
    url: str
    at: datetime | None = None


def waiting_for_others(person: Person, manager: Person | None, assessments, reviews, cases) -> list[Line]:
    """Return whom the reader waits for: who has not submitted, signed off, endorsed or decided yet.

    `manager` is who manages the reader today, and so signs off their review.
    """
    return [
        *_other_sides(person, assessments),
        *_signatures(person, manager, reviews),
        *_endorsements(person),
        *_decisions(cases),
    ]


def lately(person: Person, reviews: list[Review], cases: list[PromotionCase]) -> list[Line]:
    """Return what happened within three weeks, the newest first: reviews shared, decisions released."""
    since = now() - LATELY
    shared = [
        Line(
            _("Your review is shared")
            if review.subject_id == person.pk
            else _("The review of %(person)s is shared") % {"person": review.subject},
            str(review.cycle),
            review.get_absolute_url(),
            review.reveal.at,
        )
        for review in reviews
    ]
    released = [
        Line(_("A decision is released"), str(case), case.get_absolute_url(), case.decision.release.at)
        for case in cases
        if case.decision
    ]
    recent = [line for line in (*shared, *released) if line.at and line.at > since]
    return sorted(recent, key=lambda line: line.at or since, reverse=True)[:NAMED]


def _other_sides(person: Person, assessments: list[Any]) -> list[Line]:
    by_cycle: dict[object, list[Any]] = {}
    for assessment in assessments:
        if assessment.is_in and assessment.may_see and getattr(assessment.review, "reveal", None) is None:
            by_cycle.setdefault(assessment.review.cycle, []).append(assessment)
    lines = []
    for cycle, rows in by_cycle.items():
        others = [
            row.review.manager if row.kind == Assessment.Kind.SELF else row.review.subject for row in rows
        ]
        if here := [other.name for other in others if other.is_active]:
            url = rows[0].review.get_absolute_url() if len(rows) == 1 else reverse("reviews")
            lines.append(Line(_named(here), _("Assessment in %(cycle)s") % {"cycle": cycle}, url))
    return lines


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    words = ", ".join(names[:NAMED])
    return (
        ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {"names": words, "n": more}
        if more > 0
        else words
    )


def _signatures(person: Person, manager: Person | None, reviews: list[Review]) -> list[Line]:
    """Return whose sign-off alone is missing on a review that the reader has signed off."""
    lines = []
    for review in reviews:
        mine = review.subject_id == person.pk
        signed = review.signed_by_subject if mine else review.signed_by_manager
        if signed and not review.may_sign:
            other = (manager or review.manager) if mine else review.subject
            note = _("Sign-off in %(cycle)s") % {"cycle": review.cycle}
            lines.append(Line(other.name, note, review.get_absolute_url()))
    return lines


def _endorsements(person: Person) -> list[Line]:
    return [
        Line(
            request.name,
            _("Endorsement of %(person)s") % {"person": request.case.subject},
            request.case.get_absolute_url(),
        )
        for request in _requests_of(person)
    ]


@prepared
def _requests_of(person: Person):
    asked = EndorsementRequest.objects.allowing(person, "promotions.read_request").active().with_case()
    return asked.filter(by=person).order_by("expires_at", "pk")[:READ]


def _decisions(cases: list[PromotionCase]) -> list[Line]:
    words = {"proposed": _("HR"), "in-review": _("Committee"), "appealed": _("Appeal panel")}
    return [
        Line(words[case.state], _("Decision: %(case)s") % {"case": case}, case.get_absolute_url())
        for case in cases
        if case.state in words
    ]
