from django.db import migrations

from competencies.trail.closing import Close, Yield

PROPOSED = "The text of a proposed case is closed."
OF_PROPOSED = "EXISTS (SELECT 1 FROM {table:promotions.proposal} p WHERE p.case_id = {row}.case_id)"
ERASING = (  # as in records.0002_close: true only inside the transaction of an erasure
    "EXISTS (SELECT 1 FROM {table:records.erasure} e WHERE NOT EXISTS"
    " (SELECT 1 FROM {table:records.receipt} t WHERE t.number = e.receipt_id))"
)
STORY = ("title", "context", "problem", "scope", "own_role", "decisions", "result")
SENT = "An endorsement stays as it was sent."
DECLINED = "A refusal stays on record."
ANSWERED = "An answered request stays as it is."
OVER = "This request is answered, declined or recalled already."


def came_of(table, row):
    return f"EXISTS (SELECT 1 FROM {{table:promotions.{table}}} o WHERE o.request_id = {row})"


def others(*tables):
    return " OR ".join(came_of(table, "{row}.request_id") for table in tables)


OF_ANSWERED = " OR ".join(
    came_of(table, "{row}.id") for table in ("endorsement", "endorsementrefusal", "endorsementrecall")
)


def texts(model, *columns, reason, when=""):
    return Yield(model, on="update", when=when, reason=reason, to=ERASING, columns=columns)


class Migration(migrations.Migration):
    dependencies = [("promotions", "0003_writing_together"), ("records", "0002_close")]
    operations = [
        # again, so that the new columns are among those that stay closed to an erasure
        texts("promotions.statement", "text", reason=PROPOSED, when=OF_PROPOSED),
        texts("promotions.claim", "text", "result", reason=PROPOSED, when=OF_PROPOSED),
        texts("promotions.story", *STORY, reason=PROPOSED, when=OF_PROPOSED),
        Close("sharing", on=("insert", "update", "delete"), when=OF_PROPOSED, reason=PROPOSED),
        Close("endorsementrequest", when=OF_ANSWERED, reason=ANSWERED),
        Close("endorsementletter", on=("update",), reason="A letter that went out stays on record."),
        Close("endorsement", reason=SENT),
        Close(
            "endorsement", on=("insert",), when=others("endorsementrefusal", "endorsementrecall"), reason=OVER
        ),
        Close("endorsementrefusal", reason=DECLINED),
        Close(
            "endorsementrefusal", on=("insert",), when=others("endorsement", "endorsementrecall"), reason=OVER
        ),
        Close("endorsementrecall", reason="A request that was taken back stays so."),
        Close(
            "endorsementrecall", on=("insert",), when=others("endorsement", "endorsementrefusal"), reason=OVER
        ),
        texts("promotions.endorsementrequest", "name", "email", "note", reason=ANSWERED, when=OF_ANSWERED),
        texts("promotions.endorsement", "text", reason=SENT),
        texts("promotions.endorsementrefusal", "reason", reason=DECLINED),
    ]
