import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_carry_exports")]
    operations = [
        migrations.AlterModelOptions(
            "export",
            {
                "ordering": ["-pk"],
                "verbose_name": "copy of a record",
                "verbose_name_plural": "copies of records",
            },
        ),
        *(migrations.RemoveField("export", name) for name in ("by", "at", "ready_at", "mishap")),
        migrations.AlterField(
            "export",
            "job",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="record_copy", to="jobs.job"
            ),
        ),
    ]
