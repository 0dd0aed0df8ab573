from django.db import migrations, models

from competencies.trail.closing import Yield

# As in the migration of the records that says so first; here anew, so that it holds for the code too.
ERASING = (
    "EXISTS (SELECT 1 FROM {table:records.erasure} e WHERE NOT EXISTS"
    " (SELECT 1 FROM {table:records.receipt} t WHERE t.number = e.receipt_id))"
)


class Migration(migrations.Migration):
    # A column that may be empty and an index with a condition leave the table of SQLite, and so its
    # triggers, as they are.
    dependencies = [("packets", "0003_orders"), ("records", "0002_close")]
    operations = [
        migrations.AlterField(
            model_name="packet",
            name="variant",
            field=models.CharField(
                choices=[
                    ("committee", "Committee copy"),
                    ("candidate", "Candidate copy"),
                    ("masked", "Masked copy"),
                    ("archive", "Archive copy"),
                ],
                max_length=20,
                verbose_name="variant",
            ),
        ),
        migrations.AddField(
            model_name="packet",
            name="code",
            field=models.CharField(editable=False, max_length=16, null=True),
        ),
        migrations.AddConstraint(
            model_name="packet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code__isnull", False)),
                fields=("code",),
                name="packets_one_packet_per_code",
            ),
        ),
        Yield(
            "packets.packet",
            on="update",
            reason="A frozen packet never changes.",
            to=ERASING,
            columns=("snapshot",),
        ),
    ]
