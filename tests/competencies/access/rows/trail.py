"""Entries of each kind: told and quiet, of oneself, about oneself, about others."""

from competencies.trail.models import record

QUIET = (
    "account.signed_in", "account.signed_out",
    "case.opened", "case.dropped", "case.evidence_chosen", "case.stories_arranged",
    "claim.added", "claim.rewritten", "claim.removed",
    "draft.frozen", "draft.ordered", "draft.typeset", "draft.failed", "draft.downloaded", "draft.redacted",
    "rating.saved", "statement.written", "story.added", "story.rewritten", "story.removed",
)  # fmt: skip


def make_entries(people):
    def entry(action, by, about):
        told = {"by": people.get(by), "about": people.get(about)}
        return record(action, people["lena"], **told)

    told = {
        "case.proposed": ("mara", "lena"),
        "role.granted": ("hugo", "hana"),
        "evidence.logged": ("lena", "lena"),
        "edition.published": ("aude", None),
        "company.loaded": (None, None),
    }
    quiet = dict.fromkeys(QUIET, ("mara", "lena"))
    entries = {action: entry(action, *who) for action, who in (told | quiet).items()}
    return entries | {"case.opened of HR": entry("case.opened", "dora", "hana")}
