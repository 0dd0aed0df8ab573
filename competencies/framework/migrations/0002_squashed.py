import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from competencies.core.migrating import complete


class Migration(migrations.Migration):
    replaces = [
        ("framework", "0002_people"),
        ("framework", "0003_close"),
        ("framework", "0004_titles_differ"),
        ("framework", "0005_titles_of_200_characters"),
    ]

    initial = True

    dependencies = [
        ("framework", "0001_squashed"),
        ("people", "0001_squashed"),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="retirement",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
