"""A manager's team at a glance: who stands where, what is open, and the heat-map of the last reviews."""

from dataclasses import dataclass

from django.db.models import Max, OuterRef, Subquery
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competencies.access.clock import today
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency, Edition
from competencies.people.models import Person
from competencies.reviews.models import Assessment, Rating, Review

from .standing import standing

LONGEST = 200


@dataclass
class Member:
    """One report: standing, latest review, evidence, and the manager's last ratings by competency key."""

    person: Person
    placement: object
    review: Review | None
    latest_evidence: object
    ratings: dict

    @property
    def quiet(self):
        """Whether nothing was written down for five weeks."""
        return self.latest_evidence is None or (today() - self.latest_evidence).days > 35


@require_safe
def team(request):
    people = request.user.reports().active().annotate(latest_evidence=latest_evidence())[:LONGEST]
    edition = Edition.objects.in_force()
    competencies = list(Competency.objects.filter(edition=edition).select_related("area")) if edition else []
    members = members_of(people, request.user)
    context = {
        "members": members,
        "competencies": competencies,
        "heat": [
            {"member": member, "cells": [member.ratings.get(competency.key) for competency in competencies]}
            for member in members
        ],
        "any_rated": any(member.ratings for member in members),
        "points": edition.scale.points.all() if edition else [],
    }
    return render(request, "people/team.html", context)


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
    rows = standing(people)
    latest = {}
    reviews = Review.objects.filter(subject__in=[row["person"] for row in rows]).allowing(
        visitor, "reviews.read_review"
    )
    for review in reviews.with_state().order_by("cycle__opening__at"):
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
    """Return the manager's ratings of each person's newest revealed review: `{person: {key: Rating}}`."""
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
    found = {}
    for rating in Rating.objects.filter(assessment__in=assessments).select_related(
        "point", "competency", "assessment__review"
    ):
        found.setdefault(rating.assessment.review.subject_id, {})[rating.competency.key] = rating
    return found
