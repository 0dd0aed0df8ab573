"""Who may do what to reviews. Authority over somebody is the reporting line of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from competencies.core.permissions import rule
from competencies.trail.audit_reads import Reading
from competencies.trail.visibility import keep_quiet, keep_to_the_auditor

from .models import Assessment, Review, Signoff

if TYPE_CHECKING:
    from competencies.people.models import Person


SUBMITTED = Assessment.objects.is_submitted()
SHOWN = Q(review__reveal__isnull=False) | Q(review__cycle__blind=False)
RUNNING = Q(review__cycle__opening__isnull=False, review__cycle__closing=None)

ASSESSMENT = Reading("assessment.read", about="review.subject", shown=lambda row: row.submission is not None)
COMPARISON = Reading("review.read", about="subject")

keep_quiet("rating.saved")
keep_to_the_auditor("assessment.redacted")


@rule("reviews.read_cycle", on="reviews.Cycle")
def read_cycle(person: Person) -> Q:
    """HR all; others those that are or were open and have a review of them or of somebody below."""
    reviews = Review.objects.filter(cycle=OuterRef("pk"))
    concerned = Q(Exists(reviews.filter(subject=person))) | Q(Exists(reviews.below(person)))
    return person.holding("hr") | (Q(opening__isnull=False) & concerned)


@rule("reviews.run_cycle", on="reviews.Cycle")
def run_cycle(person: Person) -> Q:
    return person.holding("hr")


@rule("reviews.open_cycle", on="reviews.Cycle")
def open_cycle(person: Person) -> Q:
    return Q(opening=None) & person.holding("hr")


@rule("reviews.close_cycle", on="reviews.Cycle")
def close_cycle(person: Person) -> Q:
    return Q(opening__isnull=False, closing=None) & person.holding("hr")


@rule("reviews.read_review", on="reviews.Review")
def read_review(person: Person) -> Q:
    return Q(subject=person) | person.over("subject") | person.holding("hr")


@rule("reviews.compare_review", on="reviews.Review", reading=COMPARISON)
def compare_review(person: Person) -> Q:
    """Both assessments side by side, after the reveal. What was given back since is not among them."""
    return Q(reveal__isnull=False) & read_review(person)


@rule("reviews.aim_review", on="reviews.Review")
def aim_review(person: Person) -> Q:
    """Those of one's reports that one holds, until one has begun oneself or a side is submitted.

    Whether somebody else has begun is theirs to know: neither a button nor a refusal tells it.
    """
    running = Q(cycle__opening__isnull=False, cycle__closing=None)
    fixed = Q(kind=Assessment.Kind.MANAGER, started_at__isnull=False) | SUBMITTED
    begun = Assessment.objects.filter(fixed, review=OuterRef("pk"))
    return running & ~Exists(begun) & Q(manager=person, subject__in=person.reports().values("pk"))


@rule("reviews.hand_over_review", on="reviews.Review")
def hand_over_review(person: Person) -> Q:
    running = Q(cycle__opening__isnull=False, cycle__closing=None)
    return running & ~Q(subject=person) & person.holding("hr")


@rule("reviews.discuss_review", on="reviews.Review")
def discuss_review(person: Person) -> Q:
    both_in = Q(reveal__isnull=False) & ~Exists(Assessment.objects.unsubmitted().filter(_side_of_review()))
    return both_in & Q(discussion=None) & Q(subject__in=person.reports().values("pk"))


@rule("reviews.sign_review", on="reviews.Review")
def sign_review(person: Person) -> Q:
    mine = Q(subject=person) | Q(subject__in=person.reports().values("pk"))
    signed = Signoff.objects.filter(review=OuterRef("pk"), by=person)
    return Q(discussion__isnull=False) & mine & Q(~Exists(signed))


@rule("reviews.read_assessment", on="reviews.Assessment", reading=ASSESSMENT)
def read_assessment(person: Person) -> Q:
    """One's own always; the other side's after the reveal; those above and HR once it is handed in."""
    reports = person.reports().values("pk")
    own = Q(author=person) & (Q(kind=Assessment.Kind.SELF) | Q(review__subject__in=reports))
    over = person.over("review__subject") | person.holding("hr")
    shown = SUBMITTED & SHOWN & (Q(review__subject=person) | over)
    return own | shown | (SUBMITTED & ~_of_a_side(person) & over)


@rule("reviews.write_assessment", on="reviews.Assessment")
def write_assessment(person: Person) -> Q:
    of_me = Q(kind=Assessment.Kind.SELF, review__subject=person)
    of_mine = Q(
        kind=Assessment.Kind.MANAGER,
        review__manager=person,
        review__subject__in=person.reports().values("pk"),
    )
    return Q(author=person) & RUNNING & ~SUBMITTED & (of_me | of_mine)


@rule("reviews.submit_assessment", on="reviews.Assessment")
def submit_assessment(person: Person) -> Q:
    return write_assessment(person)


@rule("reviews.reopen_assessment", on="reviews.Assessment", reading=ASSESSMENT)
def reopen_assessment(person: Person) -> Q:
    signed = Signoff.objects.filter(review=OuterRef("review"))
    return SUBMITTED & RUNNING & ~_of_a_side(person) & ~Exists(signed) & person.holding("hr")


def _of_a_side(person: Person) -> Q:
    """The assessments of reviews of which `person` is a side, or becomes one as the manager of today."""
    reports = person.reports().values("pk")
    return Q(review__subject=person) | Q(review__manager=person) | Q(review__subject__in=reports)


def _side_of_review() -> Q:
    return Q(review=OuterRef("pk"), kind__in=(Assessment.Kind.SELF, Assessment.Kind.MANAGER))
