"""Published editions are closed, with everything that hangs on them."""

from __future__ import annotations

from competencies.trail.triggers import Refuse

PARTS = (
    "level",
    "inclusion",
    "track",
    "coverage",
    "area",
    "competency",
    "expectation",
    "behaviour",
    "skill",
    "requirement",
    "citation",
    "ratingscale",
    "scalepoint",
)
REASON = "A published edition never changes."
OF_PUBLISHED = "EXISTS (SELECT 1 FROM {table:framework.publication} p WHERE p.edition_id = {row}.edition_id)"
PUBLISHED = "EXISTS (SELECT 1 FROM {table:framework.publication} p WHERE p.edition_id = {row}.id)"

TRIGGERS = [
    *(Refuse(part, on=("insert", "update", "delete"), when=OF_PUBLISHED, reason=REASON) for part in PARTS),
    Refuse("edition", when=PUBLISHED, reason=REASON),
    Refuse("publication", reason=REASON),
    Refuse("retirement", reason="A retired edition stays retired."),
]
