from django.db import migrations

from competencies.trail.closing import Close

PROPOSED = "The text of a proposed case is closed."
OF_PROPOSED = "EXISTS (SELECT 1 FROM {table:promotions.proposal} p WHERE p.case_id = {row}.case_id)"
OF_PROPOSED_STORY = (
    "EXISTS (SELECT 1 FROM {table:promotions.proposal} p JOIN {table:promotions.story} s"
    " ON s.case_id = p.case_id WHERE s.id = {row}.story_id)"
)
ALWAYS = ("insert", "update", "delete")


class Migration(migrations.Migration):
    dependencies = [("promotions", "0001_initial")]
    operations = [
        *(
            Close(part, on=ALWAYS, when=OF_PROPOSED, reason=PROPOSED)
            for part in ("statement", "claim", "story", "exhibit")
        ),
        *(
            Close(part, on=ALWAYS, when=OF_PROPOSED_STORY, reason=PROPOSED)
            for part in ("story_competencies", "story_evidence")
        ),
        Close("proposal", reason="A proposal stays on record."),
        Close("withdrawal", reason="A withdrawal stays on record."),
        Close("decision", reason="A decision stays as it was made."),
    ]
