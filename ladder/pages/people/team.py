"""A manager's team at a glance: who stands where, what is open, and the heat-map of the last reviews."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Max, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competencies.core.clock import today
from competencies.core.prepared import prepared
from competencies.evidence.models import Evidence
from competencies.framework.in_force import InForce
from competencies.framework.models import Competency, Edition, RatingScale
from competencies.people.models import Person, Placement
from competencies.reviews.models import Assessment, Rating, Review
from ladder.web.request import Request

from .placements import with_placements

LONGEST = 200


class LastRating(NamedTuple):
    """A rating as the heat-map shows it: the step's value, None where nothing was observed, and its label."""

    value: int | None
    label: str


@dataclass
class Member:
    """One report: standing, latest review, evidence, and the manager's last ratings by `lineage`."""

    person: Person
    placement: Placement | None
    review: Review | None
    latest_evidence: date | None
    ratings: dict[tuple[int, str], LastRating]

    @property
    def quiet(self):
        """Whether nothing was written down for five weeks."""
        return self.latest_evidence is None or (today() - self.latest_evidence).days > 35


@require_safe
def team(request: Request) -> HttpResponse:
    members = members_of(reports_of(request.user), request.user)
    context = {
        "members": members,
        "heat": heat_of(members, InForce()),
        "any_rated": any(member.ratings for member in members),
    }
    return render(request, "people/team.html", context)


@prepared
def reports_of(person: Person):
    return person.reports().active().annotate(latest_evidence=latest_evidence())[:LONGEST]


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
    pks = [edition.pk for edition in editions]
    columns: dict[int, list[Competency]] = {pk: [] for pk in pks}
    for competency in _competencies(pks):
        columns[competency.edition_id].append(competency)
    scales = {scale.edition_id: scale.points.all() for scale in _scales(pks)}
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


@prepared
def _competencies(editions: list[int]):
    rows = Competency.objects.filter(edition__in=editions).select_related("area", "edition")
    return rows.order_by("edition", "position")


@prepared
def _scales(editions: list[int]):
    return RatingScale.objects.filter(edition__in=editions).prefetch_related("points")


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
    """Return a `Member` for each of `people`: five queries for any number."""
    rows = with_placements(people)
    latest = {}
    for review in _reviews_of([row["person"].pk for row in rows], visitor):
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
    """Return the manager's ratings in each newest revealed review: `{person: {lineage: LastRating}}`.

    Two queries: asked as one, PostgreSQL reads all ratings of the company.
    """
    subjects = dict(_last_assessments(people, visitor))
    found: dict[int, dict[tuple[int, str], LastRating]] = {}
    for assessment, framework, key, value, label in _ratings_in(sorted(subjects)):
        found.setdefault(subjects[assessment], {})[framework, key] = LastRating(value, label or "")
    return found


@prepared
def _reviews_of(people: list[int], visitor: Person):
    reviews = Review.objects.filter(subject__in=people).allowing(visitor, "reviews.read_review")
    return reviews.with_state().select_related("level__edition").order_by("cycle__opening__at")


@prepared
def _last_assessments(people: list[int], visitor: Person):
    newest = (
        Review.objects.revealed()
        .allowing(visitor, "reviews.compare_review")
        .filter(subject=OuterRef("review__subject"))
        .order_by("-cycle__opening__at")
        .values("pk")[:1]
    )
    submitted = Assessment.objects.submitted().filter(
        kind=Assessment.Kind.MANAGER, review__subject__in=people, review=Subquery(newest)
    )
    return submitted.order_by().values_list("pk", "review__subject")


@prepared
def _ratings_in(assessments: list[int]):
    return Rating.objects.filter(assessment__in=assessments).values_list(
        "assessment", "competency__edition__framework", "competency__key", "point__value", "point__label"
    )
