"""An erasure and its receipt are closed; while one goes on, closed tables let go of what people wrote."""

from __future__ import annotations

from competencies.trail.triggers import Refuse, Yield

# Somebody is being erased: the erasure promises a receipt that is not written yet. The reference is
# checked at the commit, so that this is never true of what is committed.
ERASING = (
    "EXISTS (SELECT 1 FROM {table:records.erasure} e WHERE NOT EXISTS"
    " (SELECT 1 FROM {table:records.receipt} t WHERE t.number = e.receipt_id))"
)
TEXTS = {
    "reviews.submission": ("snapshot",),
    "reviews.rating": ("comment",),
    "reviews.reopening": ("reason",),
    "promotions.statement": ("text",),
    "promotions.claim": ("text", "result"),
    "promotions.story": ("title", "context", "problem", "scope", "own_role", "decisions", "result"),
    "promotions.withdrawal": ("reason",),
    "promotions.endorsementrequest": ("name", "email", "note"),
    "promotions.endorsement": ("text",),
    "promotions.endorsementrefusal": ("reason",),
    "promotions.decision": ("rationale", "per_competency", "conditions", "feedback"),
    "promotions.ballot": ("reason", "per_competency"),
    "promotions.recusal": ("reason",),
    "promotions.remark": ("text",),
    "promotions.unmasking": ("reason",),
    "promotions.appeal": ("grounds",),
    "packets.packet": ("snapshot",),
}

TRIGGERS = [
    Refuse("erasure", reason="An erasure stays on record."),
    Refuse("receipt", reason="The receipt of an erasure stays as it was written."),
]
YIELDS = [
    *(Yield(model, columns, meanwhile=ERASING) for model, columns in TEXTS.items()),
    Yield("packets.document", on="delete", meanwhile=ERASING),
]
