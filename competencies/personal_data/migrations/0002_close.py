from django.db import migrations

from competencies.trail.closing import Close, Yield

# Somebody is being erased: the erasure promises a receipt that is not written yet. The reference is
# checked at the commit, so that this is never true of what is committed.
ERASING = (
    "EXISTS (SELECT 1 FROM {table:records.erasure} e WHERE NOT EXISTS"
    " (SELECT 1 FROM {table:records.receipt} t WHERE t.number = e.receipt_id))"
)

HANDED_IN = "What was handed in does not move."
OF_SUBMITTED = (
    "EXISTS (SELECT 1 FROM {table:reviews.submission} s JOIN {table:reviews.assessment} a"
    " ON a.id = s.assessment_id AND a.round = s.round WHERE a.id = {row}.assessment_id)"
)
PROPOSED = "The text of a proposed case is closed."
OF_PROPOSED = "EXISTS (SELECT 1 FROM {table:promotions.proposal} p WHERE p.case_id = {row}.case_id)"
STORY = ("title", "context", "problem", "scope", "own_role", "decisions", "result")


def texts(model, *columns, reason, when=""):
    return Yield(model, on="update", when=when, reason=reason, to=ERASING, columns=columns)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        ("reviews", "0002_close"),
        ("promotions", "0002_close"),
        ("packets", "0003_orders"),
    ]
    operations = [
        Close("erasure", reason="An erasure stays on record."),
        Close("receipt", reason="The receipt of an erasure stays as it was written."),
        texts("reviews.submission", "snapshot", reason=HANDED_IN),
        texts("reviews.rating", "comment", reason=HANDED_IN, when=OF_SUBMITTED),
        texts("reviews.reopening", "reason", reason="A reopening stays on record."),
        texts("promotions.statement", "text", reason=PROPOSED, when=OF_PROPOSED),
        texts("promotions.claim", "text", "result", reason=PROPOSED, when=OF_PROPOSED),
        texts("promotions.story", *STORY, reason=PROPOSED, when=OF_PROPOSED),
        texts("promotions.withdrawal", "reason", reason="A withdrawal stays on record."),
        texts("promotions.decision", "rationale", "feedback", reason="A decision stays as it was made."),
        texts("packets.packet", "snapshot", reason="A frozen packet never changes."),
        Yield(
            "packets.typesetting",
            on="delete",
            reason="The document of a packet never changes.",
            to=ERASING,
        ),
    ]
