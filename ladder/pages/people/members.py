"""What a list of people tells of each: level, latest review, ratings, evidence and open case."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Max, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from competencies.core.clock import today
from competencies.core.prepared import prepared
from competencies.evidence.models import Evidence
from competencies.framework.models import Level, ScalePoint
from competencies.people.chart import reports_of
from competencies.people.models import Person, Placement
from competencies.promotions.models import PromotionCase
from competencies.promotions.models.hearing import heard
from competencies.reviews.models import Assessment, Rating, Review

from .placements import managers_of, placements_of

QUIET_AFTER = 35  # days
Lineage = tuple[int, str]


class LastRating(NamedTuple):
    """A manager's rating: its value, None where nothing was observed, its label, and where it is met."""

    value: int | None
    label: str
    competency: int
    bar: int | None

    @property
    def gap(self) -> int:
        """How many steps it is below what the target level expects."""
        return 0 if self.value is None or self.bar is None else max(0, self.bar - self.value)


@dataclass
class Member:
    """A person with what is shown of them; ratings are those of its two assessments, by lineage."""

    person: Person
    placement: Placement | None = None
    manager: Person | None = None
    reports: int = 0
    review: Review | None = None
    shared: Review | None = None
    assessment: int | None = None
    earlier_assessment: int | None = None
    latest_evidence: date | None = None
    case: PromotionCase | None = None
    ratings: dict[Lineage, LastRating] = field(default_factory=dict)
    earlier_ratings: dict[Lineage, LastRating] = field(default_factory=dict)

    @property
    def quiet(self) -> bool:
        """Whether nothing was written down for five weeks."""
        return self.latest_evidence is None or (today() - self.latest_evidence).days > QUIET_AFTER

    @property
    def gap(self) -> int:
        """The steps below the expectations of the target level, over all competencies."""
        return sum(rating.gap for rating in self.ratings.values())

    @property
    def assessed_at(self) -> Level | None:
        """The target level of the latest review, where it is another than the level held."""
        level = self.review.level if self.review else None
        if level and self.placement and level.lineage == self.placement.level.lineage:
            return None
        return level

    @property
    def case_state(self) -> tuple[str, str]:
        """The state of the open case, and in words."""
        if getattr(self.case, "appeal", None) or getattr(self.case, "is_heard", False):
            return "in-review", _("In committee")
        if getattr(self.case, "proposal", None):
            return "proposed", _("Proposed")
        return "draft", _("Draft")


@dataclass(frozen=True)
class Members:
    """Reads what `visitor` may know of people: six queries for any number, more for managers and reports."""

    visitor: Person
    with_managers: bool = False
    with_reports: bool = False
    with_earlier: bool = False

    def of(self, people: list[Person]) -> list[Member]:
        ids = [person.pk for person in people]
        placements = placements_of(ids)
        managers = managers_of(ids) if self.with_managers else {}
        reports = reports_of(ids) if self.with_reports else {}
        evidence = dict(_latest_evidence(ids, self.visitor))
        cases = {case.subject_id: case for case in _open_cases(ids, self.visitor)}
        members = [
            Member(
                person,
                placements.get(person.pk),
                managers.get(person.pk),
                reports=reports.get(person.pk, 0),
                latest_evidence=evidence.get(person.pk),
                case=cases.get(person.pk),
            )
            for person in people
        ]
        self._add_reviews(members, ids)
        self._add_ratings(members)
        return members

    def _add_reviews(self, members: list[Member], ids: list[int]) -> None:
        by_person = {member.person.pk: member for member in members}
        for review in _reviews_of(ids, self.visitor):
            member = by_person[review.subject_id]
            member.review = member.review or review
            if not review.is_revealed:
                continue
            if member.shared is None:
                member.shared, member.assessment = review, review.by_manager
            else:
                member.earlier_assessment = review.by_manager

    def _add_ratings(self, members: list[Member]) -> None:
        """Read the ratings by the ids of their assessments: asked as one, PostgreSQL reads the company's."""
        read = {one.assessment: one.ratings for one in members if one.assessment}
        if self.with_earlier:
            read |= {one.earlier_assessment: one.earlier_ratings for one in members if one.earlier_assessment}
        for assessment, framework, key, competency, value, label, bar in _ratings_in(sorted(read)):
            read[assessment][framework, key] = LastRating(value, label or "", competency, bar)


@prepared
def _latest_evidence(people: list[int], visitor: Person):
    pieces = Evidence.objects.filter(person__in=people).allowing(visitor, "evidence.read_evidence")
    return pieces.order_by().values_list("person").annotate(day=Max("happened_on"))


@prepared
def _open_cases(people: list[int], visitor: Person):
    cases = PromotionCase.objects.filter(subject__in=people).allowing(visitor, "promotions.read_case").open()
    return (
        cases.select_related("to_level", "proposal", "appeal")
        .annotate(is_heard=heard())
        .order_by("opened_at")
    )


@prepared
def _reviews_of(people: list[int], visitor: Person):
    """The newest review of each person, and the two newest that are shared, newest first."""
    theirs = Review.objects.filter(subject=OuterRef("subject")).order_by("-cycle__opening__at", "-pk")
    newest = theirs.allowing(visitor, "reviews.read_review").values("pk")[:1]
    shared = theirs.allowing(visitor, "reviews.compare_review").values("pk")[:2]
    by_manager = Assessment.objects.submitted().filter(review=OuterRef("pk"), kind=Assessment.Kind.MANAGER)
    rows = Review.objects.filter(Q(pk__in=newest) | Q(pk__in=shared), subject__in=people)
    rows = rows.with_state().select_related("level__edition").order_by("-cycle__opening__at", "-pk")
    return rows.annotate(by_manager=Subquery(by_manager.order_by().values("pk")[:1]))


@prepared
def _ratings_in(assessments: list[int]):
    met = ScalePoint.objects.filter(scale=OuterRef("point__scale"), bar=True, value__isnull=False)
    rows = Rating.objects.filter(assessment__in=assessments).order_by()
    return rows.annotate(bar=Subquery(met.order_by("value").values("value")[:1])).values_list(
        "assessment",
        "competency__edition__framework",
        "competency__key",
        "competency",
        "point__value",
        "point__label",
        "bar",
    )
