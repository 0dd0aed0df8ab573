from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_spanning")]
    operations = [
        migrations.RemoveField("cycle", "edition"),
        migrations.AddField(
            "cycle",
            "editions",
            models.ManyToManyField(
                related_name="cycles",
                through="reviews.Spanning",
                to="framework.edition",
                verbose_name="editions",
            ),
        ),
    ]
