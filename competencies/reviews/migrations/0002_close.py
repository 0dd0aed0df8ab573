from django.db import migrations

from competencies.trail.closing import Close

HANDED_IN = "What was handed in does not move."
OF_SUBMITTED = (
    "EXISTS (SELECT 1 FROM {table:reviews.submission} s JOIN {table:reviews.assessment} a"
    " ON a.id = s.assessment_id AND a.round = s.round WHERE a.id = {row}.assessment_id)"
)
OF_SUBMITTED_RATING = (
    "EXISTS (SELECT 1 FROM {table:reviews.submission} s JOIN {table:reviews.assessment} a"
    " ON a.id = s.assessment_id AND a.round = s.round JOIN {table:reviews.rating} r"
    " ON r.assessment_id = a.id WHERE r.id = {row}.rating_id)"
)
ALWAYS = ("insert", "update", "delete")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]
    operations = [
        Close("submission", reason=HANDED_IN),
        Close("rating", on=ALWAYS, when=OF_SUBMITTED, reason=HANDED_IN),
        Close("support", on=ALWAYS, when=OF_SUBMITTED_RATING, reason=HANDED_IN),
        Close("opening", reason="An opened cycle stays opened."),
        Close("closing", reason="A closed cycle stays closed."),
        Close("reveal", reason="What was revealed cannot be hidden again."),
        Close("reopening", reason="A reopening stays on record."),
        Close("signoff", reason="A sign-off stays on record."),
    ]
