from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index is added beside a closed table, which keeps its triggers: nothing is built anew."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("trail", "0002_close"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["at", "sequence"], name="trail_entry_time"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["actor", "at", "sequence"], name="trail_entry_actor"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["about", "at", "sequence"], name="trail_entry_about"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["action", "at", "sequence"], name="trail_entry_action"),
        ),
    ]
