"""What was submitted, opened, revealed or signed is closed."""

from __future__ import annotations

from competencies.trail.triggers import Refuse

HANDED_IN = "What was submitted cannot change."
OF_SUBMITTED = (
    "EXISTS (SELECT 1 FROM {table:reviews.submission} s JOIN {table:reviews.assessment} a"
    " ON a.id = s.assessment_id AND a.round = s.round WHERE a.id = {row}.assessment_id)"
)
OF_SUBMITTED_RATING = (
    "EXISTS (SELECT 1 FROM {table:reviews.submission} s JOIN {table:reviews.assessment} a"
    " ON a.id = s.assessment_id AND a.round = s.round JOIN {table:reviews.rating} r"
    " ON r.assessment_id = a.id WHERE r.id = {row}.rating_id)"
)
OF_OPENED = "EXISTS (SELECT 1 FROM {table:reviews.opening} o WHERE o.cycle_id = {row}.cycle_id)"
ALWAYS = ("insert", "update", "delete")

TRIGGERS = [
    Refuse("submission", reason=HANDED_IN),
    Refuse("rating", on=ALWAYS, when=OF_SUBMITTED, reason=HANDED_IN),
    Refuse("support", on=ALWAYS, when=OF_SUBMITTED_RATING, reason=HANDED_IN),
    Refuse("opening", reason="An opened cycle stays opened."),
    Refuse("spanning", on=ALWAYS, when=OF_OPENED, reason="An opened cycle keeps its editions."),
    Refuse("closing", reason="A closed cycle stays closed."),
    Refuse("reveal", reason="What was shared cannot be hidden again."),
    Refuse("reopening", reason="A reopening stays on record."),
    Refuse("signoff", reason="A sign-off stays on record."),
]
