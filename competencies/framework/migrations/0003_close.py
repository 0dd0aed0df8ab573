from django.db import migrations

from competencies.trail.closing import Close

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


class Migration(migrations.Migration):
    dependencies = [("framework", "0002_people")]
    operations = [
        *(Close(part, on=("insert", "update", "delete"), when=OF_PUBLISHED, reason=REASON) for part in PARTS),
        Close("edition", when=PUBLISHED, reason=REASON),
        Close("publication", reason=REASON),
        Close("retirement", reason="A retired edition stays retired."),
    ]
