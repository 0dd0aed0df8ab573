import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people_import", "0001_squashed"), ("jobs", "0001_initial")]
    operations = [
        migrations.AddField(
            "run",
            "job",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="import_run",
                to="jobs.job",
            ),
        ),
        migrations.AlterField(
            "run",
            "by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
