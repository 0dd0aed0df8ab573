"""A manager's team at a glance: who stands where, what is open, and the heat-map of the last reviews."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competencies.core.clock import today
from competencies.evidence.models import Evidence
from competencies.framework.in_force import InForce
from competencies.framework.models import Competency, Edition, RatingScale
from competencies.people.models import Person, Placement
from competencies.reviews.models import Assessment, Rating, Review
from ladder.web.request import Request

from .placements import with_placements

LONGEST = 200


@dataclass
class Member:
    """One report: standing, latest review, evidence, and the manager's last ratings by `lineage`."""

    person: Person
    placement: Placement | None
    review: Review | None
    latest_evidence: date | None
    ratings: dict[tuple[int, str], Rating]

    @property
    def quiet(self):
        """Whether nothing was written down for five weeks."""
        return self.latest_evidence is None or (today() - self.latest_evidence).days > 35


@require_safe
def team(request: Request) -> HttpResponse:
    people = request.user.reports().active().annotate(latest_evidence=latest_evidence())[:LONGEST]
    members = members_of(people, request.user)
    context = {
        "members": members,
        "heat": heat_of(members, InForce()),
        "any_rated": any(member.ratings for member in members),
    }
    return render(request, "people/team.html", context)


def heat_of(members, in_force):
    """Return a block for each framework that members are placed on: its edition, and their last ratings.

    Whoever has no placement stands in the block of their last review, or in the only one there is.
    """
    members_by: dict[Edition | None, list[Member]] = {}
    for member in members:
        edition = in_force.of(member.placement)
        if edition is None and member.placement is None and member.review:
            edition = in_force.of_framework(member.review.level.edition.framework_id)
        members_by.setdefault(edition, []).append(member)
    editions = [edition for edition in in_force.editions if edition in members_by]
    competencies = Competency.objects.filter(edition__in=editions).select_related("area", "edition")
    columns: dict[int, list[Competency]] = {edition.pk: [] for edition in editions}
    for competency in competencies.order_by("edition", "position"):
        columns[competency.edition_id].append(competency)
    points = RatingScale.objects.filter(edition__in=editions).prefetch_related("points")
    scales = {scale.edition_id: scale.points.all() for scale in points}
    return [
        {
            "edition": edition,
            "competencies": columns[edition.pk],
            "points": scales[edition.pk],
            "rows": [
                {"member": member, "cells": [member.ratings.get(one.lineage) for one in columns[edition.pk]]}
                for member in members_by[edition]
            ],
        }
        for edition in editions
    ]


def latest_evidence():
    """The day of a person's newest piece of evidence."""
    newest = (
        Evidence.objects.not_withdrawn()
        .filter(person=OuterRef("pk"))
        .order_by()
        .values("person")
        .annotate(day=Max("happened_on"))
    )
    return Subquery(newest.values("day"))


def members_of(people, visitor):
    """Return a `Member` for each of `people`: six queries for any number."""
    rows = with_placements(people)
    latest = {}
    reviews = Review.objects.filter(subject__in=[row["person"] for row in rows]).allowing(
        visitor, "reviews.read_review"
    )
    for review in reviews.with_state().select_related("level__edition").order_by("cycle__opening__at"):
        latest[review.subject_id] = review
    ratings = last_ratings([row["person"].pk for row in rows], visitor)
    return [
        Member(
            person=row["person"],
            placement=row["placement"],
            review=latest.get(row["person"].pk),
            latest_evidence=row["person"].latest_evidence,
            ratings=ratings.get(row["person"].pk, {}),
        )
        for row in rows
    ]


def last_ratings(people, visitor):
    """Return the manager's ratings of each person's newest revealed review: `{person: {lineage: Rating}}`."""
    newest = (
        Review.objects.revealed()
        .allowing(visitor, "reviews.compare_review")
        .filter(subject=OuterRef("review__subject"))
        .order_by("-cycle__opening__at")
        .values("pk")[:1]
    )
    assessments = Assessment.objects.submitted().filter(
        kind=Assessment.Kind.MANAGER, review__subject__in=people, review=Subquery(newest)
    )
    found: dict[int, dict[tuple[int, str], Rating]] = {}
    for rating in Rating.objects.filter(assessment__in=assessments).select_related(
        "point", "competency__edition", "assessment__review"
    ):
        found.setdefault(rating.assessment.review.subject_id, {})[rating.competency.lineage] = rating
    return found
