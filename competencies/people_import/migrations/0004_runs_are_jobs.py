import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people_import", "0003_carry_runs")]
    operations = [
        *(migrations.RemoveField("run", name) for name in ("by", "at", "ended_at", "problem")),
        migrations.AlterField(
            "run",
            "job",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="import_run", to="jobs.job"
            ),
        ),
    ]
