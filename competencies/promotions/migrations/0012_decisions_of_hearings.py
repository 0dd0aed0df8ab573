import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promotions", "0011_carry_decisions")]
    operations = [
        migrations.AlterField(
            model_name="decision",
            name="hearing",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="promotions.hearing",
            ),
        ),
        migrations.RemoveField(model_name="decision", name="case"),
    ]
