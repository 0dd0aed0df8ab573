import django.db.models.deletion
from django.db import migrations, models

OF_ITEM = ("claim", "claimed_by", "claimed_at", "lease_until", "attempts", "failure", "done_at")


class Migration(migrations.Migration):
    dependencies = [("packets", "0003_carry_jobs")]
    operations = [
        migrations.DeleteModel("Mishap"),
        migrations.RemoveField("order", "by"),
        migrations.AlterField(
            "order",
            "job",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="jobs.job"
            ),
        ),
        *(migrations.RemoveField("exportitem", name) for name in OF_ITEM),
        migrations.AlterField(
            "exportitem",
            "job",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="export_item", to="jobs.job"
            ),
        ),
    ]
