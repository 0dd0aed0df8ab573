import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("packets", "0010_exports"),
        ("promotions", "0013_close_hearings"),
    ]

    operations = [
        migrations.AddField(
            model_name="packet",
            name="hearing",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="packets",
                to="promotions.hearing",
                verbose_name="hearing",
            ),
        ),
    ]
