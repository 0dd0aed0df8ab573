"""A proposed case, its endorsements and its hearings are closed."""

from __future__ import annotations

from competencies.trail.triggers import Refuse

from . import hearing_triggers

ALWAYS = ("insert", "update", "delete")
PROPOSED = "The text of a proposed case is closed."
OF_PROPOSED = "EXISTS (SELECT 1 FROM {table:promotions.proposal} p WHERE p.case_id = {row}.case_id)"
OF_PROPOSED_STORY = (
    "EXISTS (SELECT 1 FROM {table:promotions.proposal} p JOIN {table:promotions.story} s"
    " ON s.case_id = p.case_id WHERE s.id = {row}.story_id)"
)
OVER = "This request is answered, declined or recalled already."


def _came_of(table: str, row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {{table:promotions.{table}}} o WHERE o.request_id = {row})"


def _answered_otherwise(than: str) -> str:
    others = (table for table in ANSWERS if table != than)
    return " OR ".join(_came_of(table, "{row}.request_id") for table in others)


ANSWERS = ("endorsement", "endorsementrefusal", "endorsementrecall")
OF_ANSWERED = " OR ".join(_came_of(table, "{row}.id") for table in ANSWERS)

TRIGGERS = [
    *(
        Refuse(part, on=ALWAYS, when=OF_PROPOSED, reason=PROPOSED)
        for part in ("statement", "claim", "story", "exhibit", "sharing")
    ),
    *(
        Refuse(part, on=ALWAYS, when=OF_PROPOSED_STORY, reason=PROPOSED)
        for part in ("story_competencies", "story_evidence")
    ),
    Refuse("proposal", reason="A proposal stays on record."),
    Refuse("withdrawal", reason="A withdrawal stays on record."),
    Refuse("endorsementrequest", when=OF_ANSWERED, reason="An answered request stays as it is."),
    Refuse("endorsementletter", on=("update",), reason="A letter that went out stays on record."),
    Refuse("endorsement", reason="An endorsement stays as it was sent."),
    Refuse("endorsementrefusal", reason="A refusal stays on record."),
    Refuse("endorsementrecall", reason="A withdrawn request stays on record."),
    *(Refuse(answer, on=("insert",), when=_answered_otherwise(answer), reason=OVER) for answer in ANSWERS),
    *hearing_triggers.TRIGGERS,
]
