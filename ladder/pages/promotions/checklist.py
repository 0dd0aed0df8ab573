"""What a draft lacks, each thing with the address at which it is mended, and its outline with ticks."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competencies.promotions.checklist import advice, blocking
from competencies.promotions.contents import CaseContents

PARTS = {
    "ask": _("Summary"),
    "claims": _("Claims"),
    "stories": _("Impact stories"),
    "evidence": _("Evidence"),
    "scope": _("Scope and influence"),
    "gaps": _("Gaps and risks"),
    "need": _("Business need"),
    "manager": _("Manager’s statement"),
    "endorsements": _("Endorsements"),
}
ANCHORS = {place: f"#{place}" for place in ("claims", "stories", "evidence", "endorsements")}


def lacking(case, reader, rows=None, contents=None):
    """Return what the case lacks, each with the address at which it is mended.

    `rows` is its readiness and `contents` what is written in it, where they were read already. The candidate
    is not told of the manager's statement, which is none of theirs. `outline` is its parts, in the order of
    the page, each `ready`, `missing` something, or `optional`.
    """
    mine = case.subject_id == reader.pk
    contents = contents or CaseContents.of(case)
    required = [gap for gap in blocking(case, contents) if not (mine and gap.place == "manager")]
    return {
        "missing": [{"words": gap.words, "url": mended_at(case, gap)} for gap in required],
        "advice": [{"words": gap.words, "url": mended_at(case, gap)} for gap in advice(case, rows, contents)],
        "outline": _outline(case, required, contents, mine=mine),
        "mine": mine,
    }


def _outline(case, gaps, contents, *, mine):
    """Return the parts of a draft, each with its address, its state, and what is missing in it."""
    missing: dict[str, list[str]] = {}
    for gap in gaps:
        missing.setdefault(gap.place, []).append(gap.words)
    empty = {
        "scope": not contents.texts.get("scope"),
        "need": not contents.texts.get("need"),
        "endorsements": not contents.endorsed_from_outside,
    }
    return [
        {
            "title": title,
            "url": f"{case.get_absolute_url()}{ANCHORS.get(place, f'#statement-{place}')}",
            "state": "missing" if place in missing else "optional" if empty.get(place) else "ready",
            "missing": missing.get(place, []),
        }
        for place, title in PARTS.items()
        if not (mine and place == "manager")
    ]


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
