import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("packets", "0001_squashed"), ("jobs", "0001_initial")]
    operations = [
        migrations.AddField(
            "order",
            "job",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="jobs.job"
            ),
        ),
        migrations.AlterField(
            "order",
            "by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint("exportitem", "packets_one_item_per_case_of_an_export"),
        migrations.RemoveConstraint("exportitem", "packets_a_done_item_has_its_packet"),
        migrations.RenameField("exportitem", "job", "export"),
        migrations.AddConstraint(
            "exportitem",
            models.UniqueConstraint(fields=["export", "case"], name="packets_one_item_per_case_of_an_export"),
        ),
        migrations.AddField(
            "exportitem",
            "job",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="export_item",
                to="jobs.job",
            ),
        ),
    ]
