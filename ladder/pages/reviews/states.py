"""The state of a review, in words, and what somebody does next about it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.core.clock import now
from competencies.core.prepared import prepared
from competencies.people.models import Person
from competencies.reviews.models import Assessment, Review
from ladder.web.review_states import chip_of


@dataclass(frozen=True)
class Side:
    """One side of a review: whose, when it is due, whether it is in. Never how far a draft has come."""

    who: Person
    title: str
    due_at: datetime
    is_in: bool
    assessment: Assessment | None

    @property
    def state(self):
        if self.is_in:
            return "submitted"
        if not self.who.is_active:
            return "left"
        return "late" if self.due_at < now() else "waiting"

    @property
    def label(self):
        return {
            "submitted": _("Submitted"),
            "late": _("Late"),
            "left": _("Left before submitting"),
            "waiting": _("Not submitted yet"),
        }[self.state]

    @property
    def url(self):
        """The address of the assessment, for those who may open it; empty for the others."""
        if not self.assessment or not (self.assessment.may_write or self.assessment.may_read):
            return ""
        return self.assessment.get_absolute_url()


@dataclass(frozen=True)
class ReviewState:
    """A review as one reader finds it: its state in words, and the next step where there is one for them."""

    review: object
    state: str
    label: str
    sides: tuple
    step: str = ""
    action: str = ""
    url: str = ""
    due_at: object = None
    urgent: bool = False


def states_of(reviews, reader):
    """Return the `ReviewState` of each of `reviews` (ids): `{id: state}`. Two queries for any number."""
    assessments = assessments_by_review(reviews, reader)
    return {row.pk: state_for(row, reader, assessments[row.pk]) for row in _with_state(reviews)}


def assessments_by_review(reviews, reader):
    """Return the assessments of `reviews` (ids), marked with what `reader` may do: `{id: [Assessment]}`."""
    found = defaultdict(list)
    for assessment in _assessments_of(reviews, reader):
        found[assessment.review_id].append(assessment)
    return found


@prepared
def _with_state(reviews: list[int]):
    return Review.objects.filter(pk__in=reviews).with_state().select_related("held_level")


@prepared
def _assessments_of(reviews: list[int], reader: Person):
    rows = Assessment.objects.exclude(kind=Assessment.Kind.FORMER).filter(review__in=reviews)
    return rows.select_related("author").marking(
        reader, may_write="reviews.write_assessment", may_read="reviews.read_assessment"
    )


def state_for(review, reader, assessments):
    """Return the `ReviewState` of a review with its state, and of its assessments as read for `reader`."""
    sides = sides_of(review, assessments)
    own = _own_step(review, sides, reader)
    step = own or _talk_step(review, reader) or _wait(review, sides)
    label = review.get_state_display(reader if own else None)
    return ReviewState(review, chip_of(review), label, sides, **step)


def sides_of(review, assessments):
    """Return the two `Side`s of a review with its assessments, self first."""
    by_kind = {assessment.kind: assessment for assessment in assessments}
    cycle = review.cycle
    return (
        Side(review.subject, _("Self-assessment"), cycle.self_due_at, review.self_in, by_kind.get("self")),
        Side(
            review.manager,
            _("Manager assessment"),
            cycle.manager_due_at,
            review.manager_in,
            by_kind.get("manager"),
        ),
    )


def _own_step(review, sides, reader):
    """The assessment that the reader has to write, or nothing."""
    for side in sides:
        mine = side.assessment
        if mine and mine.may_write and mine.author_id == reader.pk:
            begun = mine.started_at is not None
            of_me = mine.kind == Assessment.Kind.SELF
            return {
                "step": _("Write your self-assessment.")
                if of_me
                else _("Write your assessment of %(name)s.") % {"name": review.subject},
                "action": _("Continue") if begun else _("Begin"),
                "url": mine.get_absolute_url(),
                "due_at": side.due_at,
                "urgent": side.state == "late",
            }
    return {}


def _talk_step(review, reader):
    """What comes after the reveal, or nothing before it."""
    if not review.is_revealed or not (review.self_in and review.manager_in):
        return {}
    here = {"action": _("Compare"), "url": reverse("review", args=[review.pk])}
    signed = review.signed_by_subject if reader.pk == review.subject_id else review.signed_by_manager
    a_side = reader.pk in (review.subject_id, review.manager_id)
    if review.state == "signed" or not a_side:
        return (
            {"step": _("Nothing more to do."), **here} if review.state == "signed" else {"step": "", **here}
        )
    if review.state == "revealed":
        return {"step": _("Read both assessments and discuss them."), **here}
    return {
        "step": _("Waiting for the other sign-off.") if signed else _("Sign off that you have read it."),
        **here,
    }


def _wait(review, sides):
    missing = [side for side in sides if not side.is_in]
    if not missing or review.cycle.state == "closed":
        return {"step": ""}
    if any(side.state == "left" for side in missing):
        return {"step": _("Someone left before submitting. HR decides what happens with this review.")}
    names = _(" and ").join(str(side.who) for side in missing)
    return {"step": _("Waiting for %(names)s.") % {"names": names}, "due_at": missing[-1].due_at}
