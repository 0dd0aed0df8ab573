"""Assessments as they were handed in, held against the trail, and their ratings against both."""

import hashlib
import json

from django.db.models import F
from django.utils.translation import gettext as _

from competencies.trail.row_checks import Break, RowCheck, comparison, register, stretches

from .models import Rating, Submission, Support


@register
class SubmissionCheck(RowCheck):
    """What was handed in is what the trail has a digest of. Entries name the assessment."""

    label = "submissions"
    actions, redacted = ("assessment.submitted",), ("assessment.redacted",)

    def found(self, keys):
        rows = {}
        for row in Submission.objects.filter(assessment__in=keys).select_related("assessment__review"):
            rows.setdefault(str(row.assessment_id), []).append(row)
        return rows

    def everything(self):
        return Submission.objects.defer("snapshot")

    def key_of(self, row):
        return str(row.assessment_id)

    def is_meant(self, row, entry):
        """Of its round; an entry from before there was one in it, of its digest."""
        details = entry.details
        return row.round == details["round"] if "round" in details else row.digest == details["digest"]

    def digest_of(self, row, entry):
        return hashlib.sha256(row.snapshot.encode()).hexdigest()

    def subject_of(self, row):
        return row.assessment.review.subject_id

    def agrees(self, row, entry):
        return entry.action in self.redacted or row.digest == entry.details["digest"]


@comparison("ratings")
def ratings():
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


def _handed_in(row):
    try:
        said = json.loads(row.snapshot)["ratings"]
        return {
            rating["competency"]: (
                rating["point"] and rating["point"]["key"],
                rating["comment"],
                sorted(piece["id"] for piece in rating["evidence"]),
            )
            for rating in said
        }
    except (ValueError, KeyError, TypeError):  # the check of submissions names it
        return None


def _stored(assessments):
    """Return `{assessment: {competency: (point, comment, evidence)}}`. Two queries."""
    rows = Rating.objects.filter(assessment__in=assessments).order_by()
    resting = {}
    supports = Support.objects.filter(rating__assessment__in=assessments).order_by("evidence")
    for rating, evidence in supports.values_list("rating", "evidence"):
        resting.setdefault(rating, []).append(evidence)
    stored = {}
    for pk, assessment, competency, point, comment in rows.values_list(
        "pk", "assessment", "competency__key", "point__key", "comment"
    ):
        stored.setdefault(assessment, {})[competency] = (point, comment, resting.get(pk, []))
    return stored
