from importlib import import_module

from django.db import migrations

texts = import_module("competencies.personal_data.migrations.0002_close").texts

STAYS = "What a hearing said stays as it was said."
CAST = "EXISTS (SELECT 1 FROM {table:promotions.casting} c WHERE c.ballot_id = {row}.id)"


class Migration(migrations.Migration):
    dependencies = [("records", "0002_close"), ("promotions", "0013_close_hearings")]
    operations = [
        texts(
            "promotions.decision",
            *("rationale", "per_competency", "conditions", "feedback"),
            reason="A decision stays as it was made.",
        ),
        texts(
            "promotions.ballot",
            *("reason", "per_competency"),
            reason="A ballot that was cast stays as it is.",
            when=CAST,
        ),
        texts("promotions.recusal", "reason", reason=STAYS),
        texts("promotions.remark", "text", reason=STAYS),
        texts("promotions.unmasking", "reason", reason=STAYS),
        texts("promotions.appeal", "grounds", reason=STAYS),
    ]
