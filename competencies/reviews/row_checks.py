"""Assessments as they were handed in, held against the trail, and their ratings against both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from competencies.trail.row_checks import Break, RowCheck, comparison, register, stretches

from .models import Rating, Submission, Support

if TYPE_CHECKING:
    from competencies.trail.models import Entry


Answer = tuple[str | None, str, list[int]]  # the point, the comment, the evidence


@register
class SubmissionCheck(RowCheck[Submission]):
    """What was handed in is what the trail has a digest of. Entries name the assessment."""

    label = "submissions"
    actions, redacted = ("assessment.submitted",), ("assessment.redacted",)

    def found(self, keys: Collection[str]) -> dict[str, list[Submission]]:
        rows: dict[str, list[Submission]] = {}
        for row in Submission.objects.filter(assessment__in=[*map(int, keys)]).select_related(
            "assessment__review"
        ):
            rows.setdefault(str(row.assessment_id), []).append(row)
        return rows

    def everything(self) -> QuerySet[Submission]:
        return Submission.objects.defer("snapshot")

    def key_of(self, row: Submission) -> str:
        return str(row.assessment_id)

    def is_meant(self, row: Submission, entry: Entry) -> bool:
        """Of its round; an entry from before there was one in it, of its digest."""
        details = entry.details
        return bool(row.round == details["round"] if "round" in details else row.digest == details["digest"])

    def digest_of(self, row: Submission, entry: Entry) -> str:
        return hashlib.sha256(row.snapshot.encode()).hexdigest()

    def subject_of(self, row: Submission) -> int:
        return row.assessment.review.subject_id

    def agrees(self, row: Submission, entry: Entry) -> bool:
        return entry.action in self.redacted or bool(row.digest == entry.details["digest"])


@comparison("ratings")
def ratings() -> Iterator[tuple[int, list[Break]]]:
    """Compare the ratings of each assessment that is in with what was handed in."""
    in_force = Submission.objects.filter(round=F("assessment__round")).select_related("assessment")
    for rows in stretches(in_force, size=500):
        stored = _stored([row.assessment_id for row in rows])
        found = [
            Break(None, _("ratings of assessment %(number)d were altered") % {"number": row.assessment_id})
            for row in rows
            if _handed_in(row) != stored.get(row.assessment_id, {})
        ]
        yield sum(map(len, stored.values())), found


def _handed_in(row: Submission) -> dict[str, Answer] | None:
    try:
        ratings = json.loads(row.snapshot)["ratings"]
        return {
            rating["competency"]: (
                rating["point"] and rating["point"]["key"],
                rating["comment"],
                sorted(piece["id"] for piece in rating["evidence"]),
            )
            for rating in ratings
        }
    except (ValueError, KeyError, TypeError):  # the check of submissions names it
        return None


def _stored(assessments: Sequence[int]) -> dict[int, dict[str, Answer]]:
    """Return `{assessment: {competency: (point, comment, evidence)}}`. Two queries."""
    rows = Rating.objects.filter(assessment__in=assessments).order_by()
    resting: dict[int, list[int]] = {}
    supports = Support.objects.filter(rating__assessment__in=assessments).order_by("evidence")
    for rating, evidence in supports.values_list("rating", "evidence"):
        resting.setdefault(rating, []).append(evidence)
    stored: dict[int, dict[str, Answer]] = {}
    for pk, assessment, competency, point, comment in rows.values_list(
        "pk", "assessment", "competency__key", "point__key", "comment"
    ):
        stored.setdefault(assessment, {})[competency] = (point, comment, resting.get(pk, []))
    return stored
