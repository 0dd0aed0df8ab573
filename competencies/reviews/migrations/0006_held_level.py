import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The level held is called so in the code; its column keeps the name that it has."""

    dependencies = [
        ("reviews", "0005_editions_of_cycles"),
    ]

    operations = [
        migrations.AlterField(
            model_name="review",
            name="standing",
            field=models.ForeignKey(
                db_column="standing_id",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="framework.level",
                verbose_name="level held",
            ),
        ),
        migrations.RenameField(model_name="review", old_name="standing", new_name="held_level"),
    ]
