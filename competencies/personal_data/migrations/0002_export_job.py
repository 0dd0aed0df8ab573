import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0001_squashed"), ("jobs", "0001_initial")]
    operations = [
        migrations.AddField(
            "export",
            "job",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="record_copy",
                to="jobs.job",
            ),
        ),
        migrations.AlterField(
            "export",
            "by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
