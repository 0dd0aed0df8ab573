"""What a draft lacks, each thing with the address at which it is mended."""

from django.urls import reverse

from competencies.promotions.checklist import advice, blocking
from competencies.promotions.contents import CaseContents


def lacking(case, reader, rows=None, contents=None):
    """Return what the case lacks, each with the address at which it is mended.

    `rows` is its readiness and `contents` what is written in it, where they were read already. The candidate
    is not told of the manager's statement, which is none of theirs.
    """
    mine = case.subject_id == reader.pk
    contents = contents or CaseContents.of(case)
    required = [gap for gap in blocking(case, contents) if not (mine and gap.place == "manager")]
    return {
        "missing": [{"words": gap.words, "url": mended_at(case, gap)} for gap in required],
        "advice": [{"words": gap.words, "url": mended_at(case, gap)} for gap in advice(case, rows, contents)],
        "mine": mine,
    }


def mended_at(case, gap):
    """Return the address at which a gap of a draft is closed."""
    here = case.get_absolute_url()
    elsewhere = {
        "claims": f"{here}#claims",
        "stories": f"{here}#stories",
        "story": gap.row and reverse("story", args=[gap.row]),
        "evidence": reverse("case_evidence", args=[case.pk]),
        "endorsements": f"{here}#endorsements",
    }
    return elsewhere.get(gap.place) or f"{here}#statement-{gap.place}"
