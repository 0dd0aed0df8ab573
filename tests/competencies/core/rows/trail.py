"""Entries of each kind: told and quiet, of oneself, about oneself, about others."""

from competencies.core.clock import today
from competencies.trail.models import record

from ..cast import DAY

QUIET = (
    "account.signed_in", "account.signed_out",
    "ballot.written", "ballot.cast", "ballots.opened", "ballot.read", "decision.read", "decision.made",
    "decision.drafted",
    "copy.read", "copy.downloaded", "hearing.read", "hearing.unmasked", "hearing.called", "member.recused",
    "remark.made", "assessment.redacted", "ballot.redacted", "decision.redacted", "endorsement.redacted",
    "case.opened", "case.described", "case.dropped", "case.evidence_chosen", "case.stories_arranged",
    "claim.added", "claim.rewritten", "claim.removed",
    "draft.frozen", "draft.ordered", "draft.typeset", "draft.failed", "draft.downloaded", "draft.redacted",
    "endorsement.asked", "endorsement.requested", "endorsement.recalled",
    "endorsement.given", "endorsement.declined",
    "letter.undelivered",
    "rating.saved", "statement.written", "story.added", "story.rewritten", "story.removed",
)  # fmt: skip

BETWEEN = ("case.shared", "case.unshared")

DATED = (
    "person.left", "person.rejoined", "person.moved", "person.placed",
    "person.move_called_off", "person.placing_called_off",
)  # fmt: skip


def make_entries(people):
    def entry(action, by, about, **details):
        told = {"by": people.get(by), "about": people.get(about)}
        return record(action, people["lena"], **told, **details)

    told = {
        "case.proposed": ("mara", "lena"),
        "role.granted": ("hugo", "hana"),
        "evidence.logged": ("lena", "lena"),
        "edition.published": ("aude", None),
        "company.loaded": (None, None),
    }
    quiet = dict.fromkeys(QUIET, ("mara", "lena"))
    entries = {action: entry(action, *who) for action, who in (told | quiet).items()}
    tomorrow = (today() + DAY).isoformat()
    entries |= {f"{action} ahead": entry(action, "hugo", "lena", on=tomorrow) for action in DATED}
    return entries | {
        "case.opened of HR": entry("case.opened", "dora", "hana"),
        **{action: entry(action, "mara", "lena") for action in BETWEEN},
        "case.shared of HR": entry("case.shared", "dora", "hana"),
        "person.moved today": entry("person.moved", "hugo", "lena", on=today().isoformat()),
        "person.moved of HR ahead": entry("person.moved", "hugo", "hana", on=tomorrow),
        "person.placed, no day told": entry("person.placed", "hugo", "lena", level="staff"),
        "person.described": entry("person.described", "hugo", "lena", fields=["name"]),
        "case.proposed, a day told": entry("case.proposed", "mara", "lena", on=tomorrow),
    }
